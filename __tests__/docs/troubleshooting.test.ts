// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of the sources
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { toldBy } from '../../scripts/messages/read.ts';
import { allMessages, messagesPage } from '../../scripts/messages.ts';

const root = new URL('../..', import.meta.url).pathname;
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const all = allMessages(root);

describe('docs/messages.md', () => {
  it('holds every message of the sources', () => {
    expect(all.length).toBeGreaterThan(700);
    expect(page('messages.md')).toBe(messagesPage(root));
  });
});

describe('docs/troubleshooting.md', () => {
  const headings = [...page('troubleshooting.md').matchAll(/^### `(.*)`$/gm)].map(([, text = '']) => text);

  it('has an entry for those that need one', () => {
    expect(headings.length).toBeGreaterThan(20);
    expect(new Set(headings).size).toBe(headings.length);
  });

  it.each(headings)('%s is what the code says', (heading) => {
    expect(all.filter(({ text }) => text.includes(heading)).length).toBeGreaterThan(0);
  });
});

describe('a message', () => {
  it.each<[string, string, readonly unknown[]]>([
    [
      'a sentence of an error',
      "throw new UserError('There is no such file here.');",
      [{ text: 'There is no such file here.' }],
    ],
    ['one with gaps', 'const a = `The file ${name} is not there.`;', [{ text: 'The file … is not there.' }]],
    [
      'one inside another, which stands for itself too',
      "const a = `It is bad, says ${who}. ${b ? 'Mend it as soon as possible.' : ''}`;",
      [{ text: 'It is bad, says …. …' }, { text: 'Mend it as soon as possible.' }],
    ],
    ['a sum of texts', "const a = 'It is ' + 'not there yet.' + more;", [{ text: 'It is not there yet.' }]],
    [
      'one with the rule of its call',
      "faults.add('image-name', 'image', 'is no image name at all.');",
      [{ text: 'is no image name at all.', rule: 'image-name' }],
    ],
    [
      'one with the rule of its object',
      "const a = { rule: 'positive', message: 'has to be above 0, always.' };",
      [{ text: 'has to be above 0, always.', rule: 'positive' }],
    ],
    ['no key, name or part of a sentence', "const a = ['job-name', 'a few words only', `${a} of ${b}`];", []],
    ['no comment', '// This is not told to anyone.\nconst a = 1;', []],
  ])('%s', (_name, source, expected) => {
    expect(toldBy(source).messages).toEqual(expected.map((each) => ({ rule: undefined, ...(each as object) })));
  });
});

it.each<[string, string, string[]]>([
  ['of an object, whatever its message is', "const a = { rule: 'gate-form', message };", ['gate-form']],
  ['of a call that tells a fault', "faults.reject('region', 'region', value, MEND);", ['region']],
  ['and no other name', "load('some-file', 'and more');", []],
])('a rule is known: %s', (_name, source, expected) => {
  expect(toldBy(source).rules).toEqual(expected);
});
