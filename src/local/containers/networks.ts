import { randomBytes } from 'node:crypto';
import type { Engine } from './engine.ts';
import { JOB_LABEL, SERVICE_LABEL } from './labels.ts';

/**
 * The engine's networks of one service: each job with several replicas has its own, in which its replicas find each
 * other by name; all others share one, since an engine has room for about thirty.
 */
export class Networks {
  readonly #engine: Engine;
  readonly #instance: string;
  #shared: Promise<string> | undefined;

  constructor(engine: Engine, instance: string) {
    this.#engine = engine;
    this.#instance = instance;
  }

  /** A network for one job; whoever asked for it removes it. */
  async forJob(jobId: string): Promise<string> {
    return this.#create(jobId, { [JOB_LABEL]: jobId });
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

  async #create(name: string, labels: Readonly<Record<string, string>>): Promise<string> {
    const unique = `train-on-vertex-${name}-${randomBytes(4).toString('hex')}`;
    return this.#engine.createNetwork(unique, { [SERVICE_LABEL]: this.#instance, ...labels });
  }
}
