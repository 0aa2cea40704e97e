import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../src/local/service.ts';
import { findMachine, IMAGE } from './machine.ts';
import { findPython, lastLine, versionOf } from './python/machine.ts';

const python = await findPython();
const machine = typeof python === 'string' ? python : await findMachine();
const isThere = typeof machine !== 'string' && typeof python !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: Google's Python SDK against the local region (${machine})\n`);

let service: Service;
let folder = '';
let found: unknown;

beforeAll(async () => {
  if (!isThere) return;
  folder = await mkdtemp(join(tmpdir(), 'python-sdk-'));
  service = await startService({ port: 0, engine: machine.address, data: folder, tls: true, graceSeconds: 1 });
  const env = { REQUESTS_CA_BUNDLE: service.certificate?.bundleFile ?? '' };
  found = lastLine(await python('training.py', [`localhost:${service.port}`, IMAGE], env));
}, 120_000);
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
  await rm(folder, { recursive: true });
});

const nameOf = (collection: string) =>
  expect.stringMatching(`^projects/\\d+/locations/us-central1/${collection}/\\d{19}$`);

suite(`google-cloud-aiplatform ${versionOf('google-cloud-aiplatform')}, unmodified, over REST and TLS`, () => {
  it('runs a custom job to its end, finds it in a list and deletes it', () => {
    expect(found).toMatchObject({
      custom: { name: nameOf('customJobs'), state: 'JOB_STATE_SUCCEEDED', labels: { team: 'vision' } },
      listed: ['custom'],
      afterDelete: [],
    });
  });

  it('raises what a job failed with', () => {
    const error = expect.stringContaining('The replica workerpool0-0 exited with a non-zero status of 3.');
    expect(found).toMatchObject({ failing: { state: 'JOB_STATE_FAILED', error } });
  });

  it('runs a tuning job and reads its trials', () => {
    const trial = (id: string) => ({
      id,
      state: 'SUCCEEDED',
      parameters: {
        rate: expect.any(Number),
        layers: expect.any(Number),
        kind: expect.stringMatching(/^(small|large)$/),
        batch: expect.any(Number),
      },
      metrics: [['accuracy', 0.5]],
      step: 3,
    });
    expect(found).toMatchObject({ tuning: { state: 'JOB_STATE_SUCCEEDED', trials: ['1', '2', '3'].map(trial) } });
  });

  it('runs a training pipeline, and has the model of what it wrote', async () => {
    expect(found).toMatchObject({
      training: { state: 'PIPELINE_STATE_SUCCEEDED', backing: nameOf('customJobs') },
      model: {
        name: nameOf('models'),
        displayName: 'from-sdk',
        uri: 'gs://staging/run/model/',
        version: '1',
        aliases: ['default'],
        listed: ['from-sdk'],
      },
    });
    expect(await readFile(join(folder, 'gcs/staging/run/model/model.bin'), 'utf8')).toBe('weights\n');
  });
});
