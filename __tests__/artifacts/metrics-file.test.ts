import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type MetricsFileOptions, readMetricsFile } from '../../src/artifacts/metrics-file.ts';
import { UserError } from '../../src/faults.ts';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { objectsApi } from '../../src/google/objects.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { type CloudStorageOptions, cloudStorages } from './cloud-storage.ts';
import type { Held } from './media.ts';

const newStorage = cloudStorages();
const CREATED = Date.parse('2026-11-23T08:00:00Z');

async function read(
  file: string | Held | undefined,
  { mishap, ...options }: CloudStorageOptions & Partial<MetricsFileOptions> = {},
) {
  const held = typeof file === 'string' ? { bytes: Buffer.from(file) } : file;
  const objects: Record<string, Held> = held === undefined ? {} : { 'run/metrics.json': held };
  const { url } = await newStorage(objects, mishap === undefined ? {} : { mishap });
  return readMetricsFile({
    api: objectsApi(url, fixedCredentials('TOKEN')),
    uri: 'gs://bucket/run/metrics.json',
    writtenAfter: CREATED,
    clock: new SimulatedClock(),
    random: () => 0.5,
    signal: new AbortController().signal,
    ...options,
  });
}

async function refusalOf(...asked: Parameters<typeof read>): Promise<string> {
  const error = await read(...asked).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

describe('taken is', () => {
  test.each([
    { text: '{"accuracy": 0.93, "loss": 0}', metrics: { accuracy: 0.93, loss: 0 } },
    { text: ' {"a b": -1e-7,\n"\\u00e9": 1E3}\n', metrics: { 'a b': -1e-7, é: 1_000 } },
    { text: '\ufeff{"a": -0}', metrics: { a: -0 } },
    { text: '{"__proto__": 1, "constructor": 2}', metrics: JSON.parse('{"__proto__": 1, "constructor": 2}') as object },
    { text: '{"a": 1, "a": 2}', metrics: { a: 2 } },
  ])('$text', async ({ text, metrics }) => {
    expect(await read(text)).toEqual(metrics);
  });

  test('any object of finite numbers, as it was written', async () => {
    const metrics = fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), { minKeys: 1 });
    await fc.assert(
      fc.asyncProperty(metrics, async (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(await read(text))).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test('a file that is stored as gzip', async () => {
    expect(await read({ bytes: gzipSync('{"a": 1}'), contentEncoding: 'gzip' })).toEqual({ a: 1 });
  });

  test('a file that does not come, or comes wrong, the first time', async () => {
    const mishap: CloudStorageOptions['mishap'] = ({ kind, times }) => {
      if (times > 1) return undefined;
      if (kind === 'get') return { status: 503 };
      return times === 0 ? { cutAfter: 3 } : { flipped: true };
    };
    expect(await read('{"a": 1}', { mishap })).toEqual({ a: 1 });
  });
});

const ACCEPTED = 'Accepted is a JSON object of numbers such as {"accuracy": 0.93, "loss": 0.21}.';
const FILE = 'metrics_file: gs://bucket/run/metrics.json';

describe('refused is', () => {
  test.each([
    { text: '{"loss": NaN}', found: 'has "loss": NaN, which is no number' },
    { text: '{"a": 1, "b": Infinity}', found: 'has "b": Infinity, which is no number' },
    {
      text: '{"b": -Infinity, "a": "NaN"}',
      found: 'has "b": -Infinity, which is no number; has "a": the text "NaN" instead of a number',
    },
    { text: '{"a": {"b": NaN}}', found: 'has "a": an object instead of a number' },
    { text: '{"a": 1e999}', found: 'has "a": a number that is too large' },
    { text: '{"a": "0.5"}', found: 'has "a": the text "0.5" instead of a number' },
    {
      text: '{"a": true, "b": null, "c": [1]}',
      found:
        'has "a": true instead of a number; has "b": null instead of a number; has "c": a list instead of a number',
    },
    { text: '{"a\\n::error::": false}', found: 'has "a\\n::error::": false instead of a number' },
    { text: '[1, 2]', found: 'holds a list instead of an object' },
    { text: '0.93', found: 'holds 0.93 instead of an object' },
    { text: 'NaN', found: 'holds NaN instead of an object' },
    { text: 'null', found: 'holds null instead of an object' },
    { text: '{}', found: 'holds no number' },
    { text: '', found: 'is empty' },
    { text: ' \n', found: 'is empty' },
    { text: 'accuracy: 0.93\n', found: 'is no JSON: it begins with "accuracy: 0.93\\n"' },
    { text: "{'a': 1}", found: `is no JSON: it begins with "{'a': 1}"` },
    { text: '{"a": 1}\n{"a": 2}', found: 'is no JSON: it begins with "{\\"a\\": 1}\\n{\\"a\\": 2}"' },
    { text: '{"a": 1', found: 'is no JSON: it begins with "{\\"a\\": 1"' },
  ])('$text', async ({ text, found }) => {
    expect(await refusalOf(text)).toBe(`${FILE} ${found}. ${ACCEPTED}`);
  });

  test('what is no text', async () => {
    expect(await refusalOf({ bytes: Buffer.from([0x7b, 0xff, 0x7d]) })).toBe(
      `${FILE} is no text in UTF-8. ${ACCEPTED}`,
    );
  });

  test('a file with very much that is no number, in few words', async () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, null])));
    expect(await refusalOf(text)).toMatch(/has "k9": null instead of a number; and has 40 more such values\. Accepted/);
  });

  test('a file that is too large, before it is read', async () => {
    const message = await refusalOf(
      { bytes: Buffer.alloc(1024 * 1024 + 1, 0x20) },
      { mishap: ({ kind }) => (kind === 'read' ? { status: 500 } : undefined) },
    );
    expect(message).toBe(
      `${FILE} has 1048577 bytes; at most 1048576 are accepted. Write a JSON object of numbers such as {"accuracy": 0.93, "loss": 0.21} there, and nothing else.`,
    );
  });

  test('one that unpacks to too much', async () => {
    const bytes = gzipSync(Buffer.alloc(10 * 1024 * 1024, 0x20));
    expect(await refusalOf({ bytes, contentEncoding: 'gzip' })).toContain('is no gzip of at most 1048576 bytes');
  });

  test('one that is not there', async () => {
    expect(await refusalOf(undefined)).toBe(
      `${FILE} is not there. The program has to write a JSON object of numbers such as {"accuracy": 0.93, "loss": 0.21} to it before it ends: the bucket's files are below /gcs/bucket/ in the container.`,
    );
  });

  test('one that may not be read', async () => {
    expect(await refusalOf('{}', { mishap: () => ({ status: 403, body: 'x has no storage.objects.get' }) })).toBe(
      'get gs://bucket/run/metrics.json: HTTP 403: x has no storage.objects.get. Grant the account of this step roles/storage.objectViewer on gs://bucket.',
    );
  });
});

describe('the time it was written', () => {
  const at = (timeCreated: string, updated = timeCreated): Held => ({
    bytes: Buffer.from('{"a": 1}'),
    timeCreated,
    updated,
  });

  test.each(['2026-11-23T07:59:59.999Z', '2025-11-23T09:00:00Z', 'yesterday', ''])(
    '%j is not the job’s',
    async (time) => {
      const message = await refusalOf(at(time));
      expect(message).toContain(
        `${FILE} was written before this job: at ${time || 'an unknown time'}, and the job was made at 2026-11-23T08:00:00.000Z.`,
      );
      expect(message).toContain('Give each run an output folder of its own');
    },
  );

  test('is that of the content, not of what is said of it', async () => {
    expect(await refusalOf(at('2026-11-22T00:00:00Z', '2026-11-23T09:00:00Z'))).toContain(
      'was written before this job',
    );
    expect(
      await read(at('2026-11-23T09:00:00Z', '2026-11-23T23:00:00Z'), {
        writtenBefore: Date.parse('2026-11-23T10:00:00Z'),
      }),
    ).toEqual({ a: 1 });
  });

  test('may be bounded on both sides, or not at all', async () => {
    const writtenBefore = Date.parse('2026-11-23T10:00:00Z');
    expect(await read(at('2026-11-23T08:00:00Z'), { writtenBefore })).toEqual({ a: 1 });
    expect(await read(at('2026-11-23T10:00:00Z'), { writtenBefore })).toEqual({ a: 1 });
    expect(await refusalOf(at('2026-11-23T10:00:01Z'), { writtenBefore })).toContain(
      `${FILE} was written after this job: at 2026-11-23T10:00:01Z, and the job was over at 2026-11-23T10:00:00.000Z. Another job wrote over it.`,
    );
    expect(await read(at('2001-01-01T00:00:00Z'), { writtenAfter: undefined })).toEqual({ a: 1 });
  });
});
