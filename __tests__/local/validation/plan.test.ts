import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InputName } from '../../../src/inputs/raw.ts';
import { readCustomJob, readTuningJob } from '../../../src/local/validation/job.ts';
import { readPipeline } from '../../../src/local/validation/pipeline.ts';
import type { JobPlan } from '../../../src/plan/job.ts';
import type { PlanVerdict } from '../../../src/plan/plan.ts';
import type { Given } from '../../inputs/given.ts';
import { judge, TUNING } from '../../plan/request/judge.ts';
import { violations } from './requests.ts';

/** What the action sends is taken, unless the plan has warned that Vertex AI may refuse it. */

const READ = { customJobs: readCustomJob, hyperparameterTuningJobs: readTuningJob, trainingPipelines: readPipeline };

/** As it comes over the wire. */
const refused = ({ collection, resource }: JobPlan) =>
  violations(() => READ[collection](JSON.parse(JSON.stringify(resource)))).filter((each) => !OWN_LIMIT.test(each));

/** What of it this service alone refuses: its search counts in doubles. */
const OWN_LIMIT = /: This service takes integers of at most/;

/** Warnings of the plan for what documentation excludes and a newer API may have. */
const DOUBTFUL = new Set(['machine-unlisted', 'disk-type']);
const isDoubtful = ({ warnings }: PlanVerdict) => warnings.some(({ rule }) => DOUBTFUL.has(rule));

/** Words of inputs that a plan can take, in combinations that it may not. */
const WORDS: Partial<Record<InputName, readonly string[]>> = {
  region: ['us-central1', 'local', 'europe-west4'],
  machine_type: [
    '',
    'n1-standard-8',
    'g2-standard-24',
    'ct5lp-hightpu-4t',
    'cloud-tpu',
    'a2-megagpu-16g',
    'c3-standard-8',
  ],
  accelerator_type: ['', 'l4', 'NVIDIA_TESLA_T4', 'a100', 'gb200', 'TPU_V2', 'v100', 'h100'],
  accelerator_count: ['', '1', '2', '4', '8'],
  tpu_topology: ['', '2x2', '4x4', '9x9'],
  replica_count: ['', '1', '4', '900'],
  reduction_servers: ['', '1', '2'],
  evaluators: ['', '1'],
  boot_disk_size_gb: ['', '100', '64000'],
  boot_disk_type: ['', 'pd-ssd', 'pd-standard', 'hyperdisk-balanced', 'pd-balanced'],
  command: ['', 'python\n-m\nx'],
  args: ['', '--x\n--y'],
  env_vars: ['', 'A=1\nB=2', 'A:'],
  metrics: ['', 'a: maximize', 'a: maximize\nb: minimize', '[{ metricId: x }]'],
  parameters: [
    '',
    'p: [1, 2]',
    'p: { min: 0, max: 1 }',
    'p: { min: 0.1, max: 1, scale: log }',
    'p: { min: 1, max: 100, scale: reverse_log }',
    'p: [a, b]\nq: { min: 1, max: 2, when: { p: [a] } }',
    'p: [1.5, 2.5]\nq: { min: 1, max: 2, when: { p: [2.5] } }\nr: { min: 1, max: 9 }\ns: { min: 0.0, max: 1.0, when: { r: [3, 4] } }',
  ],
  max_trials: ['', '1', '20'],
  parallel_trials: ['', '1', '5'],
  max_failed_trials: ['', '0', '3'],
  algorithm: ['', 'GRID_SEARCH', 'random_search'],
  early_stopping: ['', 'median', 'decay_curve', 'convex'],
  measurement_selection: ['', 'last', 'best'],
  timeout: ['', '90m', '1d', '30d'],
  strategy: ['', 'SPOT', 'flex-start'],
  max_wait_duration: ['', '6h', '0s'],
  network: ['', 'projects/1/global/networks/n'],
  persistent_resource_id: ['', 'mine'],
  kms_key: ['', 'projects/p/locations/l/keyRings/r/cryptoKeys/k'],
  tensorboard: ['', 'projects/p/locations/l/tensorboards/1'],
  enable_web_access: ['', 'true'],
  disable_retries: ['', 'true'],
  restart_job_on_worker_restart: ['', 'true'],
  model: ['', 'digits'],
  serving_image: ['', 'us-docker.pkg.dev/p/serve:1'],
  serving_ports: ['', '8080'],
  labels: ['', 'a=b', 'größe=x'],
  job_service_account: ['', 'a@p.iam.gserviceaccount.com'],
  output_uri: ['', 'gs://bucket/x'],
};

const MODEL: Given = { model: 'digits', serving_image: 'us-docker.pkg.dev/p/serve:1', output_uri: 'gs://bucket/x' };

/** A job of each kind with a handful of inputs changed. */
const someInputs: fc.Arbitrary<Given> = fc
  .tuple(
    fc.constantFrom<Given[]>({}, TUNING, MODEL, { ...TUNING, ...MODEL }),
    fc.array(
      fc
        .constantFrom(...Object.entries(WORDS))
        .chain(([name, words]) => fc.tuple(fc.constant(name), fc.constantFrom(...words))),
      { maxLength: 6 },
    ),
  )
  .map(([base, changes]) => ({ ...base, ...Object.fromEntries(changes) }));

describe('what the plan makes', () => {
  const folder = new URL('../../plan/gcloud/configs/', import.meta.url);

  it.each(readdirSync(folder))('of the config %s is taken', (name) => {
    const { plan, errors } = judge({ variables: 'A=b' }, readFileSync(new URL(name, folder), 'utf8'));
    expect(errors).toEqual([]);
    expect(plan && refused(plan.job)).toEqual([]);
  });

  it('of any inputs is taken', () => {
    const made = { customJobs: 0, hyperparameterTuningJobs: 0, trainingPipelines: 0 };
    fc.assert(
      fc.property(someInputs, (given) => {
        const verdict = judge(given);
        if (verdict.plan === undefined || isDoubtful(verdict)) return;
        made[verdict.plan.job.collection] += 1;
        expect(refused(verdict.plan.job)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    // The test would say nothing if no inputs made a plan.
    for (const count of Object.values(made)) expect(count).toBeGreaterThan(50);
  });
});
