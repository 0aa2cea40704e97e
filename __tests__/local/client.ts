import { setTimeout as delay } from 'node:timers/promises';
import type { CustomJob, HyperparameterTuningJob, LogEntry } from '../../src/vertex/types.ts';
import { IMAGE } from './machine.ts';

export type AnyJob = CustomJob & HyperparameterTuningJob & { readonly name: string };

const ENDED = ['JOB_STATE_SUCCEEDED', 'JOB_STATE_FAILED', 'JOB_STATE_CANCELLED'];

/** A bare REST client for one service. */
export class Client {
  readonly #base: string;
  readonly #token: string | undefined;
  readonly parent = 'projects/my-project/locations/us-central1';

  constructor(port: number, token?: string) {
    this.#base = `http://127.0.0.1:${port}`;
    this.#token = token;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(this.#token === undefined ? {} : { headers: { authorization: `Bearer ${this.#token}` } }),
    });
    return response.json();
  }

  async createCustomJob(containerSpec: object, more: object = {}): Promise<string> {
    const workerPoolSpecs = [{ replicaCount: 1, containerSpec: { imageUri: IMAGE, ...containerSpec } }];
    return this.create('customJobs', { displayName: 'test', jobSpec: { workerPoolSpecs, ...more } });
  }

  async create(collection: string, body: object): Promise<string> {
    const made = (await this.call('POST', `/v1/${this.parent}/${collection}`, body)) as AnyJob;
    if (made.name === undefined) throw new Error(JSON.stringify(made));
    return made.name;
  }

  async get(name: string): Promise<AnyJob> {
    return (await this.call('GET', `/v1/${name}`)) as AnyJob;
  }

  /** Looks until the job is as wanted; the test's own time limit ends a wait in vain. */
  async until(name: string, isWanted: (job: AnyJob) => boolean): Promise<AnyJob> {
    for (;;) {
      const job = await this.get(name);
      if (isWanted(job)) return job;
      await delay(100);
    }
  }

  ended(name: string): Promise<AnyJob> {
    return this.until(name, (job) => ENDED.includes(job.state ?? ''));
  }

  async entries(name: string, task = ''): Promise<LogEntry[]> {
    const id = name.split('/').at(-1);
    const filter = `resource.type="ml_job" AND resource.labels.job_id="${id}"${task && ` AND resource.labels.task_name="${task}"`}`;
    const body = { resourceNames: ['projects/my-project'], filter, pageSize: 1000 };
    const page = (await this.call('POST', '/v2/entries:list', body)) as { readonly entries: LogEntry[] };
    return page.entries;
  }

  /** What a replica wrote. */
  async output(name: string, task = 'workerpool0-0'): Promise<string[]> {
    const texts = (await this.entries(name, task)).map(
      (entry) => entry.textPayload ?? JSON.stringify(entry.jsonPayload),
    );
    return texts.filter((text) => !text.startsWith('Task completed.'));
  }
}
