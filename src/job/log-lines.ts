import type { Job } from '../vertex/jobs.ts';
import { idOf } from '../vertex/jobs.ts';
import type { LogEntry, Trial } from '../vertex/types.ts';
import { byId } from './best-trial.ts';

/** One entry as the step's log shows it. */
export interface LogLine {
  /** The worker or trial that wrote it. */
  readonly source: string;
  readonly text: string;
}

const TRIAL_LABEL = 'ml.googleapis.com/trial_id';

/** What an entry says, and who says it; `trialOfJob` maps the id of a trial's own job to the trial. */
export function logLine(entry: LogEntry, trialOfJob: ReadonlyMap<string, string>): LogLine {
  const labels = entry.resource?.labels ?? {};
  const trial = sound(entry.labels?.[TRIAL_LABEL], /^\d{1,9}$/) ?? trialOfJob.get(labels['job_id'] ?? '');
  const task = sound(labels['task_name'], /^[\w-]{1,63}$/) ?? 'job';
  return { source: sourceOf(trial, task), text: messageOf(entry) };
}

/** Whoever may write log entries chooses their labels; one of another form is as if it were missing. */
const sound = (label: string | undefined, form: RegExp) =>
  label !== undefined && form.test(label) ? label : undefined;

function sourceOf(trial: string | undefined, task: string): string {
  if (trial === undefined) return task;
  return task === 'workerpool0-0' || task === 'service' ? `trial ${trial}` : `trial ${trial} ${task}`;
}

/** gcloud reads `jsonPayload.message` first, then `textPayload`; an object without a message is shown whole. */
function messageOf({ jsonPayload, textPayload }: LogEntry): string {
  const message = jsonPayload?.['message'];
  if (typeof message === 'string') return message;
  if (textPayload !== undefined) return textPayload;
  return jsonPayload === undefined ? '' : JSON.stringify(jsonPayload);
}

/** The trial of each trial's own job, by that job's id; those that still run, and the newest, come last. */
export function trialsByJob({ trials }: Pick<Job, 'trials'>): ReadonlyMap<string, string> {
  const live = (trial: Trial) => (trial.state === 'SUCCEEDED' || trial.state === 'INFEASIBLE' ? 0 : 1);
  return new Map(
    [...trials]
      .sort((a, b) => live(a) - live(b) || byId(a, b))
      .flatMap(({ id, customJob }) => (customJob === undefined ? [] : [[idOf(customJob), id] as const])),
  );
}
