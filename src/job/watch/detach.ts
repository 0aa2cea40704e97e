import { momentText, spanText } from '../../span.ts';
import type { Job } from '../../vertex/jobs.ts';

/** The step leaves so long before its request token ends: after that it could neither sign in again nor cancel. */
export const BEFORE_TOKEN_END_MS = 20 * 60_000;
/** Where nothing is known of a token's end: within the six hours of a job on GitHub's own runners. */
export const AFTER_START_MS = 5 * 3_600_000;

interface DetachSetting {
  /** When the step started, as milliseconds since the epoch. */
  readonly startedAt: number;
  /** When GitHub's request token ends, where the sign-in lives on it; undefined where it does not, or names no end. */
  readonly tokenEnd: number | undefined;
  /** The input detach_after in milliseconds; undefined where it is not given. */
  readonly after: number | undefined;
}

/** When the step stops watching, and why then. */
export interface DetachMoment {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly because: 'input' | 'token' | 'start';
  /** To be told at the start: the input asks for more than the token allows. */
  readonly warning: string | undefined;
}

/** When the step stops watching and leaves the job to a later one. */
export function detachMoment({ startedAt, tokenEnd, after }: DetachSetting): DetachMoment {
  const latest = tokenEnd === undefined ? undefined : tokenEnd - BEFORE_TOKEN_END_MS;
  if (after === undefined) {
    return latest === undefined
      ? { at: startedAt + AFTER_START_MS, because: 'start', warning: undefined }
      : { at: latest, because: 'token', warning: undefined };
  }
  const at = startedAt + after;
  if (latest === undefined || at <= latest) return { at, because: 'input', warning: undefined };
  const warning = `detach_after asks for ${spanText(after)}, but the token with which this workflow job signs in ends at ${momentText(latest + BEFORE_TOKEN_END_MS)}: the step leaves at ${momentText(latest)} instead.`;
  return { at: latest, because: 'token', warning };
}

const BECAUSE: Readonly<Record<DetachMoment['because'], string>> = {
  input: 'as detach_after asks',
  token: 'before the token with which it signs in runs out',
  start: 'before the workflow job reaches its six hours; detach_after sets another time',
};

/** The warning with which the step leaves a job that still runs, and what a later step, job or workflow needs. */
export function detachText({ job, because }: { readonly job: Job; readonly because: DetachMoment['because'] }): string {
  return [
    `The job is ${job.state} and runs on; this step leaves it now, ${BECAUSE[because]}. Its output finished is false.`,
    ...resumeLines(job.name),
  ].join('\n');
}

/** What the summary says of a job that the step leaves. */
export const leftNote = (name: string): string =>
  `The job runs on without this step. A later step with job: ${name} follows it to its end; what is to be made of its result (gate, metrics_file, model, download, comment) is for that step to ask for.`;

/** How a later step follows the job to its end, or ends it. */
export function resumeLines(name: string): string[] {
  const command = cancelCommand(name);
  return [
    'A later step, job or scheduled workflow follows it to its end and reports, with the same sign-in, project_id and region and:',
    `  job: ${name}`,
    `To end it instead, cancel it in the console${command === undefined ? '.' : `, or run: ${command}`}`,
  ];
}

/** gcloud has no command for training pipelines. */
function cancelCommand(name: string): string | undefined {
  if (name.includes('/trainingPipelines/')) return undefined;
  const group = name.includes('/hyperparameterTuningJobs/') ? 'hp-tuning-jobs' : 'custom-jobs';
  return `gcloud ai ${group} cancel ${name}`;
}
