import { JOB_NAME } from '../vertex/jobs.ts';
import type { Faults } from './collect.ts';
import type { CourseInputs, JobName } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import { parseBoolean, parseDuration, parsePattern, parseWord } from './scalars.ts';

/** What becomes of the job from its submission to its end. */
export function parseCourse(faults: Faults, raw: RawInputs): CourseInputs {
  const seconds = (input: 'detach_after' | 'failover_after') =>
    raw(input) === '' ? undefined : parseDuration(faults, input, raw(input));
  return {
    job: parseJob(faults, raw),
    onRerun: parseWord(faults, 'on_rerun', raw('on_rerun'), ['attach', 'new']) ?? 'attach',
    supersede: parseBoolean(faults, 'supersede', raw('supersede') || 'false'),
    onCancel: parseWord(faults, 'on_cancel', raw('on_cancel'), ['cancel', 'detach']) ?? 'cancel',
    detachAfterSeconds: seconds('detach_after'),
    failoverAfterSeconds: seconds('failover_after'),
    onMissingMetric: parseWord(faults, 'on_missing_metric', raw('on_missing_metric'), ['stop', 'warn']) ?? 'stop',
    logs: parseWord(faults, 'logs', raw('logs'), ['all', 'errors', 'none']) ?? 'all',
  };
}

/** A job that stands already is in the region that its name tells. */
function parseJob(faults: Faults, raw: RawInputs): JobName | undefined {
  const accepted =
    "Write a job's full name, as the output job gives it: projects/PROJECT/locations/REGION/customJobs/ID (or hyperparameterTuningJobs, trainingPipelines).";
  const name = parsePattern(faults, 'job', raw('job'), 'job-name', JOB_NAME, accepted);
  const region = JOB_NAME.exec(name ?? '')?.[1];
  return name === undefined || region === undefined ? undefined : { name, region };
}
