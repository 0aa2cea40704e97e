import { fixedCredentials } from '../../src/google/credentials.ts';
import { modelsApi } from '../../src/google/models.ts';
import { objectsApi } from '../../src/google/objects.ts';
import { CLOUD_TEMPO } from '../../src/job/tempo.ts';
import type { Outputs } from '../../src/report/outputs.ts';
import type { About } from '../../src/run/conclude.ts';
import type { Base } from '../../src/run/run.ts';
import { Masks } from '../../src/runner/masks.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { recordingLog } from '../ground/recording-log.ts';
import { type Given, inputsOf } from '../inputs/given.ts';
import { job } from '../job/jobs.ts';
import { RUN } from '../plan/run.ts';

/** The bucket that the service on loopback holds is called `bucket`. */
export const OUTPUT = 'gs://bucket/run';
/** When the job of these tests was made; objects are written an hour and a half later where nothing else is said. */
export const MADE_AT = '2026-11-23T07:30:00Z';

/** A job without trials that has succeeded, with an output folder. */
export const succeeded = (more: Partial<Job> = {}): Job =>
  job('SUCCEEDED', {
    createTime: MADE_AT,
    startTime: '2026-11-23T07:31:00Z',
    endTime: '2026-11-23T09:30:00Z',
    spec: { outputUri: OUTPUT, tensorboard: undefined, pools: [] },
    ...more,
  });

export const ABOUT: About = { metrics: [], machines: [], image: undefined, baseline: undefined, upload: undefined };

export interface WorldOptions {
  readonly given?: Given;
  /** Cloud Storage's base address, and the model registry's. */
  readonly storage?: string;
  readonly registry?: string;
  readonly workspace?: string;
  readonly tempFolder?: string;
  /** What the step has asked the runner to hide. */
  readonly secrets?: readonly string[];
  readonly over?: Partial<Base>;
}

/** What a step stands on once its job has ended, in simulated time; what it told and handed on is kept. */
export function worldOf({ given = {}, storage, registry, secrets = [], over = {}, ...folders }: WorldOptions = {}) {
  const masks = new Masks();
  for (const secret of secrets) masks.add(secret);
  const log = recordingLog();
  const outputs: Outputs = {};
  const summaries: string[] = [];
  const nowhere = 'http://127.0.0.1:1';
  const base = {
    step: { inputs: inputsOf(given), context: RUN, workspace: '', tempFolder: '', standingLocal: false, ...folders },
    region: {
      objects: objectsApi(storage ?? nowhere, fixedCredentials('TOKEN')),
      modelsIn: () => modelsApi(registry ?? nowhere, fixedCredentials('TOKEN')),
      tempo: CLOUD_TEMPO,
    },
    log,
    clock: new SimulatedClock(Date.parse('2026-11-23T10:00:00Z')),
    random: () => 0.5,
    env: {},
    signal: new AbortController().signal,
    setOutputs: (more: Outputs) => void Object.assign(outputs, more),
    redact: (text: string) => masks.redact(text),
    writeSummary: async (markdown: string) => void summaries.push(markdown),
    ...over,
  } as unknown as Base;
  return { base, log, outputs, summaries };
}
