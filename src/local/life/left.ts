import { messageOf, UserError } from '../../faults.ts';
import type { HyperparameterTuningJob } from '../../vertex/types.ts';
import type { Engine } from '../containers/engine/engine.ts';
import type { Labelled, Listing } from '../containers/engine/engine-listing.ts';
import { JOB_LABEL, REPLICA_LABEL, SERVICE_LABEL } from '../containers/engine/labels.ts';
import { type JobRecord, recordName } from '../resources/store.ts';
import { isTerminal } from '../resources/types.ts';

/** What the engine still has of a job that an earlier process of the service ran. */
export interface LeftJob {
  /** By the replicas' names. */
  readonly containers: ReadonlyMap<string, Labelled>;
  /** The job's own. */
  readonly network: Labelled | undefined;
}

/**
 * The ids of the custom jobs that go on: those of their own, and those of the open trials of tuning jobs that do. What is
 * left of all others is left by mistake.
 */
export function goingOn(records: readonly JobRecord[]): Set<string> {
  const ids = new Map(records.map((record) => [recordName(record), record.id]));
  const live = records.filter(({ listed, resource }) => listed && !isTerminal(resource));
  const own = live.filter(({ collection }) => collection === 'customJobs').map(({ id }) => id);
  const trials = live.flatMap(({ resource }) => (resource as Partial<HyperparameterTuningJob>).trials ?? []);
  const open = trials.filter(({ endTime }) => endTime === undefined);
  return new Set([...own, ...open.flatMap(({ customJob = '' }) => ids.get(customJob) ?? [])]);
}

/** Containers and networks of an earlier process of the service. */
export class Left {
  readonly #engine: Engine;
  readonly #jobs = new Map<string, { readonly containers: Map<string, Labelled>; network: Labelled | undefined }>();
  readonly #astray: { readonly containers: Labelled[]; readonly networks: Labelled[] } = {
    containers: [],
    networks: [],
  };
  #shared: Labelled | undefined;

  /** `jobs` has the ids of the custom jobs that go on. */
  constructor(engine: Engine, jobs: ReadonlySet<string>, { containers, networks }: Listing) {
    this.#engine = engine;
    for (const id of jobs) this.#jobs.set(id, { containers: new Map(), network: undefined });
    for (const container of containers) this.#sortContainer(container);
    for (const network of networks) this.#sortNetwork(network);
  }

  /** Of two containers of one replica the later one counts, which the engine lists first. */
  #sortContainer(container: Labelled): void {
    const job = this.#jobs.get(container.label(JOB_LABEL) ?? '');
    const replica = container.label(REPLICA_LABEL);
    if (job === undefined || replica === undefined || job.containers.has(replica)) {
      this.#astray.containers.push(container);
    } else {
      job.containers.set(replica, container);
    }
  }

  #sortNetwork(network: Labelled): void {
    const jobId = network.label(JOB_LABEL);
    const job = this.#jobs.get(jobId ?? '');
    if (job !== undefined && job.network === undefined) job.network = network;
    else if (jobId === undefined && this.#shared === undefined) this.#shared = network;
    else this.#astray.networks.push(network);
  }

  /** The network of the jobs with a single replica. */
  get shared(): string | undefined {
    return this.#shared?.id;
  }

  /** What `take` would give. */
  peek(jobId: string): LeftJob | undefined {
    return this.#jobs.get(jobId);
  }

  /** What is left of a job, maybe nothing; undefined for one that did not go on, and from the second time. */
  take(jobId: string): LeftJob | undefined {
    const job = this.#jobs.get(jobId);
    this.#jobs.delete(jobId);
    return job;
  }

  /** Removes what belongs to no job that goes on; `onFault` hears what could not be. */
  async clear(onFault: (error: unknown) => void): Promise<void> {
    const { containers, networks } = this.#astray;
    await Promise.all(containers.map(({ id }) => this.#engine.remove(id).catch(onFault)));
    await Promise.all(networks.map(({ id }) => this.#engine.removeNetwork(id).catch(onFault)));
  }
}

interface FindOptions {
  readonly engine: Engine;
  readonly instance: string;
  /** Of an earlier process of the service; those of the jobs that need no engine left out. */
  readonly records: readonly JobRecord[];
}

/**
 * Looks for what an earlier process of the service left on the engine; undefined where that cannot be asked and no job is
 * waiting there. Throws UserError where one is.
 */
export async function findLeft({ engine, instance, records }: FindOptions): Promise<Left | undefined> {
  const jobs = goingOn(records);
  try {
    return new Left(engine, jobs, await engine.labelled(`${SERVICE_LABEL}=${instance}`));
  } catch (error) {
    if (jobs.size === 0) return undefined;
    throw new UserError(
      `${jobs.size === 1 ? 'A job has' : `${jobs.size} jobs have`} not ended that an earlier local region ran, and what became of ${jobs.size === 1 ? 'it' : 'them'} cannot be seen: ${messageOf(error)} Start the engine, or begin anew with another folder by --data.`,
      { cause: error },
    );
  }
}
