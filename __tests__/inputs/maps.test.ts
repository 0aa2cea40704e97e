import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Faults } from '../../src/inputs/collect.ts';
import { parseMap } from '../../src/inputs/collections.ts';
import { faultsOf, inputsOf } from './given.ts';

describe('a map', () => {
  test.each<{ name: string; text: string; entries: [string, string][] }>([
    { name: 'nothing', text: '', entries: [] },
    { name: 'a line', text: 'A=1', entries: [['A', '1']] },
    {
      name: 'lines',
      text: 'A=1 \r\n\n  B=x',
      entries: [
        ['A', '1'],
        ['B', 'x'],
      ],
    },
    { name: 'a value with = and spaces', text: 'URL=http://x/?a=b c,d', entries: [['URL', 'http://x/?a=b c,d']] },
    { name: 'quotes of a line stay', text: 'A="b"', entries: [['A', '"b"']] },
    { name: 'an empty value', text: 'A=', entries: [['A', '']] },
    {
      name: 'a value that looks like YAML',
      text: 'A=[1, 2]\nB={x: y}',
      entries: [
        ['A', '[1, 2]'],
        ['B', '{x: y}'],
      ],
    },
    {
      name: 'a mapping',
      text: 'A: 1\nB: "x=y"',
      entries: [
        ['A', '1'],
        ['B', 'x=y'],
      ],
    },
    {
      name: 'a flow mapping',
      text: "{A: 1, B: 'two, three'}",
      entries: [
        ['A', '1'],
        ['B', 'two, three'],
      ],
    },
    { name: 'a mapping whose value has a =', text: 'A: b=c', entries: [['A', 'b=c']] },
    { name: 'a mapping without a value', text: 'A:', entries: [['A', '']] },
    { name: 'a block text', text: 'A: |\n  x\n  y', entries: [['A', 'x\ny\n']] },
    {
      name: 'texts as they are written',
      text: 'A: 010\nB: 1e3\nC: 1.10\nD: yes\nE: null\nF: ~',
      entries: [
        ['A', '010'],
        ['B', '1e3'],
        ['C', '1.10'],
        ['D', 'yes'],
        ['E', 'null'],
        ['F', '~'],
      ],
    },
    {
      name: 'a name that other maps inherit',
      text: '__proto__: x\nconstructor: y',
      entries: [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    },
  ])('$name', ({ text, entries }) => {
    expect([...inputsOf({ env_vars: text }).envVars]).toEqual(entries);
  });
});

describe('refused', () => {
  test.each<{ name: string; text: string; faults: string[] }>([
    {
      name: 'a name twice, by lines',
      text: 'A=1\nB=2\nA=3',
      faults: ['env_vars: line 3: "A" stands here a second time. [duplicate-key]'],
    },
    {
      name: 'a name twice, by YAML',
      text: 'A: 1\nA: 2',
      faults: ['env_vars: line 2: "A" stands here a second time. [duplicate-key]'],
    },
    {
      name: 'a line of another form',
      text: 'A=1\nB: 2',
      faults: ['env_vars: line 2: "B: 2" is not KEY=VALUE, as the first line is. [map]'],
    },
    {
      name: 'a list',
      text: '- a',
      faults: ['env_vars has to be a YAML mapping (key: value) or one KEY=VALUE a line. [map]'],
    },
    {
      name: 'a word',
      text: 'a',
      faults: ['env_vars has to be a YAML mapping (key: value) or one KEY=VALUE a line. [map]'],
    },
    {
      name: 'a value that is a list',
      text: 'A: 1\nB: [x]',
      faults: ['env_vars: line 2: the value of "B" has to be one text, not a list. [map]'],
    },
    {
      name: 'a value that is a mapping',
      text: 'A: {b: c}',
      faults: ['env_vars: line 1: the value of "A" has to be one text, not a map. [map]'],
    },
    {
      name: 'a key that is a list',
      text: '? [a]\n: b',
      faults: ['env_vars: line 1: not valid YAML: a mapping key has to be one word or a quoted text [yaml]'],
    },
  ])('$name', ({ text, faults }) => {
    expect(faultsOf({ env_vars: text })).toEqual(faults);
  });
});

test('build_args leave BASE_IMAGE to the step', () => {
  expect(faultsOf({ build_args: 'BASE_IMAGE=x\nA-B=c' })).toEqual([
    'build_args sets BASE_IMAGE, which this step sets. Use the input base_image. [base-image-argument]',
    'build_args: "A-B" is not accepted. Names hold letters, digits and _. [variable-name]',
  ]);
});

describe('properties', () => {
  const names = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/);
  const entries = (value: fc.Arbitrary<string>) =>
    fc.uniqueArray(fc.tuple(names, value), { selector: ([name]) => name, maxLength: 8 });

  test('lines of KEY=VALUE come back', () => {
    const value = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim());
    fc.assert(
      fc.property(entries(value), (pairs) => {
        const text = pairs.map(([name, each]) => `${name}=${each}`).join('\n');
        expect([...parseMap(new Faults(), 'env_vars', text)]).toEqual(pairs);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a JSON object comes back', () => {
    fc.assert(
      fc.property(entries(fc.string({ unit: 'grapheme' })), fc.boolean(), (pairs, pretty) => {
        const text = `{${pairs.map(([name, each]) => `${JSON.stringify(name)}: ${JSON.stringify(each)}`).join(pretty ? ',\n ' : ',')}}`;
        const faults = new Faults();
        expect([...parseMap(faults, 'env_vars', text)]).toEqual(pairs);
        expect(faults.list).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});
