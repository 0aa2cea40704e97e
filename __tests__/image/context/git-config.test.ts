import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutCredentials, withoutUserInfo } from '../../../src/image/context/git-config.ts';
import { tempFolders } from '../../ground/temp-folder.ts';

const newFolder = tempFolders();

/** The variables as git itself reads them: `name=value`, one for each. */
function listed(config: string): readonly string[] {
  const file = join(newFolder(), 'config');
  writeFileSync(file, config);
  const text = execFileSync('git', ['config', '--no-includes', '--file', file, '--list', '--null'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.replace('\n', '='));
}

function isTaken(config: string): boolean {
  try {
    listed(config);
    return true;
  } catch {
    return false;
  }
}

const HARMLESS = `; a comment
[core]
	repositoryformatversion = 0
	bare = false   # and another
[remote "origin"] url = https://github.com/o/r
	fetch = +refs/heads/*:refs/remotes/origin/*
[Branch "a\\\\b \\"c\\""]
	remote=origin
	merge = "refs/heads/ x ; # "
	description = one \\
  two\\tthree \\"four\\" \\\\
[branch.Old]
	remote = o
[empty]
[flag]
	yes
	no = false
	other	=
	twice = 1
	twice = 2
[remote "ssh"]
	url = ssh://git@github.com/o/r.git
	url = git@github.com:o/r.git
`;

test('keeps everything else, as git reads it', () => {
  expect(listed(withoutCredentials(HARMLESS))).toEqual(listed(HARMLESS));
  expect(listed(withoutCredentials(HARMLESS.replaceAll('\n', '\r\n')))).toEqual(
    listed(HARMLESS.replaceAll('\n', '\r\n')),
  );
});

test('reads any configuration as git does, or refuses it', () => {
  const pieces = [
    '[a]',
    '[a "b"]',
    '[a "\\"\\\\"]',
    '[a.B]',
    '\n',
    '\n',
    '\n',
    '\t',
    ' ',
    'c = ',
    'D=',
    'e',
    '"',
    '\\',
    '\\"',
    '\\n',
    '#',
    ';',
    'x',
  ].concat(['y z', '\r\n', '\\\n', 'é', '[', ']', '-', '=']);
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => `[a]\n${parts.join('')}`);
  fc.assert(
    fc.property(text, (config) => {
      const rewritten = (() => {
        try {
          return withoutCredentials(Buffer.from(config).toString('latin1'));
        } catch {
          return undefined;
        }
      })();
      fc.pre(rewritten !== undefined && isTaken(config));
      // Older versions of git take any white space outside of quotes for a blank.
      const blanks = (lines: readonly string[]) => lines.map((line) => line.replace(/\s/g, ' '));
      expect(blanks(listed(Buffer.from(rewritten ?? '', 'latin1').toString()))).toEqual(blanks(listed(config)));
    }),
    { numRuns: 150 },
  );
}, 60_000);

describe('takes out', () => {
  test.each([
    {
      name: 'the header that actions/checkout 4 and 5 leave',
      config: '[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic SECRET\n',
    },
    { name: 'a header in the old way of writing', config: '[http.github.com]\n extraHeader = SECRET\n' },
    { name: 'a header for all', config: '[http]\n\tEXTRAHEADER = "SECRET"\n' },
    { name: 'a header on the line of its section', config: '[http] extraheader = SECRET\n' },
    { name: 'a header over several lines', config: '[http]\n\textraheader = AUTHORIZATION: \\\n  basic SECRET\n' },
    {
      name: 'the include that actions/checkout 6 and 7 leave',
      config: '[includeIf "gitdir:/w/.git"]\n\tpath = /runner/_temp/git-credentials-SECRET.config\n',
    },
    { name: 'any include', config: '[include]\n\tpath = SECRET\n' },
    { name: 'a helper', config: '[credential]\n\thelper = "!f() { echo password=SECRET; }; f"\n' },
    { name: 'a helper of a host', config: '[credential "https://github.com"]\n\tusername = SECRET\n' },
    { name: 'the key of actions/checkout', config: '[core]\n\tsshCommand = ssh -i /runner/_temp/SECRET\n' },
    {
      name: 'another URL with a password',
      config: '[url "https://x:SECRET@github.com/"]\n\tinsteadOf = https://github.com/\n',
    },
    { name: 'a password for mail', config: '[sendemail]\n\tsmtpPass = SECRET\n' },
    { name: 'a token', config: '[github]\n\toauth-token = SECRET\n' },
    { name: 'a comment', config: '[core] ; SECRET\n# SECRET\n' },
  ])('$name', ({ config }) => {
    const kept = '[core]\n\tbare = false\n';
    expect(config).toContain('SECRET');
    for (const text of [config + kept, kept + config, kept + config.replace(/\n$/, '')]) {
      expect(withoutCredentials(text)).not.toContain('SECRET');
      expect(listed(withoutCredentials(text))).toEqual(['core.bare=false']);
    }
  });

  test.each([
    { name: 'a token', url: 'https://SECRET@github.com/o/r', left: 'https://github.com/o/r' },
    { name: 'a password', url: 'https://me:SECRET@github.com/o/r', left: 'https://github.com/o/r' },
    { name: 'a password with an at sign', url: 'http://me:SECR@SECRET@host/o', left: 'http://host/o' },
    { name: 'a password over ssh', url: 'ssh://git:SECRET@host/o', left: 'ssh://git@host/o' },
  ])('$name in a URL', ({ url, left }) => {
    for (const name of ['url', 'pushurl', 'proxy']) {
      const text = `[remote "origin"]\n\t${name} = ${url}\n`;
      expect(listed(withoutCredentials(text))).toEqual([`remote.origin.${name}=${left}`]);
    }
  });
});

test.each([
  { name: 'a quote that is not closed', config: '[a]\n\tb = "c\n' },
  { name: 'an unknown escape', config: '[a]\n\tb = \\x\n' },
  { name: 'a section that is not closed', config: '[a\n' },
])('$name is refused, as git refuses it', ({ config }) => {
  expect(() => listed(config)).toThrow();
  expect(() => withoutCredentials(config)).toThrow(/^line [12] /);
});

test.each(['SECRET\n', 'a = b\n[c]\n'])(
  'a variable of no section is refused, which git merely never uses: %j',
  (config) => {
    expect(() => withoutCredentials(config)).toThrow('line 1 is no git configuration');
  },
);

test.each([
  {
    text: '0a 1b Me <me@x.org> 1 +0000\tclone: from https://t@github.com/o/r',
    left: 'Me <me@x.org> 1 +0000\tclone: from https://github.com/o/r',
  },
  { text: 'not https://github.com/o/r@v1', left: 'not https://github.com/o/r@v1' },
])('a record is left its text: $text', ({ text, left }) => {
  expect(withoutUserInfo(text)).toContain(left);
});
