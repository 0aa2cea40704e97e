import { randomBytes } from 'node:crypto';
import { addressesIn } from './addresses.ts';
import type { Engine } from './engine.ts';
import type { Labelled } from './engine-listing.ts';
import { ADDRESSES_LABEL, JOB_LABEL, SERVICE_LABEL } from './labels.ts';

/** What a job's containers are connected by. */
export interface JobNetwork {
  readonly id: string;
  /** The address of each replica, known before any runs; undefined where the engine chooses them. */
  readonly addresses: readonly string[] | undefined;
}

/**
 * The engine's networks of one service: each job with several replicas has its own, in which its replicas find each
 * other by name; all others share one, since an engine has room for about thirty.
 */
export class Networks {
  readonly #engine: Engine;
  readonly #instance: string;
  #shared: Promise<string> | undefined;
  /** Networks are made one after the other, so that none takes the subnet that another just gave back. */
  #turn: Promise<unknown> = Promise.resolve();

  /** `shared` is the id of the shared network where an earlier process of the service made it. */
  constructor(engine: Engine, instance: string, shared?: string) {
    this.#engine = engine;
    this.#instance = instance;
    this.#shared = shared === undefined ? undefined : Promise.resolve(shared);
  }

  /** The network that an earlier process of the service made for a job. */
  async takeUp({ id, label }: Labelled, replicas: number): Promise<JobNetwork> {
    if (label(ADDRESSES_LABEL) === undefined) return { id, addresses: undefined };
    return { id, addresses: addressesIn((await this.#engine.subnetOf(id)) ?? '', replicas) };
  }

  /** A network for one job; whoever asked for it removes it. */
  async forJob(jobId: string, replicas: number): Promise<JobNetwork> {
    const made = this.#turn.then(() => this.#withAddresses(jobId, replicas));
    this.#turn = made.catch(() => {});
    return made;
  }

  /**
   * The engine lets addresses be chosen only where the subnet was given: the one that it picked itself is free, so it is
   * asked for by name. Where another program was quicker the addresses are the engine's.
   */
  async #withAddresses(jobId: string, replicas: number): Promise<JobNetwork> {
    const labels = { [JOB_LABEL]: jobId };
    const id = await this.#create(jobId, labels);
    const subnet = await this.#engine.subnetOf(id);
    const addresses = addressesIn(subnet ?? '', replicas);
    if (addresses === undefined) return { id, addresses };
    await this.#engine.removeNetwork(id);
    try {
      return { id: await this.#create(jobId, { ...labels, [ADDRESSES_LABEL]: 'chosen' }, subnet), addresses };
    } catch {
      return { id: await this.#create(jobId, labels), addresses: undefined };
    }
  }

  /** The network of the jobs with a single replica: made when first needed, gone when the service closes. */
  async shared(): Promise<string> {
    this.#shared ??= this.#create('shared', {});
    try {
      return await this.#shared;
    } catch (error) {
      this.#shared = undefined;
      throw error;
    }
  }

  async #create(name: string, labels: Readonly<Record<string, string>>, subnet?: string): Promise<string> {
    const unique = `train-on-vertex-${name}-${randomBytes(4).toString('hex')}`;
    return this.#engine.createNetwork(unique, { [SERVICE_LABEL]: this.#instance, ...labels }, subnet);
  }
}
