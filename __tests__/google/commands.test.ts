import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  command,
  enableCommand,
  grantOnAccount,
  grantOnBucket,
  grantOnKey,
  grantOnProject,
  projectFlag,
  shellWord,
} from '../../src/google/commands.ts';

describe('a word', () => {
  test.each([
    { text: 'my-project', word: 'my-project' },
    { text: 'serviceAccount:a@b.iam.gserviceaccount.com', word: 'serviceAccount:a@b.iam.gserviceaccount.com' },
    { text: '--role=roles/browser', word: '--role=roles/browser' },
    { text: '', word: "''" },
    { text: 'a b', word: "'a b'" },
    { text: '$(reboot)', word: "'$(reboot)'" },
    { text: '--format=value(email)', word: "'--format=value(email)'" },
    { text: 'a;b&c|d>e', word: "'a;b&c|d>e'" },
    { text: "it's", word: "$'it\\047s'" },
    { text: '`id`', word: "$'\\140id\\140'" },
    { text: 'a\\b', word: "$'a\\134b'" },
    { text: 'a\nb', word: "$'a\\012b'" },
    { text: 'é', word: "$'\\303\\251'" },
    { text: '~', word: "'~'" },
    { text: '*', word: "'*'" },
  ])('$text is $word', ({ text, word }) => {
    expect(shellWord(text)).toBe(word);
  });

  test('is one line, and ends no code between backquotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(shellWord(text)).toMatch(/^[ -_a-~]+$/);
      }),
    );
  });

  test('is to bash what it was', () => {
    const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('\0'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (texts) => {
        const script = `printf '%s\\0' ${texts.map(shellWord).join(' ')}`;
        const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1)).toEqual(texts);
      }),
      { numRuns: 30 },
    );
  });
});

test('a command is told between backquotes, each word as one', () => {
  expect(command('gcloud services enable', 'a b', '--project=p')).toBe("`gcloud services enable 'a b' --project=p`");
});

test.each([
  {
    name: 'on a project',
    told: grantOnProject('my-project', 'roles/browser', 'user:a@b.c'),
    words:
      '`gcloud projects add-iam-policy-binding my-project --role=roles/browser --member=user:a@b.c --condition=None`',
  },
  {
    name: 'on an account',
    told: grantOnAccount('a@p.iam.gserviceaccount.com', 'roles/x', 'MEMBER'),
    words:
      '`gcloud iam service-accounts add-iam-policy-binding projects/p/serviceAccounts/a@p.iam.gserviceaccount.com --role=roles/x --member=MEMBER --condition=None`',
  },
  {
    name: 'on an account of an unknown project',
    told: grantOnAccount('123456', 'roles/x', 'MEMBER'),
    words:
      '`gcloud iam service-accounts add-iam-policy-binding projects/-/serviceAccounts/123456 --role=roles/x --member=MEMBER --condition=None`',
  },
  {
    name: 'on a bucket',
    told: grantOnBucket('b', 'roles/x', 'MEMBER'),
    words: '`gcloud storage buckets add-iam-policy-binding gs://b --role=roles/x --member=MEMBER --condition=None`',
  },
  {
    name: 'on a key',
    told: grantOnKey('projects/p/locations/l/keyRings/r/cryptoKeys/a k', 'roles/x', 'MEMBER'),
    words:
      "`gcloud kms keys add-iam-policy-binding 'projects/p/locations/l/keyRings/r/cryptoKeys/a k' --role=roles/x --member=MEMBER --condition=None`",
  },
  {
    name: 'to use an API',
    told: enableCommand('iam.googleapis.com', 'p'),
    words: '`gcloud services enable iam.googleapis.com --project=p`',
  },
])('a grant $name', ({ told, words }) => {
  expect(told).toBe(words);
});

describe('a project for gcloud, which takes no number', () => {
  const KNOWN = { id: 'my-project', number: '42', state: 'ACTIVE' };

  test.each([
    { project: 'my-project', known: undefined, flag: '--project=my-project', hint: '' },
    { project: '42', known: KNOWN, flag: '--project=my-project', hint: '' },
    {
      project: '43',
      known: KNOWN,
      flag: '--project=PROJECT_ID',
      hint: " PROJECT_ID is told by `gcloud projects describe 43 '--format=value(projectId)'`.",
    },
    {
      project: '42',
      known: undefined,
      flag: '--project=PROJECT_ID',
      hint: " PROJECT_ID is told by `gcloud projects describe 42 '--format=value(projectId)'`.",
    },
  ])('$project is $flag', ({ project, known, flag, hint }) => {
    expect(projectFlag(project, known)).toEqual({ flag, hint });
  });
});
