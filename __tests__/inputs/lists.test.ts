import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Faults } from '../../src/inputs/collect.ts';
import { parseList } from '../../src/inputs/collections.ts';
import { faultsOf, inputsOf } from './given.ts';

describe('a list', () => {
  test.each<{ name: string; args: string; items: string[] }>([
    { name: 'nothing', args: '', items: [] },
    { name: 'white space', args: ' \n ', items: [] },
    { name: 'one line', args: '--epochs=3', items: ['--epochs=3'] },
    { name: 'lines', args: '--a=1\n\n  --b=2\r\n--c', items: ['--a=1', '--b=2', '--c'] },
    { name: 'a line is not split at spaces', args: '--name=a b  c', items: ['--name=a b  c'] },
    { name: 'a line is not split at commas', args: '--list=1,2,3', items: ['--list=1,2,3'] },
    { name: 'quotes of a line stay', args: `--q="a b" 'c'`, items: [`--q="a b" 'c'`] },
    { name: 'a # of a line stays', args: '--color=#fff # all', items: ['--color=#fff # all'] },
    { name: 'a colon of a line stays', args: 'a: b', items: ['a: b'] },
    { name: 'a lone hyphen is an item', args: '-', items: ['-'] },
    { name: 'a hyphen before a word is no sequence', args: '-v\n-q', items: ['-v', '-q'] },
    { name: 'a flow sequence', args: '[--a, "b, c", \'d e\']', items: ['--a', 'b, c', 'd e'] },
    { name: 'a block sequence', args: '- --a\n- b c\n- "d"', items: ['--a', 'b c', 'd'] },
    { name: 'an indented block sequence', args: '  - a\n  - b', items: ['a', 'b'] },
    { name: 'a block text', args: '- |\n  a\n  b\n- c', items: ['a\nb\n', 'c'] },
    { name: 'an empty sequence', args: '[]', items: [] },
    { name: 'an empty text', args: '[\'\', ""]', items: ['', ''] },
    {
      name: 'texts as they are written',
      args: '[010, 1e3, 1.10, yes, no, null, ~, 0x1F, 2026-01-01, .5, +1, True]',
      items: ['010', '1e3', '1.10', 'yes', 'no', 'null', '~', '0x1F', '2026-01-01', '.5', '+1', 'True'],
    },
  ])('$name', ({ args, items }) => {
    expect(inputsOf({ args }).args).toEqual(items);
  });
});

describe('refused', () => {
  test.each<{ name: string; args: string; faults: string[] }>([
    {
      name: 'an empty item',
      args: '- a\n-\n- b',
      faults: ["args: line 2: the item is empty. Write '' for an empty text, or remove it. [list]"],
    },
    {
      name: 'a mapping as item',
      args: '- a: b',
      faults: ['args: line 1: an item has to be one text, not a map. Quote it if it is text. [list]'],
    },
    {
      name: 'a list as item',
      args: '[a, [b]]',
      faults: ['args: line 1: an item has to be one text, not a list. Quote it if it is text. [list]'],
    },
    {
      name: 'an anchor',
      args: '- &x a',
      faults: ['args: line 1: not valid YAML: YAML anchors (&name) are not accepted: write the value out [yaml]'],
    },
    {
      name: 'an alias',
      args: '- a\n- *x',
      faults: [expect.stringMatching(/^args: line 2: not valid YAML: .*\[yaml\]$/) as unknown as string],
    },
    {
      name: 'a tag',
      args: '- a\n- !env b',
      faults: ['args: line 2: not valid YAML: the YAML tag !env is not accepted: quote the value [yaml]'],
    },
    {
      name: 'a bracket that is not closed',
      args: '[a,\nb',
      faults: [expect.stringMatching(/^args: line 2: not valid YAML: .*\[yaml\]$/) as unknown as string],
    },
  ])('$name', ({ args, faults }) => {
    expect(faultsOf({ args })).toEqual(faults);
  });

  test('a second document', () => {
    expect(faultsOf({ args: '- a\n---\n- b' })).toEqual([
      expect.stringMatching(/^args: line 2: not valid YAML: .*multiple documents.*\[yaml\]$/),
    ]);
  });
});

test('command is read like args', () => {
  expect(inputsOf({ command: '- python\n- -m\n- train' }).command).toEqual(['python', '-m', 'train']);
});

describe('properties', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 8 });

  test('a sequence of quoted texts gives them back', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (items, block) => {
        const quoted = items.map((item) => JSON.stringify(item).replace(/[\u007f-\uffff]/g, escape16));
        const text = block ? quoted.map((item) => `- ${item}`).join('\n') : `[${quoted.join(', ')}]`;
        const faults = new Faults();
        expect(parseList(faults, 'args', text)).toEqual(items);
        expect(faults.list).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a JSON array of printable texts gives them back', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (items) => {
        expect(parseList(new Faults(), 'args', JSON.stringify(items))).toEqual(items);
      }),
      { numRuns: 1_000 },
    );
  });

  test('lines come back whole, whatever they hold', () => {
    const line = fc
      .string({ unit: 'grapheme-ascii', minLength: 1 })
      .map((text) => text.trim())
      .filter((text) => text !== '' && !/^(?:\[|-(?:\s|$))/.test(text));
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(parseList(new Faults(), 'args', lines.join('\n'))).toEqual(lines);
      }),
      { numRuns: 1_000 },
    );
  });
});

const escape16 = (sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
