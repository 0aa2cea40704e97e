import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actionInputs } from '../../../scripts/demo/workflow.ts';
import { readStep } from '../../../src/inputs/step.ts';
import { type Service, startService } from '../../../src/local/service.ts';
import { judgePlan } from '../../../src/plan/plan.ts';
import type { HyperparameterTuningJob } from '../../../src/vertex/types.ts';
import { Client } from '../client.ts';
import { findMachine } from '../machine.ts';

const example = resolve(import.meta.dirname, '../../../examples/conditional');
const image = `example-conditional:test-${process.pid}`;

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: the example with conditional parameters (${machine})\n`);

let service: Service;
let client: Client;

beforeAll(async () => {
  if (!isThere) return;
  await machine.docker('build', '--quiet', '--tag', image, example);
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1, maxCpus: 12, maxMemoryGiB: 45 });
  client = new Client(service.port);
}, 60_000);
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.docker('image', 'rm', image);
  await machine.stop();
});

/** The tuning job that the step of the example's own workflow asks for. */
function plannedJob(): HyperparameterTuningJob {
  const inputs = actionInputs(`${example}/.github/workflows/train.yml`);
  const env = { GITHUB_WORKSPACE: example, ACTIONS_ID_TOKEN_REQUEST_URL: 'set', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'set' };
  const step = readStep(
    env,
    (name) => inputs[name] ?? (name === 'github_token' ? 'a-token' : ''),
    () => {},
  );
  const { plan, errors, warnings } = judgePlan(step);
  expect([errors, warnings]).toEqual([[], []]);
  if (plan?.job.collection !== 'hyperparameterTuningJobs') throw new Error('The example plans no tuning job.');
  return plan.job.resource;
}

/** The names of the parameters that belong to a trial with these values. */
function activeNames({ model, weights }: Readonly<Record<string, unknown>>): string[] {
  if (model === 'polynomial') return ['model', 'degree', 'ridge'];
  return ['model', 'neighbours', 'weights', ...(weights === 'gaussian' ? ['width'] : [])];
}

suite('examples/conditional', () => {
  it('is searched through with the parameters that each trial has, and no others', async () => {
    const { trialJobSpec, ...planned } = plannedJob();
    const [pool] = trialJobSpec.workerPoolSpecs;
    const containerSpec = { ...pool?.containerSpec, imageUri: image };
    const name = await client.create('hyperparameterTuningJobs', {
      ...planned,
      trialJobSpec: { workerPoolSpecs: [{ ...pool, containerSpec }] },
    });
    const job = await client.ended(name);
    expect([job.state, job.error]).toEqual(['JOB_STATE_SUCCEEDED', undefined]);
    const trials = job.trials ?? [];
    expect(trials).toHaveLength(12);
    const output = await client.entries(name, 'workerpool0-0');
    const shapes = new Set<string>();
    for (const { id, state, parameters, measurements, finalMeasurement } of trials) {
      const values = Object.fromEntries(parameters.map(({ parameterId, value }) => [parameterId, value]));
      expect([state, Object.keys(values)]).toEqual(['SUCCEEDED', activeNames(values)]);
      shapes.add(Object.keys(values).join());
      const own = output.filter(({ labels }) => labels?.['ml.googleapis.com/trial_id'] === id);
      // Python's words for a dictionary.
      const given = (own[0]?.textPayload ?? '').replace('training with ', '').replaceAll("'", '"');
      expect(JSON.parse(given)).toEqual(values);
      expect(measurements?.map(({ stepCount }) => stepCount)).toEqual(['1', '2', '3', '4', '5', '6']);
      expect(finalMeasurement).toEqual(measurements?.at(-1));
    }
    expect(shapes.size).toBe(3);
    const errors = trials.map(({ finalMeasurement }) => finalMeasurement?.metrics?.[0]?.value ?? Number.NaN);
    // The noise alone is 0.2.
    expect(Math.min(...errors)).toBeGreaterThan(0.15);
    expect(Math.min(...errors)).toBeLessThan(0.4);
  }, 60_000);
});
