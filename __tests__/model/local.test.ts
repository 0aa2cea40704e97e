import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fixedCredentials } from '../../src/google/credentials.ts';
import { type ModelsApi, modelsApi } from '../../src/google/models.ts';
import { LOCAL_TEMPO } from '../../src/job/tempo.ts';
import { type Service, startService } from '../../src/local/service.ts';
import { registerModel } from '../../src/model/register.ts';
import { JOB_LABEL } from '../../src/plan/labels.ts';
import type { ModelUpload } from '../../src/plan/model/upload.ts';
import { systemClock } from '../../src/retry.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { FOLDER, PARENT, UPLOAD } from './registry.ts';

let service: Service;
let api: ModelsApi;
beforeAll(async () => {
  // The registry needs no engine.
  service = await startService({ port: 0, engine: { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') } });
  api = modelsApi(`http://127.0.0.1:${service.port}`, fixedCredentials('any'));
});
afterAll(() => service.close());

function attempt(job: string, changes: Partial<ModelUpload> = {}, artifactUri = FOLDER) {
  const log = recordingLog();
  const registered = registerModel({
    api,
    upload: { ...UPLOAD, ...changes },
    artifactUri,
    job: { name: `${PARENT}/customJobs/${job}` },
    clock: systemClock,
    signal: new AbortController().signal,
    log,
    pace: LOCAL_TEMPO.looks,
    lag: LOCAL_TEMPO.lag,
  });
  return { registered, log };
}

describe('on this machine', () => {
  test('jobs make versions, a re-run takes its own, aliases move', async () => {
    const first = await attempt('1', { aliases: ['champion'] }).registered;
    expect(first).toMatchObject({ version: '1', uri: FOLDER });
    expect(first.name).toMatch(/^projects\/\d+\/locations\/us-central1\/models\/digits$/);
    expect([...first.aliases].sort()).toEqual(['champion', 'default']);

    const second = await attempt('2', { aliases: ['champion'] }, 'gs://my-out/runs/3/model').registered;
    expect(second).toEqual({
      name: first.name,
      version: '2',
      uri: 'gs://my-out/runs/3/model',
      aliases: ['champion'],
    });

    const again = attempt('1', { aliases: ['champion'] });
    expect(await again.registered).toMatchObject({ version: '1', aliases: expect.arrayContaining(['champion']) });
    expect(again.log.texts('notice')).toEqual([
      'The model of this job is uploaded already, as digits@1, and no other version is made.',
      'digits@1 gets the alias champion. It was on version 2.',
    ]);

    const labels = (await api.versions(first.name, `labels.commit="abc"`)).map((version) => version.labels[JOB_LABEL]);
    expect(labels.sort()).toEqual(['1', '2']);
    expect((await api.get(`${first.name}@champion`))?.version).toBe('1');
    expect(await api.uploads(first.name)).toEqual([]);
  });

  test('three jobs at the same time make three versions', async () => {
    const made = await Promise.all(['1', '2', '3'].map((job) => attempt(job, { modelId: 'busy' }).registered));
    expect(made.map(({ version }) => version).sort()).toEqual(['1', '2', '3']);
  });

  test('a folder that is none is refused, and no model is made', async () => {
    const { registered } = attempt('9', { modelId: 'none' }, 'my-out/runs');
    await expect(registered).rejects.toThrow('Vertex AI did not upload my-out/runs as a version of');
    expect(await api.get(`${PARENT}/models/none`)).toBeUndefined();
  });
});
