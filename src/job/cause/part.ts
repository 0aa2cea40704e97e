import { byId } from '../../results/trials.ts';
import type { Job } from '../../vertex/jobs.ts';
import { epochOf } from '../../vertex/times.ts';
import type { Trial } from '../../vertex/types.ts';
import { exitOf } from './exit.ts';

/** The replica or trial that a job failed for. */
export interface Failed {
  /** As the logs name it: `workerpool0-0`, `trial 3`, `trial 3 workerpool1-0`. */
  readonly source: string;
  /** What the service says of it. */
  readonly message: string;
  /** Whether another source belongs to it, as a worker does to its trial. */
  readonly isAPartOf: (source: string) => boolean;
}

/** In a study the trial that the service names, else the first that crashed; else the replica that the service names. */
export function failedPart(job: Job): Failed {
  const message = job.error?.message ?? '';
  const trial = failedTrial(job, message);
  if (trial === undefined)
    return { source: exitOf(message)?.replica ?? 'workerpool0-0', message, isAPartOf: () => true };
  const reason = trial.infeasibleReason ?? '';
  const replica = exitOf(reason)?.replica;
  const name = `trial ${trial.id}`;
  return {
    source: replica === undefined || replica === 'workerpool0-0' ? name : `${name} ${replica}`,
    message: bothOf(message, trial.id, reason),
    isAPartOf: (source) => source === name || source.startsWith(`${name} `),
  };
}

function failedTrial({ trials }: Job, message: string): Trial | undefined {
  const infeasible = trials.filter(({ state }) => state === 'INFEASIBLE');
  const [, named] = /\b[Tt]rial #?(\d+)\b/.exec(message) ?? [];
  const crashed = infeasible.filter(({ infeasibleReason = '' }) => exitOf(infeasibleReason) !== undefined);
  return infeasible.find(({ id }) => id === named) ?? [...(crashed.length > 0 ? crashed : infeasible)].sort(byEnd)[0];
}

const byEnd = (a: Trial, b: Trial) => endOf(a) - endOf(b) || byId(a, b);
const endOf = ({ endTime }: Trial) => epochOf(endTime) ?? Number.MAX_SAFE_INTEGER;

/** The job's words with the trial's, where they do not hold them already. */
function bothOf(message: string, id: string, reason: string): string {
  if (reason === '' || message.includes(reason)) return message;
  return message === '' ? `Trial ${id}: ${reason}` : `${message} Trial ${id}: ${reason}`;
}
