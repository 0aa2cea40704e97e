import type { CustomJob, CustomJobSpec } from '../../vertex/types.ts';
import type { JobRecord } from '../resources/store.ts';
import type { Decision } from '../resources/types.ts';
import { SERVICE_LABEL } from './engine/labels.ts';
import { ensureImages } from './images.ts';
import { continuation, removeLeft } from './pools/adopt.ts';
import type { PoolsRun } from './pools/pools-run.ts';
import { runPools } from './pools/worker-pools.ts';
import { replicaName, seatsOf } from './replica/environment.ts';
import type { Runtime } from './runtime.ts';

/** A job that is to be run. */
export interface Conducted {
  readonly record: JobRecord;
  /** Aborts to end the job. */
  readonly controller: AbortController;
  /** Runs the job to its end; does not reject. */
  live(signal: AbortSignal): Promise<void>;
}

export interface Preparation {
  readonly record: JobRecord;
  /** Of the job, or of each of its trials. */
  readonly spec: CustomJobSpec;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** What jobs run on. */
export interface Backend {
  /** Sees to it that every image of the job is there. Throws `ImageError` where it cannot. */
  prepare(runtime: Runtime, preparation: Preparation): Promise<void>;
  /** Whether the GPUs that a job asks for can be given. */
  hasGpus(runtime: Runtime, spec: CustomJobSpec): Promise<boolean>;
  /** Runs the replicas of a job until one decides it. Throws the signal's reason when that aborts. */
  run(runtime: Runtime, run: PoolsRun): Promise<Decision>;
  /** Takes a job from its making to its end; does not reject. */
  conduct(runtime: Runtime, job: Conducted): Promise<void>;
  /** Waits for the jobs, all of which have been cancelled, and removes what they left. */
  close(runtime: Runtime, ended: Promise<unknown>): Promise<void>;
}

/** Whether an earlier process of the service began the job, so that it goes on with what is left, or has come to its end. */
async function hasBegun(runtime: Runtime, record: JobRecord): Promise<boolean> {
  const left = runtime.left?.peek(record.id);
  if (left === undefined) return false;
  const job = record as JobRecord<CustomJob>;
  if (continuation(job, seatsOf(job.resource.jobSpec).map(replicaName), left) !== 'anew') return true;
  runtime.left?.take(record.id);
  await removeLeft(runtime, left);
  return false;
}

/** Containers of the Docker engine. */
export const dockerBackend: Backend = {
  prepare: async (runtime, preparation) => {
    if (await hasBegun(runtime, preparation.record)) return;
    await ensureImages(runtime, preparation.spec, preparation.signal, preparation.say);
  },
  hasGpus: ({ engine }) => engine.hasGpus(),
  run: runPools,
  conduct: (_runtime, { controller, live }) => live(controller.signal),
  close: async ({ engine, instance }, ended) => {
    await ended;
    const left = await engine.labelled(`${SERVICE_LABEL}=${instance}`);
    for (const { id } of left.containers) await engine.remove(id);
    for (const { id } of left.networks) await engine.removeNetwork(id);
  },
};
