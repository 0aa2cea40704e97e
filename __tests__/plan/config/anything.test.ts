// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a config
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { readConfig } from '../../../src/plan/config/config.ts';
import { judge } from '../request/judge.ts';
import { violations } from './api-rules.ts';

const folder = new URL('../gcloud/configs/', import.meta.url);
const SAMPLES = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));

/** Reads it; what is accepted without a fault holds nothing that the API's field rules forbid, and every fault a line. */
function look(text: string): void {
  const lines = text.split(/\r?\n/).length;
  const { type, value, faults } = readConfig({ file: 'job.yaml', text }, new Map([['A', 'b']]));
  for (const { place, message } of faults) {
    expect(message).not.toBe('');
    expect(place?.line).toBeGreaterThanOrEqual(1);
    expect(place?.line).toBeLessThanOrEqual(lines + 1);
  }
  if (faults.length === 0) expect(violations(type, value)).toEqual([]);
  // What cannot be read is left out, never kept in another form.
  expect(violations(type, value)).toEqual([]);
}

/** Judges it; a request without errors holds nothing that the API's field rules forbid. */
function judgeIt(text: string): void {
  const { plan } = judge({}, text);
  if (plan === undefined) return;
  const type = { customJobs: 'CustomJob', hyperparameterTuningJobs: 'HyperparameterTuningJob', trainingPipelines: '' };
  const { collection, resource } = plan.job;
  expect(violations(type[collection], resource)).toEqual([]);
  expect(JSON.parse(JSON.stringify(resource))).toEqual(resource);
}

test('the checker of field rules finds what it is for', () => {
  const wrong = {
    workerPoolSpecs: [
      { replicaCount: 1, containerSpec: { imageUri: 'a', nope: 1 }, pythonPackageSpec: {}, diskSpec: null },
    ],
    scheduling: { timeout: '60m', strategy: 'spot', disableRetries: 'true' },
  };
  expect(violations('CustomJobSpec', wrong)).toEqual([
    'CustomJobSpec.workerPoolSpecs[0].replicaCount holds 1, which is no int64',
    'CustomJobSpec.workerPoolSpecs[0].containerSpec.nope is no field',
    'CustomJobSpec.workerPoolSpecs[0].pythonPackageSpec stands beside containerSpec',
    'CustomJobSpec.workerPoolSpecs[0].diskSpec is no object',
    'CustomJobSpec.scheduling.timeout holds "60m", which is no google.protobuf.Duration',
    'CustomJobSpec.scheduling.strategy holds "spot", which is no Scheduling.Strategy',
    'CustomJobSpec.scheduling.disableRetries holds "true", which is no bool',
  ]);
});

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);

const TOKENS =
  'workerPoolSpecs: |studySpec: |containerSpec: |args: |env: |- |  |\n|\n  |\n    |{|}|[|]|, |: |&a |*a|<<: |? |---\n|...|# |!!str |!x |"|\'|null|yes|1e3|0x1|.inf|5s|${A}|${B}|$${|NVIDIA_L4|\t|%|@|\u0000|\ufeff|__proto__'.split(
    '|',
  );
const yamlLike = fc.array(fc.constantFrom(...TOKENS), { maxLength: 40 }).map((tokens) => tokens.join(''));

const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    ...[null, true, 0, -1, 1.5, 2 ** 31, 2 ** 63, 1e300, '', ' ', 'x', '1', '1e-4', '60s', '60m', '-1s', '0.1s'],
    ...[
      'SPOT',
      'MAXIMIZE',
      'NVIDIA_L4',
      'UNIT_LOG_SCALE',
      '${A}',
      '${B}',
      '2030-01-01T00:00:00Z',
      'March 7',
      [],
      {},
      [{}],
    ],
  ),
  fc.double(),
  fc.bigInt(),
);

const anyKey = fc.oneof(
  fc.constantFrom(
    'name',
    'values',
    'args',
    'minValue',
    'replicaCount',
    'replica_count',
    '__proto__',
    'constructor',
    '',
  ),
  fc.string({ maxLength: 10 }),
);

type Mutation = {
  readonly step: number;
  readonly kind: 'value' | 'remove' | 'rename' | 'copy';
  readonly value: unknown;
  readonly key: string;
};
const anyMutation: fc.Arbitrary<Mutation> = fc.record({
  step: fc.nat(),
  kind: fc.constantFrom('value', 'value', 'value', 'remove', 'rename', 'copy'),
  value: anyValue,
  key: anyKey,
});

interface Slot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every place of a value, lists' included. */
function slots(value: unknown): Slot[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...slots(holder[key])]);
}

function mutated(sample: string, mutations: readonly Mutation[]): unknown {
  const root = { config: parse(sample, { merge: true, version: '1.1' }) as unknown };
  for (const { step, kind, value, key } of mutations) {
    const all = slots(root);
    const slot = all[step % all.length];
    if (slot === undefined) continue;
    const old = slot.holder[slot.key];
    if (kind === 'value') slot.holder[slot.key] = value;
    if (kind === 'copy' && !Array.isArray(slot.holder)) slot.holder[key] = structuredClone(old);
    if (kind === 'rename' || kind === 'remove') Reflect.deleteProperty(slot.holder, slot.key);
    if (kind === 'rename' && !Array.isArray(slot.holder)) slot.holder[key] = old;
  }
  return root.config ?? null;
}

const anyMutated = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.array(anyMutation, { minLength: 1, maxLength: 4 }))
  .map(([sample, mutations]) => stringify(mutated(sample, mutations), { version: '1.1' }));

const anyCut = fc
  .tuple(fc.constantFrom(...SAMPLES), fc.nat(), fc.nat({ max: 8 }), fc.oneof(yamlLike, anyText))
  .map(([sample, at, length, text]) => {
    const start = at % sample.length;
    return sample.slice(0, start) + text + sample.slice(start + length);
  });

describe('never throws, and accepts nothing that the API’s field rules forbid', () => {
  test.each([
    { name: 'any text', texts: anyText, runs: 1_000 },
    { name: 'what looks like YAML', texts: yamlLike, runs: 2_000 },
    { name: 'a config with a part exchanged', texts: anyMutated, runs: 1_500 },
    { name: 'a config with some letters exchanged', texts: anyCut, runs: 1_500 },
  ])('$name', ({ texts, runs }) => {
    fc.assert(fc.property(texts, look), { numRuns: runs });
  });

  test.each([
    { name: 'the plan of a config with a part exchanged', texts: anyMutated, runs: 400 },
    { name: 'the plan of a config with some letters exchanged', texts: anyCut, runs: 200 },
  ])('$name', ({ texts, runs }) => {
    fc.assert(fc.property(texts, judgeIt), { numRuns: runs });
  });
});

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join('');

describe('never hangs', () => {
  test.each([
    { name: 'open brackets', text: '['.repeat(50_000) },
    { name: 'closed brackets', text: '['.repeat(50_000) + ']'.repeat(50_000) },
    { name: 'brackets that the parser can follow', text: '['.repeat(500) + ']'.repeat(500) },
    { name: 'lists in lists', text: '- '.repeat(50_000) },
    { name: 'keys in keys', text: '? '.repeat(50_000) },
    { name: 'mappings in mappings', text: many(1_000, (i) => `${' '.repeat(i)}a:\n`) },
    { name: 'many keys', text: many(60_000, (i) => `a${i}: 1\n`) },
    { name: 'many unknown keys', text: many(20_000, (i) => `a${i}: 1\n`) },
    { name: 'many labels', text: `studySpec: {}\nlabels:\n${many(40_000, (i) => ` a${i}: b\n`)}` },
    { name: 'many keys that are merged', text: `a: &a\n${many(15_000, (i) => `  a${i}: 1\n`)}b: { <<: *a }\n` },
    {
      name: 'aliases of aliases',
      text: many(12, (i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1},`.repeat(10)}]\n`),
    },
    {
      name: 'many anchors and aliases',
      text: many(8_000, (i) => `a${i}: &a${i} x\n`) + many(8_000, (i) => `b${i}: *a${i}\n`),
    },
    {
      name: 'merges of merges',
      text: many(12, (i) => `a${i}: &a${i} { <<: [${i === 0 ? '' : `*a${i - 1},`.repeat(10)}], k${i}: x }\n`),
    },
    { name: 'names of variables that are not closed', text: `network: "${'${'.repeat(100_000)}"\n` },
    { name: 'names of variables that are closed at the end', text: `network: "${'${'.repeat(100_000)}}"\n` },
    { name: 'a long line', text: `network: ${'x '.repeat(200_000)}\n` },
    { name: 'quotes', text: `network: ${"'".repeat(100_001)}\n` },
  ])('$name', ({ text }) => {
    const start = process.cpuUsage();
    const { faults } = readConfig({ file: 'job.yaml', text }, new Map());
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000_000).toBeLessThan(20);
    expect(faults.every(({ place }) => place?.line !== undefined)).toBe(true);
  });
});
