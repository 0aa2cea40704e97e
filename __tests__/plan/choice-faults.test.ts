import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Fault, faultText } from '../../src/faults.ts';
import { faultsOfAll, type Judged } from '../../src/plan/choice-faults.ts';
import type { Given } from '../inputs/given.ts';
import { told, yaml } from './request/judge.ts';

describe('a fault', () => {
  const fault: Fault = { rule: 'r', input: 'timeout', message: 'is wrong. Mend it.' };
  const of = (...found: readonly [region: string, item: number | undefined][]): Judged[] => {
    const all = ['us-east1', 'us-west1'].flatMap((region) => [undefined, 1, 2].map((item) => ({ region, item })));
    return all.map((choice) => ({
      choice,
      faults: found.some(([region, item]) => choice.region === region && choice.item === item) ? [fault] : [],
    }));
  };
  const east = 'us-east1';
  const west = 'us-west1';

  test.each<{ name: string; judged: Judged[]; told: string }>([
    { name: 'of the first hardware everywhere', judged: of([east, undefined], [west, undefined]), told: '' },
    { name: 'of an item', judged: of([east, 1], [west, 1]), told: ' That is so with item 1 of fallback_hardware.' },
    {
      name: 'of two items',
      judged: of([east, 1], [west, 1], [east, 2], [west, 2]),
      told: ' That is so with item 1 and 2 of fallback_hardware.',
    },
    { name: 'of a region', judged: of([west, undefined], [west, 2]), told: ' That is so in us-west1.' },
    { name: 'of one choice', judged: of([west, 2]), told: ' That is so with item 2 of fallback_hardware in us-west1.' },
  ])('$name names what it is of', ({ judged, told: words }) => {
    expect(faultsOfAll(judged).map(faultText)).toEqual([`timeout is wrong. Mend it.${words} [r]`]);
  });

  test('that names its region or item needs no more', () => {
    const ofItem = { rule: 'r', input: 'fallback_hardware', message: 'item 2: machine_type is wrong.' };
    const ofRegion = { rule: 'r', input: 'region', message: 'us-west1 does not list it.' };
    const judged = of().map(({ choice }) => ({
      choice,
      faults: [...(choice.region === west ? [ofRegion] : []), ...(choice.item === 2 ? [ofItem] : [])],
    }));
    expect(faultsOfAll(judged).map(({ message }) => message)).toEqual([ofItem.message, ofRegion.message]);
  });

  test('is told once, however many choices it is of', () => {
    const choice = fc.record({ region: fc.constantFrom('a-b1', 'c-d2'), item: fc.constantFrom(undefined, 1, 2) });
    const message = fc.constantFrom('is one.', 'is two.', 'is three.');
    const judged = fc.array(
      fc.record({ choice, faults: fc.array(message.map((text) => ({ rule: 'r', input: 'x', message: text }))) }),
    );
    fc.assert(
      fc.property(judged, (all) => {
        const texts = faultsOfAll(all).map((each) => each.message.replace(/ That is so.*/, ''));
        expect(texts).toEqual([...new Set(all.flatMap(({ faults }) => faults.map((each) => each.message)))]);
      }),
    );
  });
});

describe('in a plan', () => {
  const TWO = 'us-central1\neurope-west4';
  const RESERVED = yaml`
    workerPoolSpecs:
    - machineSpec:
        machineType: a2-highgpu-1g
        reservationAffinity:
          reservationAffinityType: SPECIFIC_RESERVATION
          key: compute.googleapis.com/reservation-name
          values: [projects/p/zones/us-central1-a/reservations/r]
  `;

  test.each<{ name: string; given: Given; config?: string; errors?: string[]; warnings?: string[] }>([
    {
      name: 'a name in an item',
      given: { region: TWO, fallback_hardware: '- { accelerator_type: l44 }\n- { machine_type: n1-standrad-4 }' },
      errors: [
        expect.stringMatching(
          /^fallback_hardware: item 1: accelerator_type: "l44" is no accelerator\. The nearest/,
        ) as unknown as string,
        'fallback_hardware: item 2: machine_type: "n1-standrad-4" is not in the catalog of training machines; the nearest is n1-standard-4. Mend the name. [machine-name]',
      ],
    },
    {
      name: 'the same name in two items',
      given: { fallback_hardware: '- { accelerator_type: l44 }\n- { accelerator_type: l44 }' },
      errors: [
        expect.stringMatching(
          /^fallback_hardware: item 1: accelerator_type: "l44" is no accelerator/,
        ) as unknown as string,
        expect.stringMatching(
          /^fallback_hardware: item 2: accelerator_type: "l44" is no accelerator/,
        ) as unknown as string,
      ],
    },
    {
      name: 'a count in an item',
      given: { accelerator_type: 'l4', machine_type: 'g2-standard-4', fallback_hardware: '- { accelerator_count: 3 }' },
      errors: [
        expect.stringMatching(
          /^fallback_hardware: item 1: accelerator_count: 3 NVIDIA_L4 does not go with machine_type g2-standard-4/,
        ) as unknown as string,
      ],
    },
    {
      name: 'an accelerator that a region does not list',
      given: {
        region: 'us-central1\nus-west2',
        accelerator_type: 't4',
        fallback_hardware: '- { accelerator_type: p100 }',
      },
      warnings: [
        expect.stringMatching(
          /^region: us-west2 does not list NVIDIA_TESLA_P100 for training\. .* That is so with item 1 of fallback_hardware\. \[accelerator-region\]$/,
        ) as unknown as string,
      ],
    },
    {
      name: 'what the strategy of an item asks of an input',
      given: { accelerator_type: 'l4', timeout: '8d', fallback_hardware: '- { strategy: flex-start }' },
      errors: [
        'timeout is 691200s; FLEX_START takes at most 604800s (7 days). That is so with item 1 of fallback_hardware. [flex-start-timeout]',
      ],
    },
    {
      name: 'what a strategy of the inputs asks of the hardware of an item',
      given: { accelerator_type: 'l4', strategy: 'flex-start', fallback_hardware: '- { accelerator_type: t4 }' },
      warnings: [
        'strategy: FLEX_START is offered for L4, A100, H100, H200 and B200; the machine has NVIDIA_TESLA_T4. That is so with item 1 of fallback_hardware. [flex-start-accelerator]',
      ],
    },
    {
      name: 'a wait that an item gives without the strategy',
      given: { accelerator_type: 'l4', fallback_hardware: '- { max_wait_duration: 1h }' },
      errors: [
        'fallback_hardware: item 1: max_wait_duration: goes with strategy FLEX_START only; the strategy is STANDARD. [max-wait-strategy]',
      ],
    },
    {
      name: 'a limit that an item passes',
      given: {
        accelerator_type: 'l4',
        timeout: '1h',
        max_accelerator_hours: '2',
        fallback_hardware: '- { accelerator_count: 4 }',
      },
      errors: [
        expect.stringMatching(
          /^max_accelerator_hours: 2 is less than the 4 accelerator-hours .* That is so with item 1 of fallback_hardware\. \[/,
        ) as unknown as string,
      ],
    },
    {
      name: 'a reservation in a zone of one region',
      given: { region: TWO },
      config: RESERVED,
      errors: [
        'job.yaml:7:16: workerPoolSpecs[0].machineSpec.reservationAffinity.values[0]: "projects/p/zones/us-central1-a/reservations/r" is in zone us-central1-a, and the job runs in europe-west4. Remove one. [reservation-region]',
      ],
    },
    { name: 'a reservation of a job on this machine', given: { region: 'local' }, config: RESERVED },
    {
      name: 'a fault that has nothing to do with them',
      given: { region: TWO, fallback_hardware: '- { accelerator_type: t4 }', network: 'vpc' },
      errors: [expect.stringMatching(/^network: "vpc" is no/) as unknown as string],
    },
  ])('$name', ({ given, config, errors = [], warnings = [] }) => {
    expect(told(given, config)).toMatchObject({ errors, warnings });
  });
});
