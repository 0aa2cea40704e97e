import type { Job } from '../vertex/jobs.ts';
import { idOf } from '../vertex/jobs.ts';
import type { LogEntry } from '../vertex/types.ts';

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
  const trial = entry.labels?.[TRIAL_LABEL] ?? trialOfJob.get(labels['job_id'] ?? '');
  const task = labels['task_name'] ?? 'job';
  return { source: sourceOf(trial, task), text: messageOf(entry) };
}

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

/** The trial of each trial's own job, by that job's id. */
export function trialsByJob({ trials }: Pick<Job, 'trials'>): ReadonlyMap<string, string> {
  return new Map(
    trials.flatMap(({ id, customJob }) => (customJob === undefined ? [] : [[idOf(customJob), id] as const])),
  );
}
