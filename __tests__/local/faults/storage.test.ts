import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestFault } from '../../../src/local/faults/rules.ts';
import { next } from './client.ts';
import { ask } from './raw.ts';
import { customJob, ENDS, type Opened, openService, PARENT, reached, tuningJob } from './service.ts';

const MEDIA = '/storage/v1/b/bucket/o/file?alt=media';
const TEXT = 'x'.repeat(1_000);

let data: string;
let service: Opened;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'faults-storage-'));
  service = await openService({ data });
  await mkdir(join(data, 'gcs/bucket'), { recursive: true });
  await writeFile(join(data, 'gcs/bucket/file'), TEXT);
});
afterAll(async () => {
  await service.close();
  await rm(data, { recursive: true });
});
beforeEach(() => service.faults.calm());

describe('content of an object', () => {
  it('passes where no fault is ordered, and is counted', async () => {
    expect(await ask(service.port, MEDIA)).toMatchObject({ status: 200, text: TEXT, error: undefined });
    expect(await service.faults.count('storage')).toBe(1);
  });

  it.each<[string, RequestFault, object]>([
    ['is refused', { kind: 'refuse', reason: 'unavailable' }, { status: 503, error: undefined }],
    ['is reset', { kind: 'reset' }, { status: undefined, error: 'ECONNRESET' }],
    ['ends halfway', { kind: 'truncated' }, { status: 200, text: TEXT.slice(500), error: 'ECONNRESET' }],
    ['comes late', { kind: 'delay', ms: 1 }, { status: 200, text: TEXT, error: undefined }],
    ['is another', { kind: 'malformed', text: 'y' }, { status: 200, text: 'y', error: undefined }],
    ['comes in pieces', { kind: 'drip', bytes: 300, everyMs: 1 }, { status: 200, text: TEXT, error: undefined }],
  ])('%s, once', async (_name, fault, expected) => {
    await service.faults.order({ rules: [next('storage', fault)] });
    expect(await ask(service.port, MEDIA)).toMatchObject(expected);
    expect(await ask(service.port, MEDIA)).toMatchObject({ status: 200, text: TEXT, error: undefined });
  });

  it('keeps its headers where it is broken', async () => {
    await service.faults.order({ rules: [next('storage', { kind: 'truncated' })] });
    const range = { range: 'bytes=0-99' };
    expect(await ask(service.port, MEDIA, { headers: range })).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 0-99/1000', 'content-length': '100' },
      text: TEXT.slice(0, 50),
    });
  });

  it('is left alone where another service is meant', async () => {
    await service.faults.order({ rules: [next('model', { kind: 'reset' })] });
    expect(await ask(service.port, MEDIA)).toMatchObject({ status: 200 });
  });
});

describe('what simulated programs write', () => {
  const pool = { machineSpec: { machineType: 'n1-standard-4' }, replicaCount: '1' };
  const workerPoolSpecs = [{ ...pool, containerSpec: { imageUri: 'simulated/writer' } }];
  const baseOutputDirectory = (outputUriPrefix: string) => ({ outputUriPrefix });
  const HOUR = 3_600_000;
  const listed = async (prefix: string) => {
    const path = `/storage/v1/b/bucket/o?prefix=${prefix}&fields=items(name,updated)`;
    const { items = [] } = JSON.parse((await ask(service.port, path)).text) as {
      readonly items?: readonly { readonly name: string; readonly updated: string }[];
    };
    return items;
  };

  it('is below the job’s folder, at the service’s time', async () => {
    await service.faults.order({
      scripts: {
        writer: { programs: [{ events: [{ atMs: 1_000, write: { path: 'metrics.json', text: '{"a":1}' } }] }] },
      },
      clock: { advanceMs: 24 * HOUR },
    });
    const jobSpec = { workerPoolSpecs, baseOutputDirectory: baseOutputDirectory('gs://bucket/custom/') };
    const { name } = await service.vertex.create(PARENT, 'customJobs', customJob('writer', { jobSpec }));
    await service.faults.order({ clock: { advanceMs: 1_000 } });
    const { startTime = '' } = await reached(service, name, ...ENDS);
    expect(await listed('custom/')).toEqual([
      { name: 'custom/metrics.json', updated: new Date(Date.parse(startTime) + 1_000).toISOString() },
    ]);
    expect((await ask(service.port, '/storage/v1/b/bucket/o/custom%2Fmetrics.json?alt=media')).text).toBe('{"a":1}');
  });

  it('is below the folder of each trial, and never outside the bucket', async () => {
    await service.faults.order({
      scripts: { writer: { programs: [{ events: [{ write: { path: 'model/w', text: 'w' } }] }] } },
    });
    for (const prefix of ['gs://bucket/study', 'gs://bucket/../other']) {
      const trialJobSpec = { workerPoolSpecs, baseOutputDirectory: baseOutputDirectory(prefix) };
      const job = tuningJob('writer', { trialJobSpec, maxTrialCount: 2, maxFailedTrialCount: 0 });
      const { name } = await service.vertex.create(PARENT, 'hyperparameterTuningJobs', job);
      await reached(service, name, ...ENDS);
    }
    expect((await listed('study/')).map(({ name }) => name)).toEqual(['study/1/model/w', 'study/2/model/w']);
    expect((await ask(service.port, '/storage/v1/b/other/o?fields=items/name')).text).toBe('{}');
  });
});
