import { harmless } from '../../log.ts';
import { byId } from '../../results/trials.ts';
import { idOf, type Job } from '../../vertex/jobs.ts';
import type { LogEntry, Trial } from '../../vertex/types.ts';
import { payloadText } from './payload.ts';
import { isFailureOfPlatform, ownSeverity, reportsError } from './severity.ts';

/** What one entry says. */
export interface EntryLines {
  /** The worker or trial that wrote it. */
  readonly source: string;
  /** Lines of one stream follow each other as they were written: stdout arrives as INFO, stderr as ERROR. */
  readonly stream: string;
  readonly lines: readonly string[];
  /** Whether the entry itself says that something failed; tracebacks are found in the lines. */
  readonly isError: boolean;
  /** Whether it is a line of the platform: of no program. */
  readonly isOfPlatform: boolean;
}

const TRIAL_LABEL = 'ml.googleapis.com/trial_id';

/** Who says an entry and what, line by line; `trialOfJob` maps the id of a trial's own job to the trial. */
export function entryLines(entry: LogEntry, trialOfJob: ReadonlyMap<string, string>): EntryLines {
  const labels = entry.resource?.labels ?? {};
  const trial = sound(entry.labels?.[TRIAL_LABEL], /^\d{1,9}$/) ?? trialOfJob.get(labels['job_id'] ?? '');
  const task = sound(labels['task_name'], /^[\w-]{1,63}$/) ?? 'job';
  const severity = ownSeverity(entry);
  const lines = screenLines(payloadText(entry, severity));
  return {
    source: sourceOf(trial, task),
    stream: entry.severity ?? '',
    lines,
    isOfPlatform: task === 'service',
    isError: reportsError(severity) || isFailureOfPlatform(entry, task, lines[0] ?? ''),
  };
}

/** Whoever may write log entries chooses their labels; one of another form is as if it were missing. */
const sound = (label: string | undefined, form: RegExp) =>
  label !== undefined && form.test(label) ? label : undefined;

function sourceOf(trial: string | undefined, task: string): string {
  if (trial === undefined) return task;
  return task === 'workerpool0-0' || task === 'service' ? `trial ${trial}` : `trial ${trial} ${task}`;
}

/**
 * The lines of a text as a screen would come to show them. `\n` and `\r\n` end a line (and one at the very end opens no
 * empty line). A lone `\r` goes back to the line's start, as progress bars do: of the states of such a line the last one
 * that shows something is kept, the others are not told.
 */
export function screenLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  return text.includes('\r') ? lines.map(lastState) : lines;
}

function lastState(line: string): string {
  if (!line.includes('\r')) return line;
  return line.split('\r').findLast((state) => harmless(state).trim() !== '') ?? '';
}

/** The trial of each trial's own job, by that job's id. */
export function trialsByJob({ trials }: Pick<Job, 'trials'>): ReadonlyMap<string, string> {
  const own = ({ id, customJob }: Trial) => (customJob === undefined ? [] : [[idOf(customJob), id] as const]);
  return new Map([...trials].sort(byId).flatMap(own));
}
