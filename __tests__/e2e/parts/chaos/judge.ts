import { CLOUD_LAG, lastSight } from '../../../../src/job/submit/lag.ts';
import { ATTEMPT_LABEL } from '../../../../src/plan/labels.ts';
import { hasEnded } from '../../../../src/vertex/jobs.ts';
import type { Part } from './part.ts';
import type { AttemptReport, Play } from './play.ts';
import { LINES } from './scenario.ts';
import type { SeenJob } from './stand.ts';

/**
 * The stated bound: so long after its creation a double has ended, in milliseconds of the quick time, counted while any
 * process of the step runs.
 */
export const DOUBLE_BOUND_MS = lastSight(0, CLOUD_LAG);
/** What calls, and the start of processes on a busy machine, take beside. */
const CALLS_MS = 60_000;

/** Everything that went wrong in a play; empty where nothing did. */
export function faultsOf(play: Play): string[] {
  return [
    ...play.attempts.flatMap((attempt) => [...orphans(attempt), ...linesOf(attempt)]),
    ...ending(play),
    ...truth(play),
    ...survivors(play),
    ...doublesOf(play).filter(isTooLong).map(textOf),
  ];
}

const isLive = ({ state }: SeenJob) => !hasEnded({ state });
const names = (jobs: readonly SeenJob[]) =>
  jobs.map(({ name, state }) => `${name.split('/').at(-1)} (${state})`).join(', ');

/** No job of the step lives once its post has come to its end. */
function orphans({ number, post, after }: AttemptReport): string[] {
  if (post === undefined || post.wasKilled) return [];
  const live = after.filter(isLive);
  return live.length === 0 ? [] : [`after attempt ${number} and its post live: ${names(live)}`];
}

/** The lines that the job's programs wrote, as a step told them; the cause of a failure shows the last ones again. */
export function toldBy({ result: { plainLines } }: Part): number[] {
  const cause = plainLines.findIndex((line) => line.startsWith('Last lines of '));
  const told = cause < 0 ? plainLines : plainLines.slice(0, cause);
  return told.flatMap((line) => /^\[workerpool0-0\] step (\d+)$/.exec(line)?.[1] ?? []).map(Number);
}

/** How many jobs a step followed: another may turn out to stand for it. */
const followed = ({ result }: Part) =>
  1 + result.annotations.filter(({ message }) => message.startsWith('Another job stands for this step')).length;

/** No line twice, and all of them where a job was followed to its end; a result that is taken was told before. */
function linesOf({ number, main }: AttemptReport): string[] {
  const told = toldBy(main);
  const twice = told.filter((line, index) => told.indexOf(line) !== index);
  const faults =
    twice.length >= followed(main) * LINES || (followed(main) === 1 && twice.length > 0)
      ? [`attempt ${number} told lines twice: ${twice.join(', ')}`]
      : [];
  const whole = main.wasKilled || hasTaken(main) || told.length >= LINES;
  return whole ? faults : [...faults, `attempt ${number} told ${told.length} of ${LINES} lines`];
}

export const hasTaken = ({ result }: Part) =>
  result.annotations.some(({ message }) => message.includes('its result is taken'));
export const hasJoined = ({ result }: Part) =>
  result.annotations.some(({ message }) => message.includes('and this attempt joins it'));

const lastOf = ({ attempts }: Play): AttemptReport => {
  const last = attempts.at(-1);
  if (last === undefined) throw new Error('a play without an attempt');
  return last;
};

/** The last attempt tells what is true of its job, and its post has nothing to complain of. */
function ending(play: Play): string[] {
  const { main, post, after } = lastOf(play);
  const { outcome, outputs, leftOpen } = main.result;
  const job = after.find(({ name }) => name === outputs['job']);
  if (job === undefined) return [`the last attempt told of no job of the step: ${outputs['job']}`];
  const faults: string[] = [];
  if (outputs['state'] !== job.state)
    faults.push(`the last attempt told ${outputs['state']}, and the job is ${job.state}`);
  if (outputs['finished'] !== 'true') faults.push('the last attempt did not see the end');
  const wanted = play.scenario.fails ? 'FAILED' : 'SUCCEEDED';
  if (job.state !== wanted)
    faults.push(`the job of the last attempt is ${job.state}, and its program ended as ${wanted}`);
  if ((outcome === 'success') !== (job.state === 'SUCCEEDED'))
    faults.push(`${outcome} of the step, ${job.state} of the job`);
  if (post?.result.outcome !== 'success') faults.push('the last post failed');
  if (leftOpen || post?.result.leftOpen) faults.push('a process was left behind');
  return faults;
}

/** What lived, or had succeeded, when lists showed it to the last attempt, is not paid for again. */
function truth(play: Play): string[] {
  const { number, before, main, after } = lastOf(play);
  if (play.scenario.last.onRerun === 'new') return [];
  const { listLagMs = 0 } = play.scenario.conditions;
  const now = new Map(after.map(({ name, state }) => [name, state]));
  const standing = before
    .filter(({ createdAt }) => createdAt + listLagMs < main.startedAt)
    .filter((job) => isLive(job) || job.state === 'SUCCEEDED');
  // What fails meanwhile may be made anew, or be told as it is.
  if (standing.some(({ name }) => now.get(name) === 'FAILED')) return [];
  if (standing.length === 0) return [];
  const made = after.filter(({ labels }) => labels[ATTEMPT_LABEL] === String(number));
  const faults =
    made.length === 0 || play.scenario.blind === true ? [] : [`made beside ${names(standing)}: ${names(made)}`];
  const told = main.result.outputs['job'];
  return standing.some(({ name }) => name === told) ? faults : [...faults, `${told} was told, not ${names(standing)}`];
}

/** All jobs but the one that stands have been cancelled, or failed or succeeded before anybody could see them. */
function survivors(play: Play): string[] {
  const { main, after } = lastOf(play);
  const others = after.filter(({ name, state }) => name !== main.result.outputs['job'] && state !== 'CANCELLED');
  const excused = (job: SeenJob) => {
    if (job.state === 'FAILED') return play.scenario.fails;
    // A result that is not wished for stays where it is.
    if (play.scenario.last.onRerun === 'new' && (job.endedAt ?? main.startedAt) < main.startedAt) return true;
    return watched(play, job.createdAt, job.endedAt ?? Number.POSITIVE_INFINITY) <= boundOf(play);
  };
  const faults = others.filter((job) => !excused(job));
  return faults.length === 0 ? [] : [`beside ${main.result.outputs['job']} there survived ${names(faults)}`];
}

/** Two jobs of one key that lived at one time. */
export interface Double {
  readonly jobs: readonly [SeenJob, SeenJob];
  /** For how long a process of the step was there to see it, in milliseconds of the quick time. */
  readonly watchedMs: number;
  readonly boundMs: number;
}

export function doublesOf(play: Play): Double[] {
  const all = lastOf(play).after;
  const pairs = all.flatMap((a, index) => all.slice(index + 1).map((b): [SeenJob, SeenJob] => [a, b]));
  return pairs.flatMap((jobs) => {
    const from = Math.max(...jobs.map(({ createdAt }) => createdAt));
    const to = Math.min(...jobs.map(({ endedAt = Number.POSITIVE_INFINITY }) => endedAt));
    return from < to ? [{ jobs, watchedMs: watched(play, from, to), boundMs: boundOf(play) }] : [];
  });
}

const isTooLong = ({ watchedMs, boundMs }: Double) => watchedMs > boundMs;
const textOf = ({ jobs, watchedMs, boundMs }: Double) =>
  `${names(jobs)} lived beside each other for ${watchedMs} ms; at most ${boundMs} ms are allowed`;

const boundOf = ({ attempts }: Play) =>
  DOUBLE_BOUND_MS + CALLS_MS + attempts.reduce((sum, { troubleMs }) => sum + troubleMs, 0);

/** How much of a stretch of time some process of the step was there; they come one after the other. */
function watched({ attempts }: Play, from: number, to: number): number {
  const parts = attempts.flatMap(({ main, post }) => (post === undefined ? [main] : [main, post]));
  return parts.reduce((sum, part) => sum + Math.max(0, Math.min(part.endedAt, to) - Math.max(part.startedAt, from)), 0);
}
