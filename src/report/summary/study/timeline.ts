import { byId } from '../../../results/trials.ts';
import type { Job } from '../../../vertex/jobs.ts';
import { epochOf } from '../../../vertex/times.ts';
import type { Trial } from '../../../vertex/types.ts';
import { gantt, type Task } from '../../charts/gantt.ts';
import type { Section } from '../fit.ts';

/** So many tasks leave room for their names. */
const MOST_NAMED = 60;
const MOST_TASKS = 500;
const MOST_LANES = 40;

/** When each trial ran, in as many lanes as ran at once. Undefined for fewer than two trials with times. */
export function timelineSection(job: Job, best: readonly string[], now: number): Section | undefined {
  const timed = [...job.trials].sort(byId).flatMap((trial) => timesOf(trial, now) ?? []);
  if (timed.length < 2) return undefined;
  const drawn = timed.slice(0, MOST_TASKS);
  const lanes = lanesOf(drawn).map((lane) => lane.map((each) => taskOf(each, best, drawn.length)));
  const chart = lanes.length > MOST_LANES ? undefined : gantt(lanes);
  if (chart === undefined) return undefined;
  const caption = captionOf(lanes.flat(), drawn.length, timed.length);
  return { name: 'timeline of the trials', forms: [['#### Timeline', chart, caption].join('\n\n')], worth: 1 };
}

function captionOf(tasks: readonly Task[], drawn: number, all: number): string {
  const looks = new Set(tasks.map(({ look }) => look));
  const named = drawn > MOST_NAMED ? '' : ', by its id';
  const sentences = [
    `Each bar is a trial${named}; those in different rows ran at the same time. Times are UTC.`,
    ...(looks.has('best') ? ['Orange is the best.'] : []),
    ...(looks.has('failed') ? ['Red did not succeed.'] : []),
    ...(all > drawn ? [`The first ${drawn} of ${all} are drawn.`] : []),
  ];
  return `*${sentences.join(' ')}*`;
}

interface Timed {
  readonly trial: Trial;
  readonly start: number;
  readonly end: number;
}

function timesOf(trial: Trial, now: number): Timed | undefined {
  const start = epochOf(trial.startTime);
  const end = epochOf(trial.endTime) ?? now;
  return start === undefined || end < start ? undefined : { trial, start, end };
}

/** Each trial goes into the first lane that is free when it starts. */
function lanesOf(timed: readonly Timed[]): Timed[][] {
  const lanes: Timed[][] = [];
  for (const each of [...timed].sort((a, b) => a.start - b.start)) {
    const free = lanes.find((lane) => (lane.at(-1)?.end ?? 0) <= each.start);
    if (free === undefined) lanes.push([each]);
    else free.push(each);
  }
  return lanes;
}

function taskOf({ trial, start, end }: Timed, best: readonly string[], many: number): Task {
  const named = many <= MOST_NAMED && /^\d{1,6}$/.test(trial.id);
  const look = best.includes(trial.id) ? 'best' : trial.state === 'INFEASIBLE' ? 'failed' : 'plain';
  return { start, end, look, name: named ? trial.id : undefined };
}
