import type { VertexApi } from '../../src/google/vertex.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import type { Trial, TrialState } from '../../src/vertex/types.ts';

export const CUSTOM = 'projects/1/locations/us-central1/customJobs/77';
export const TUNING = 'projects/1/locations/us-central1/hyperparameterTuningJobs/88';

export function job(state: string, more: Partial<Job> = {}): Job {
  return {
    name: CUSTOM,
    state,
    error: undefined,
    labels: {},
    createTime: '2026-11-01T00:00:00Z',
    startTime: undefined,
    endTime: undefined,
    trials: [],
    backing: undefined,
    ...more,
  };
}

export function trial(
  id: string,
  state: TrialState,
  metrics?: Record<string, number>,
  more: Partial<Trial> = {},
): Trial {
  return {
    id,
    state,
    parameters: [],
    ...(metrics === undefined
      ? {}
      : { finalMeasurement: { metrics: Object.entries(metrics).map(([metricId, value]) => ({ metricId, value })) } }),
    ...more,
  };
}

const unexpected = (call: string) => async (): Promise<never> => {
  throw new Error(`${call} was not expected`);
};

/** Vertex AI with the calls that a test gives; any other is an error. */
export function vertex(calls: Partial<VertexApi>): VertexApi {
  return {
    create: unexpected('create'),
    get: unexpected('get'),
    list: unexpected('list'),
    cancel: unexpected('cancel'),
    modelExists: unexpected('modelExists'),
    ...calls,
  };
}

/** A call that gives or throws each of the answers in turn, and the last one ever after. */
export function answers<T>(...all: (T | Error)[]): (() => Promise<T>) & { count: number } {
  const call = async (): Promise<T> => {
    const answer = all[Math.min(call.count, all.length - 1)];
    call.count += 1;
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer is left');
    return answer;
  };
  call.count = 0;
  return call;
}
