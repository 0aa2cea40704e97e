import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseInputs } from '../../src/inputs/parse.ts';
import { faultsOf, type Given, inputsOf, parsed, rawOf } from './given.ts';

const ACCEPTED =
  'Accepted: machine_type, accelerator_type, accelerator_count, tpu_topology, strategy, max_wait_duration.';
const EXAMPLE = 'Write a YAML sequence of mappings, such as - { accelerator_type: t4 }.';

const NOTHING = {
  machineType: undefined,
  acceleratorType: undefined,
  acceleratorCount: undefined,
  tpuTopology: undefined,
  specFields: [],
};
const strategy = (value: string) => ({ input: 'strategy', path: 'scheduling.strategy', value });
const wait = (value: string) => ({ input: 'max_wait_duration', path: 'scheduling.maxWaitDuration', value });

describe('regions', () => {
  test.each<{ name: string; text: string; regions: string[] }>([
    { name: 'one', text: 'us-central1', regions: ['us-central1'] },
    { name: 'one a line', text: 'us-central1\n\n  europe-west4\n', regions: ['us-central1', 'europe-west4'] },
    { name: 'a sequence', text: '[us-east1, us-central1]', regions: ['us-east1', 'us-central1'] },
    { name: 'a sequence of lines', text: '- us-east1\n- us-central1', regions: ['us-east1', 'us-central1'] },
    { name: 'doubles', text: 'us-east1\nus-central1\nus-east1', regions: ['us-east1', 'us-central1'] },
    { name: 'this machine', text: 'local', regions: ['local'] },
  ])('$name', ({ text, regions }) => {
    const inputs = inputsOf({ region: text });
    expect([inputs.regions, inputs.region]).toEqual([regions, regions[0]]);
  });

  test.each<{ name: string; text: string; faults: string[] }>([
    {
      name: 'each that is none',
      text: 'us-central1\nus-east1-b\nMars',
      faults: ['us-east1-b', 'Mars'].map(
        (text) =>
          `region: "${text}" is not accepted. Write a region (not a zone) such as us-central1, or local. [region]`,
      ),
    },
    {
      name: 'this machine beside others',
      text: 'us-central1\nlocal\nus-east1',
      faults: [
        'region names local beside us-central1, us-east1. This machine goes alone: remove one of both. [region-local]',
      ],
    },
  ])('refused: $name', ({ text, faults }) => {
    expect(faultsOf({ region: text })).toEqual(faults);
  });
});

describe('fallback_hardware', () => {
  test.each<{ name: string; given: Given; items: object[] }>([
    { name: 'nothing', given: {}, items: [] },
    { name: 'an empty sequence', given: { fallback_hardware: '[]' }, items: [] },
    {
      name: 'accelerators',
      given: { fallback_hardware: '- { accelerator_type: t4 }\n- { accelerator_type: v100, accelerator_count: 2 }' },
      items: [
        { ...NOTHING, item: 1, acceleratorType: 't4' },
        { ...NOTHING, item: 2, acceleratorType: 'v100', acceleratorCount: 2 },
      ],
    },
    {
      name: 'a machine, over several lines',
      given: { fallback_hardware: '- machine_type: n1-standard-8\n  accelerator_type: t4\n' },
      items: [{ ...NOTHING, item: 1, machineType: 'n1-standard-8', acceleratorType: 't4' }],
    },
    {
      name: 'a topology',
      given: { fallback_hardware: '[{ machine_type: ct6e-standard-4t, tpu_topology: 2x2 }]' },
      items: [{ ...NOTHING, item: 1, machineType: 'ct6e-standard-4t', tpuTopology: '2x2' }],
    },
    {
      name: 'a strategy in any case, and a wait',
      given: { fallback_hardware: '- { strategy: flex-start, max_wait_duration: 6h }' },
      items: [{ ...NOTHING, item: 1, specFields: [strategy('FLEX_START'), wait('21600s')] }],
    },
    {
      name: 'another count of what the inputs name',
      given: { accelerator_type: 'l4', accelerator_count: '4', fallback_hardware: '- { accelerator_count: 2 }' },
      items: [{ ...NOTHING, item: 1, acceleratorCount: 2 }],
    },
  ])('$name', ({ given, items }) => {
    expect(inputsOf(given).fallbackHardware).toEqual(items);
  });

  test.each<{ name: string; text: string; given?: Given; faults: string[] }>([
    { name: 'a text', text: 't4', faults: [`fallback_hardware is not a sequence. ${EXAMPLE} [fallback-hardware]`] },
    {
      name: 'a mapping',
      text: 'accelerator_type: t4',
      faults: [`fallback_hardware is not a sequence. ${EXAMPLE} [fallback-hardware]`],
    },
    {
      name: 'no YAML',
      text: '- { accelerator_type: t4',
      faults: [expect.stringMatching(/^fallback_hardware: line 1: not valid YAML: .* \[yaml\]$/) as unknown as string],
    },
    {
      name: 'an item that is a text',
      text: '- { accelerator_type: t4 }\n- v100',
      faults: [`fallback_hardware: item 2: line 2: is no mapping. ${EXAMPLE} [fallback-hardware]`],
    },
    {
      name: 'an empty item',
      text: '- {}',
      faults: [`fallback_hardware: item 1: line 1: is empty. ${ACCEPTED} [fallback-hardware]`],
    },
    {
      name: 'an unknown key, and one that stands elsewhere',
      text: '- { gpu: t4 }\n- { accelerator_type: t4, region: us-east1 }',
      faults: [
        `fallback_hardware: item 1: line 1: "gpu" is not accepted here. ${ACCEPTED} [fallback-hardware]`,
        `fallback_hardware: item 2: line 2: "region" is not accepted here. ${ACCEPTED} Regions are given in region, in order of preference. [fallback-hardware]`,
      ],
    },
    {
      name: 'a key twice, a list and an empty value',
      text: '- accelerator_type: t4\n  accelerator_type: l4\n- machine_type: [a, b]\n- strategy:',
      faults: [
        'fallback_hardware: item 1: line 2: accelerator_type stands here a second time. [fallback-hardware]',
        'fallback_hardware: item 2: line 3: machine_type has to be one text, not a list. [fallback-hardware]',
        'fallback_hardware: item 3: line 4: strategy is empty. Give it a value, or remove it. [fallback-hardware]',
      ],
    },
    {
      name: 'values that the inputs refuse too',
      text: '- { accelerator_type: t4, accelerator_count: many }\n- { strategy: cheap }\n- { machine_type: x, tpu_topology: "4" }',
      faults: [
        'fallback_hardware: item 1: accelerator_count: "many" is not accepted. Write a whole number from 1 to 2147483647. [count]',
        'fallback_hardware: item 2: strategy: "cheap" is not accepted. Accepted: STANDARD, SPOT, FLEX_START. [strategy]',
        'fallback_hardware: item 3: tpu_topology: "4" is not accepted. Write it as 2x4 or 2x2x4. [tpu-topology]',
      ],
    },
    {
      name: 'a count of nothing',
      text: '- { accelerator_count: 2 }',
      faults: [
        'fallback_hardware: item 1: accelerator_type is missing beside accelerator_count. Name the accelerator, or remove the count. [accelerator-pair]',
      ],
    },
    {
      name: 'a count beside a machine, which keeps nothing of the inputs',
      given: { accelerator_type: 'l4' },
      text: '- { machine_type: n1-standard-8, accelerator_count: 2 }',
      faults: [
        'fallback_hardware: item 1: accelerator_type is missing beside accelerator_count. Name the accelerator, or remove the count. [accelerator-pair]',
      ],
    },
  ])('refused: $name', ({ text, given = {}, faults }) => {
    expect(faultsOf({ ...given, fallback_hardware: text })).toEqual(faults);
  });

  test('an item that is refused leaves the others their numbers', () => {
    const { inputs } = parsed({ fallback_hardware: '- { gpu: t4 }\n- { accelerator_type: v100 }' });
    expect(inputs.fallbackHardware.map(({ item }) => item)).toEqual([2]);
  });

  test('whatever items are written, each is read as it stands, or is told of by its number', () => {
    const text = fc.constantFrom('t4', 'n1-standard-8', '2', '2x2', 'SPOT', '6h', 'a b');
    const item = fc.dictionary(fc.constantFrom('machine_type', 'accelerator_type', 'accelerator_count', 'x'), text);
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 5 }), (items) => {
        const { inputs, faults } = parseInputs(rawOf({ fallback_hardware: JSON.stringify(items) }));
        const told = new Set(faults.map(({ message }) => Number(/^item (\d+): /.exec(message)?.[1])));
        expect(faults.every(({ input }) => input === 'fallback_hardware')).toBe(true);
        const read = inputs.fallbackHardware.map((each) => each.item);
        expect([...told, ...read].toSorted((a, b) => a - b)).toEqual(items.map((_, index) => index + 1));
        for (const { item: number, machineType, acceleratorType, acceleratorCount } of inputs.fallbackHardware) {
          const { machine_type, accelerator_type, accelerator_count } = items[number - 1] ?? {};
          expect([machineType, acceleratorType, acceleratorCount?.toString()]).toEqual([
            machine_type,
            accelerator_type,
            accelerator_count,
          ]);
        }
      }),
    );
  });

  test('whatever is written, only this input is told of', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { faults } = parseInputs(rawOf({ fallback_hardware: text }));
        expect(faults.every(({ input }) => input === 'fallback_hardware')).toBe(true);
      }),
    );
  });
});
