import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Backend } from '../../../src/local/containers/backend.ts';
import type { Runtime } from '../../../src/local/containers/runtime.ts';
import { Jobs } from '../../../src/local/jobs/jobs.ts';
import { Registry } from '../../../src/local/models/registry.ts';
import { type Collection, type JobRecord, recordName } from '../../../src/local/resources/store.ts';
import { Scheduler } from '../../../src/local/scheduling/scheduler.ts';
import type { CustomJobSpec, HyperparameterTuningJob } from '../../../src/vertex/types.ts';
import { ManualClock } from '../../preflight/manual-clock.ts';

const place = { project: 'p', projectNumber: '1', location: 'us-central1' };
/** Fills a region of four CPUs. */
const jobSpec: CustomJobSpec = {
  workerPoolSpecs: [{ containerSpec: { imageUri: 'i' }, machineSpec: { machineType: 'n1-standard-4' } }],
};
const EARLIER = '1970-01-01T00:00:00Z';

function recordOf(id: string, fields: object, collection: Collection = 'customJobs', listed = true): JobRecord {
  const name = recordName({ id, place, collection });
  return { id, place, collection, listed, resource: { name, displayName: id, createTime: EARLIER, ...fields } };
}

const running = { jobSpec, state: 'JOB_STATE_RUNNING', startTime: EARLIER };
const queued = { jobSpec, state: 'JOB_STATE_QUEUED' };

function studyOf(fields: Partial<HyperparameterTuningJob>): object {
  return {
    studySpec: {
      metrics: [{ metricId: 'm', goal: 'MINIMIZE' }],
      parameters: [{ parameterId: 'x', integerValueSpec: { minValue: '1', maxValue: '9' } }],
    },
    trialJobSpec: jobSpec,
    maxTrialCount: 1,
    parallelTrialCount: 1,
    maxFailedTrialCount: 1,
    ...fields,
  };
}

/** Jobs whose programs run until they are let go, in a region of four CPUs. */
function regionOf() {
  const programs = new Map<string, () => void>();
  const seen: string[] = [];
  const backend: Backend = {
    prepare: async () => {},
    hasGpus: async () => false,
    conduct: (_runtime, { controller, live }) => live(controller.signal),
    run: async (_runtime, { record, signal, onRunning }) => {
      seen.push(record.id);
      onRunning();
      await new Promise<void>((resolve, reject) => {
        programs.set(record.id, resolve);
        signal.addEventListener('abort', () => reject(signal.reason));
        if (signal.aborted) reject(signal.reason);
      });
      return { replica: 'workerpool0-0', exit: { exitCode: 0, oomKilled: false } };
    },
    close: async (_runtime, ended) => void (await ended),
  };
  const clock = new ManualClock();
  const runtime = {
    backend,
    clock,
    logs: { service: () => {}, append: () => {} },
    folders: { metricText: async () => '' },
  } as unknown as Runtime;
  const scheduler = new Scheduler({ machine: async () => ({ cpus: 4, memoryGiB: 15 }) });
  const jobs = new Jobs(runtime, () => 'new', new Registry(clock, () => 'new', undefined), scheduler);
  const settled = async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    jobs,
    seen,
    async resume(...records: JobRecord[]) {
      jobs.resume(records);
      await settled();
    },
    async end(id: string) {
      programs.get(id)?.();
      await settled();
    },
  };
}

describe('jobs that are taken up', () => {
  let region: ReturnType<typeof regionOf>;
  beforeEach(() => {
    region = regionOf();
  });
  afterEach(() => region.jobs.close());

  const stateOf = ({ resource }: JobRecord) => resource.state;

  it('run on at once where they ran, before those that waited, however old; the others come in their order', async () => {
    const [first, second, third] = [recordOf('1', queued), recordOf('2', running), recordOf('3', queued)];
    await region.resume(first, second, third);
    expect([first, second, third].map(stateOf)).toEqual(['JOB_STATE_QUEUED', 'JOB_STATE_RUNNING', 'JOB_STATE_QUEUED']);
    expect(second.resource.startTime).toBe(EARLIER);
    await region.end('2');
    await region.end('1');
    expect([first, second, third].map(stateOf)).toEqual([
      'JOB_STATE_SUCCEEDED',
      'JOB_STATE_SUCCEEDED',
      'JOB_STATE_RUNNING',
    ]);
    expect(region.seen).toEqual(['2', '1', '3']);
  });

  it('run on side by side where they did, though there is room for one only now', async () => {
    await region.resume(recordOf('1', running), recordOf('2', running), recordOf('3', queued));
    expect(region.seen).toEqual(['1', '2']);
    await region.end('1');
    expect(region.seen).toEqual(['1', '2']);
    await region.end('2');
    expect(region.seen).toEqual(['1', '2', '3']);
  });

  it('may be trials, whose room nobody else gets until their study goes on', async () => {
    const trialJob = recordOf('3', running, 'customJobs', false);
    const trial = { id: '1', state: 'ACTIVE' as const, parameters: [], customJob: recordName(trialJob) };
    const study = studyOf({
      state: 'JOB_STATE_RUNNING',
      startTime: EARLIER,
      trials: [{ ...trial, startTime: EARLIER }],
    });
    const waiting = recordOf('1', queued);
    await region.resume(waiting, recordOf('2', study, 'hyperparameterTuningJobs'), trialJob);
    expect(region.seen).toEqual(['3']);
    expect(stateOf(waiting)).toBe('JOB_STATE_QUEUED');
    await region.end('3');
    expect(stateOf(waiting)).toBe('JOB_STATE_RUNNING');
  });

  it('keep no room where they had ended, or had been cancelled', async () => {
    const ended = recordOf('1', { ...running, state: 'JOB_STATE_SUCCEEDED' });
    const cancelled = recordOf('2', { ...running, state: 'JOB_STATE_CANCELLING' });
    const waiting = recordOf('3', queued);
    await region.resume(ended, cancelled, waiting);
    expect([ended, cancelled, waiting].map(stateOf)).toEqual([
      'JOB_STATE_SUCCEEDED',
      'JOB_STATE_CANCELLED',
      'JOB_STATE_RUNNING',
    ]);
  });

  it('leave no room taken by a trial that its study, being cancelled, never comes to', async () => {
    const trialJob = recordOf('3', running, 'customJobs', false);
    const trial = { id: '1', state: 'ACTIVE' as const, parameters: [], customJob: recordName(trialJob) };
    const study = studyOf({ state: 'JOB_STATE_CANCELLING', trials: [trial] });
    const waiting = recordOf('4', queued);
    await region.resume(recordOf('2', study, 'hyperparameterTuningJobs'), trialJob, waiting);
    expect(stateOf(waiting)).toBe('JOB_STATE_RUNNING');
  });
});
