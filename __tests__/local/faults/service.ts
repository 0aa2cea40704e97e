import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixedCredentials } from '../../../src/google/credentials.ts';
import { type LoggingApi, loggingApi } from '../../../src/google/logging.ts';
import { type VertexApi, vertexApi } from '../../../src/google/vertex.ts';
import { type ServiceOptions, startService } from '../../../src/local/service.ts';
import type { Clock } from '../../../src/retry.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import type { CustomJob, HyperparameterTuningJob, LogEntry, TrainingPipeline } from '../../../src/vertex/types.ts';
import { FaultClient } from './client.ts';

export const PARENT = 'projects/my-project/locations/us-central1';

/** An engine that is not there: simulated jobs need none. */
export const NO_ENGINE = { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') };

/** Time that passes only when a test says so, through the service's own faults. */
export const standingClock: Clock = {
  now: () => Date.parse('2026-11-01T12:00:00Z'),
  sleep: (ms, signal) =>
    ms <= 0
      ? Promise.resolve()
      : new Promise((_resolve, reject) => {
          if (signal?.aborted) reject(signal.reason);
          signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
};

/** A service's clients, each made when it is first asked for: Google's own take their time. */
class Clients {
  readonly #url: string;
  readonly #credentials: ReturnType<typeof fixedCredentials>;
  #vertex: VertexApi | undefined;

  constructor(url: string, token = 'any') {
    this.#url = url;
    this.#credentials = fixedCredentials(token);
  }

  get vertex(): VertexApi {
    this.#vertex ??= vertexApi({ url: this.#url, credentials: this.#credentials });
    return this.#vertex;
  }

  get logging(): LoggingApi {
    return loggingApi(this.#url, this.#credentials);
  }

  /** All entries of a job that can be read now, as they come. */
  async entries(job: string): Promise<LogEntry[]> {
    const filter = `resource.type="ml_job" AND resource.labels.job_id="${job.split('/').at(-1)}"`;
    const found: LogEntry[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.logging.list({ project: 'my-project', filter, pageToken });
      found.push(...page.entries);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return found;
  }
}

/** A service that fails on demand, with this project's own clients. */
export class Opened extends Clients {
  readonly url: string;
  readonly port: number;
  readonly faults: FaultClient;
  readonly #close: () => Promise<void>;

  constructor(port: number, token?: string, close: () => Promise<void> = async () => {}) {
    const url = `http://127.0.0.1:${port}`;
    super(url, token);
    this.url = url;
    this.port = port;
    this.faults = new FaultClient(url, token);
    this.#close = close;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** Starts it in this process, without an engine and with a folder of its own. */
export async function openService(options: Partial<ServiceOptions> = {}): Promise<Opened> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'faults-')));
  const service = await startService({ port: 0, engine: NO_ENGINE, faults: true, ...options, data });
  return new Opened(service.port, options.token, async () => {
    await service.close();
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  });
}

const pool = (name: string, replicaCount = '1') => ({
  replicaCount,
  machineSpec: { machineType: 'n1-standard-4' },
  containerSpec: { imageUri: `simulated/${name}` },
});

/** A custom job that a script of that name plays. */
export function customJob(script: string, more: Partial<CustomJob> = {}): CustomJob {
  return { displayName: 'job', jobSpec: { workerPoolSpecs: [pool(script)] }, ...more };
}

/** With a worker beside the primary replica. */
export function wideJob(script: string): CustomJob {
  return { displayName: 'job', jobSpec: { workerPoolSpecs: [pool(script), pool(script)] } };
}

export function tuningJob(script: string, more: Partial<HyperparameterTuningJob> = {}): HyperparameterTuningJob {
  return {
    displayName: 'study',
    studySpec: {
      metrics: [{ metricId: 'loss', goal: 'MINIMIZE' }],
      parameters: [{ parameterId: 'layers', integerValueSpec: { minValue: '1', maxValue: '8' } }],
    },
    maxTrialCount: 4,
    parallelTrialCount: 2,
    maxFailedTrialCount: 4,
    trialJobSpec: { workerPoolSpecs: [pool(script)] },
    ...more,
  };
}

export function pipeline(script: string): TrainingPipeline {
  return {
    displayName: 'pipeline',
    trainingTaskDefinition: 'gs://google-cloud-aiplatform/schema/trainingjob/definition/custom_task_1.0.0.yaml',
    trainingTaskInputs: { workerPoolSpecs: [pool(script)] },
  };
}

/** Looks until the job is in one of the states; the test's own time limit ends a wait in vain. */
export async function reached({ vertex }: Pick<Opened, 'vertex'>, name: string, ...states: string[]): Promise<Job> {
  for (;;) {
    const job = await vertex.get(name);
    if (states.includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const ENDS = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'];

/** What the programs of a job wrote, in the order in which it is read. */
export function texts(entries: readonly LogEntry[], task = 'workerpool0-0'): string[] {
  return entries
    .filter(({ resource }) => resource?.labels?.['task_name'] === task)
    .map(({ textPayload, jsonPayload }) => textPayload ?? JSON.stringify(jsonPayload))
    .filter((text) => !text.startsWith('Task completed.'));
}
