import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { CLOUD_LAG, lastSight } from '../../../src/job/submit/lag.ts';
import { ATTEMPT_LABEL, REQUEST_LABEL } from '../../../src/plan/labels.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import { Interrupted, type LegReport } from './leg.ts';
import { hashOf } from './request.ts';
import type { StoredJob } from './service.ts';
import type { Outcome } from './step.ts';
import { type AttemptReport, isLiveNow, type WorldReport } from './world.ts';

/**
 * The stated bound: so long after its creation a double has been asked to end, in milliseconds; counted while any process
 * of the step runs, and beside the time in which the service did not answer. What calls take comes on top.
 */
export const DOUBLE_BOUND_MS = lastSight(0, CLOUD_LAG);
const CALLS_MS = 10_000;

/** Everything that a run got wrong; empty where nothing is. */
export function faultsOf(world: WorldReport): string[] {
  return [
    ...world.attempts.flatMap((attempt) => [
      ...orphans(attempt, world),
      ...attempt.legs.flatMap((leg) => untruths(leg, attempt, world)),
    ]),
    ...leftovers(world),
    ...doubles(world),
    ...payments(world),
    ...seconds(world),
    ...strangers(world),
  ];
}

type Told = Exclude<Outcome, { readonly kind: 'error' }>;

/** When a job began to be asked to end, or ended. */
export const overAt = ({ states }: StoredJob) =>
  states.find(({ state }) => state === 'CANCELLING' || hasEnded({ state }))?.at ?? Number.POSITIVE_INFINITY;

/** Stretches of time in which two jobs of the key were live, a process was there to see it, and the service answered. */
function doubles(world: WorldReport): string[] {
  return doublesOf(world)
    .filter(({ ms, troubleMs }) => ms > DOUBLE_BOUND_MS + CALLS_MS + troubleMs)
    .map(
      ({ a, b, ms, troubleMs }) => `${a} and ${b} lived beside each other for ${ms} ms, ${troubleMs} ms of it trouble`,
    );
}

/** Two jobs of one key that were live at one time. */
export interface Double {
  readonly a: string;
  readonly b: string;
  /** For how long a process of the step was there to see it. */
  readonly ms: number;
  /** The time that was lost to faults meanwhile. */
  readonly troubleMs: number;
}

export function doublesOf({ jobs, attempts, endedAt }: WorldReport): Double[] {
  const legs = attempts.flatMap((attempt) => attempt.legs);
  const troubles = legs.flatMap(({ wires }) => wires).flatMap((wire) => wire.troubles);
  return jobs.flatMap((a, index) =>
    jobs.slice(index + 1).flatMap((b) => {
      const from = Math.max(a.createdAt, b.createdAt);
      const to = Math.min(overAt(a), overAt(b), endedAt);
      const ms = watched(legs, from, to);
      const meanwhile = troubles.filter((trouble) => trouble.at < to && trouble.at + trouble.ms > from);
      const troubleMs = meanwhile.reduce((sum, trouble) => sum + trouble.ms, 0);
      return ms > 0 ? [{ a: a.name, b: b.name, ms, troubleMs }] : [];
    }),
  );
}

/** How much of a stretch of time some process of the step was there. */
export function watched(legs: readonly LegReport[], from: number, to: number): number {
  const spans = legs
    .flatMap(({ startedAt, mainEndedAt, postStartedAt, postEndedAt }) => [
      [startedAt, mainEndedAt ?? to] as const,
      ...(postStartedAt === undefined ? [] : [[postStartedAt, postEndedAt ?? to] as const]),
    ])
    .map(([start, end]) => [Math.max(start, from), Math.min(end, to)] as const)
    .filter(([start, end]) => start < end)
    .sort(([a], [b]) => a - b);
  let ms = 0;
  let until = from;
  for (const [start, end] of spans) {
    ms += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return ms;
}

/** Live jobs after an attempt whose post came to its end, or whose main left one on purpose. */
function orphans({ number, legs, attempt, live }: AttemptReport, { attempts }: WorldReport): string[] {
  const began = legs.filter(({ state }) => state.request !== undefined);
  const cared = began.filter(({ post, state }) => post === 'ok' && state.request !== undefined);
  if (began.length === 0 || cared.length < legs.length) return [];
  // An attempt that was taken for lost runs on beside this one.
  if (attempt.lostMs !== undefined || attempts.slice(0, number - 1).some((each) => each.attempt.lostMs !== undefined))
    return [];
  const detached = legs.filter(({ outcome }) => outcome?.kind === 'detached').length;
  const most = Math.min(1, detached);
  return live.length > most
    ? [`after attempt ${number} ${live.length} jobs live: ${live.map(({ name }) => name).join(', ')}`]
    : [];
}

/** A step that came to its own end tells the truth, and fails for a reason that there was. */
function untruths(report: LegReport, attempt: AttemptReport, world: WorldReport): string[] {
  const { outcome } = report;
  if (outcome === undefined) return [];
  const where = `attempt ${attempt.number}`;
  if (outcome.kind === 'error') {
    const { error } = outcome;
    if (hasReason(error, report, attempt, world)) return [];
    return [`${where} failed without a reason: ${error instanceof Error ? error.stack : error}`];
  }
  const stored = world.jobs.find(({ name }) => name === outcome.job.name);
  if (stored === undefined) return [`${where} tells of ${outcome.job.name}, which is none of its jobs`];
  return wrongs(outcome, stored, report, attempt).map((wrong) => `${where} tells of ${stored.name} and ${wrong}`);
}

function hasReason(
  error: unknown,
  { interruptedAt }: LegReport,
  { legs }: AttemptReport,
  { attempts }: WorldReport,
): boolean {
  // Cancelled at a time of trouble, there is not enough left of it to see the end.
  if (interruptedAt !== undefined && (error instanceof Interrupted || error instanceof ApiError)) return true;
  if (!(error instanceof UserError)) return false;
  const clashes = new Set(legs.map((each) => each.leg.variant)).size > 1;
  const zombies = attempts.some((each) => each.attempt.lostMs !== undefined);
  return error.message.includes('job_key') ? clashes : error.message.includes('is at work already') && zombies;
}

function wrongs(
  outcome: Told,
  stored: StoredJob,
  { leg, attempt, startedAt, interruptedAt }: LegReport,
  { attempt: plan }: AttemptReport,
): string[] {
  const { job } = outcome;
  const truth = stored.states.at(-1)?.state;
  const earlier = Number(stored.labels[ATTEMPT_LABEL]) < attempt;
  const wrong: string[] = [];
  if (stored.labels[REQUEST_LABEL] !== hashOf(leg.variant)) wrong.push('it is for another request');
  if (plan.onRerun === 'new' && earlier) wrong.push('it is an earlier one');
  if (earlier && overAt(stored) < startedAt && truth !== 'SUCCEEDED')
    wrong.push(`it was ${truth} when the attempt began`);
  if (outcome.kind === 'detached') return wrong;
  if (interruptedAt === undefined && !hasEnded(job)) wrong.push(`is through while it is ${job.state}`);
  if (hasEnded(job) && truth !== job.state) wrong.push(`says ${job.state} where it is ${truth}`);
  return wrong;
}

/** The last attempt, to which nothing happens, comes to an end, and nothing is left. */
function leftovers({ attempts, jobs }: WorldReport): string[] {
  const last = attempts.at(-1);
  const [leg] = last?.legs ?? [];
  const faults = jobs.filter(isLiveNow).map(({ name, states }) => `${name} is left ${states.at(-1)?.state}`);
  if (leg?.outcome?.kind !== 'ended') faults.push(`the last attempt did not end, but: ${JSON.stringify(leg?.outcome)}`);
  if (leg?.post !== 'ok') faults.push(`the last post did not end well: ${leg?.post}`);
  return faults;
}

/** What has succeeded, or lives, when a re-run begins is not paid for again. */
function payments({ attempts, jobs, scenario }: WorldReport): string[] {
  const last = attempts.at(-1);
  const outcome = last?.legs[0]?.outcome;
  if (last === undefined || outcome?.kind !== 'ended') return [];
  const known = jobs.filter(
    ({ labels, createdAt }) => labels[REQUEST_LABEL] === hashOf(0) && createdAt < last.startedAt - scenario.listLagMs,
  );
  const made = jobs.filter(({ labels }) => labels[ATTEMPT_LABEL] === String(last.number));
  const succeeded = known.some(({ states }) =>
    states.some(({ at, state }) => state === 'SUCCEEDED' && at < last.startedAt - scenario.listLagMs),
  );
  if (!succeeded) return [];
  const faults = made.map(({ name }) => `${name} was made though an earlier job had succeeded`);
  return outcome.job.state === 'SUCCEEDED'
    ? faults
    : [...faults, `an earlier job had succeeded, and ${outcome.job.state} was told`];
}

/** No job is made while one of an earlier attempt lives that lists had shown all the time. */
function seconds({ attempts, jobs, scenario }: WorldReport): string[] {
  return jobs.flatMap((made) => {
    const attempt = Number(made.labels[ATTEMPT_LABEL]);
    const began = (attempts[attempt - 1]?.startedAt ?? 0) - scenario.listLagMs;
    return jobs
      .filter(
        (job) => Number(job.labels[ATTEMPT_LABEL]) < attempt && job.createdAt < began && overAt(job) > made.createdAt,
      )
      .map((job) => `${made.name} was made while ${job.name} of an earlier attempt lived`);
  });
}

/** Other runs' jobs: the older one ends where that was wished, and nothing happens to the newer one. */
function strangers({ older, newer, scenario }: WorldReport): string[] {
  const faults = isLiveNow(newer) ? [] : ['the job of a newer run was cancelled'];
  if (scenario.supersede && isLiveNow(older)) return [...faults, 'the job of an older run was not superseded'];
  if (!scenario.supersede && !isLiveNow(older)) return [...faults, 'the job of an older run was cancelled unasked'];
  return faults;
}
