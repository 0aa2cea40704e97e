import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readSweepStep } from '../../src/sweep/step.ts';
import { faultsOf, type Given } from '../inputs/given.ts';
import { root } from './linters.ts';

interface Typing {
  readonly type: string;
  readonly 'allowed-values'?: readonly string[];
  readonly separator?: string;
  readonly 'list-item'?: Typing;
}
type Sides<T> = Readonly<Record<'inputs' | 'outputs', Readonly<Record<string, T>>>>;

const yaml = <T>(path: string) => parse(readFileSync(join(root, path), 'utf8')) as Sides<T>;
const PLAIN = ['string', 'boolean', 'integer', 'float'];

/** What the format allows of one type (github.com/typesafegithub/github-actions-typing, 'Available types'). */
function isTyping(typing: Typing): boolean {
  const { type, 'allowed-values': words, separator, 'list-item': item } = typing;
  const keys = Object.keys(typing).length;
  if (PLAIN.includes(type)) return keys === 1;
  if (type === 'enum') return keys === 2 && words !== undefined && words.every((word) => typeof word === 'string');
  return type === 'list' && keys === 3 && separator === '\n' && item !== undefined && PLAIN.includes(item.type);
}

describe.each(['', 'sweep/'])('%saction-types.yml', (folder) => {
  const action = yaml<{ readonly default?: string }>(`${folder}action.yml`);
  const types = yaml<Typing>(`${folder}action-types.yml`);

  it.each(['inputs', 'outputs'] as const)('types all %s and nothing else', (side) => {
    expect(Object.keys(types[side])).toEqual(Object.keys(action[side]));
    expect(Object.values(types[side]).filter((typing) => !isTyping(typing))).toEqual([]);
  });

  it('has the defaults among the values that it allows', () => {
    const wrong = Object.entries(types.inputs).filter(([name, { type, 'allowed-values': words }]) => {
      const preset = action.inputs[name]?.default ?? '';
      const accepted = type === 'boolean' ? ['true', 'false'] : words;
      return preset !== '' && accepted !== undefined && !accepted.includes(preset);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the types of inputs are those that the step goes by', () => {
  const { inputs } = yaml<Typing>('action-types.yml');
  const ofType = (type: string) => Object.keys(inputs).filter((name) => inputs[name]?.type === type);
  const TUNING: Given = { metrics: 'accuracy: maximize', parameters: 'x: [1, 2]' };
  const MODEL: Given = { model: 'digits', serving_image: 'us-central1-docker.pkg.dev/p/r/serve' };
  /** What the step says against a value of an input, in a step where the input has its place. */
  const against = (name: string, value: string) =>
    faultsOf({ ...TUNING, ...MODEL, [name]: value }).filter((text) => /^\w+/.exec(text)?.[0] === name);

  it.each(ofType('boolean'))('%s: true or false', (name) => {
    expect(against(name, 'maybe')).toEqual([expect.stringContaining('Write true or false.')]);
    expect([against(name, 'true'), against(name, 'false')]).toEqual([[], []]);
  });

  it.each([...ofType('integer'), ...ofType('float')])('%s: a number', (name) => {
    expect(against(name, 'several')).toEqual([expect.stringMatching(/number/)]);
    expect(against(name, '2').filter((text) => text.includes('number'))).toEqual([]);
  });

  it.each(ofType('integer'))('%s: a whole one', (name) => {
    expect(against(name, '2.5')).toEqual([expect.stringContaining('whole number')]);
  });

  it.each(ofType('enum'))('%s: one of its words', (name) => {
    const words = inputs[name]?.['allowed-values'] ?? [];
    expect(against(name, 'no-such-word')).toEqual([expect.stringContaining(`Accepted: ${words.join(', ')}.`)]);
    expect(words.flatMap((word) => against(name, word)).filter((text) => text.includes('Accepted:'))).toEqual([]);
  });

  it('the sweep has one boolean', () => {
    const { faults } = readSweepStep({}, (name) => (name === 'cancel' ? 'maybe' : ''));
    expect(faults.filter(({ input }) => input === 'cancel').map(({ rule }) => rule)).toEqual(['boolean']);
    expect(yaml<Typing>('sweep/action-types.yml').inputs['cancel']).toEqual({ type: 'boolean' });
  });
});
