import { isRecord } from '../../../src/json.ts';
import { ApiError } from '../../../src/local/api/errors.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const pool = {
  machineSpec: { machineType: 'n1-standard-4' },
  replicaCount: '1',
  containerSpec: { imageUri: 'image' },
};
export const spec = { workerPoolSpecs: [pool] };
export const job = { displayName: 'job', jobSpec: spec };

/** The valid job with its spec, first pool, machine or container changed. */
export const withSpec = (change: Fields) => ({ ...job, jobSpec: { ...spec, ...change } });
export const withPool = (change: Fields) => withSpec({ workerPoolSpecs: [{ ...pool, ...change }] });
export const withMachine = (machineSpec: Fields) => withPool({ machineSpec });
export const withContainer = (change: Fields) => withPool({ containerSpec: { imageUri: 'image', ...change } });

export const study = {
  metrics: [{ metricId: 'm', goal: 'MAXIMIZE' }],
  parameters: [{ parameterId: 'p', integerValueSpec: { minValue: '1', maxValue: '9' } }],
};
export const tuning = {
  displayName: 'tuning',
  studySpec: study,
  maxTrialCount: 4,
  parallelTrialCount: 2,
  trialJobSpec: spec,
};
export const withStudy = (change: Fields) => ({ ...tuning, studySpec: { ...study, ...change } });
export const withParameter = (change: Fields) => withStudy({ parameters: [{ parameterId: 'p', ...change }] });

/** What reading was refused with, status first; `accepted` where it was not. */
export function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ApiError) return `${error.rpc}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

/** Every violation as `path: description`, from the error's details, or the message where there are none. */
export function violations(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [detail] = error.details;
    const list = isRecord(detail) && Array.isArray(detail['fieldViolations']) ? detail['fieldViolations'] : undefined;
    return list?.map(({ field, description }) => `${field}: ${description}`) ?? [error.message];
  }
  return [];
}
