import { ATTEMPT_LABEL, REQUEST_LABEL } from '../../../src/plan/labels.ts';
import { doubles, overAt, slowlyGivenUp } from './doubles.ts';
import { type LegReport, nameOf } from './leg.ts';
import { hashOf } from './request.ts';
import { fieldOf } from './runner.ts';
import { type StoredJob, stateAt } from './stored-job.ts';
import { toldBy, untruths } from './truth.ts';
import { type AttemptReport, isLiveNow, type WorldReport } from './world.ts';

/** Everything that a run got wrong; empty where nothing is. */
export function faultsOf(world: WorldReport): string[] {
  return [
    ...world.attempts.flatMap((attempt) => [
      ...orphans(attempt, world),
      ...attempt.legs.flatMap((leg) => [...untruths(leg, attempt, world), ...wronglyEnded(leg, attempt, world)]),
    ]),
    ...leftovers(world),
    ...doubles(world),
    ...slowlyGivenUp(world),
    ...payments(world),
    ...seconds(world),
    ...strangers(world),
  ];
}

/** Whether anything of the step is post's business. */
const hasBegun = ({ kept }: LegReport) => kept.state.has('request') || kept.state.has('names');

/** Live jobs after an attempt whose post came to its end, but for the one that was left on purpose. */
function orphans({ number, legs, attempt, live }: AttemptReport, { attempts }: WorldReport): string[] {
  const began = legs.filter(hasBegun);
  const cared = began.filter(({ post }) => post === 'ok');
  if (began.length === 0 || cared.length < legs.length) return [];
  // An attempt that was taken for lost runs on beside this one.
  if (attempt.lostMs !== undefined || attempts.slice(0, number - 1).some((each) => each.attempt.lostMs !== undefined))
    return [];
  const left = new Set(legs.flatMap(leftBy));
  // Whoever only follows a job that it was given looks after no other.
  const theirs = live.filter(({ name }) => legs.every(({ job }) => job === undefined || job === name));
  const faults = theirs
    .filter(({ name }) => !left.has(name))
    .map(({ name }) => `after attempt ${number} ${name} lives on`);
  return theirs.length > 1 ? [...faults, `after attempt ${number} ${theirs.length} jobs live`] : faults;
}

/** The jobs that a step left to run on, by what it said and left for post. */
function leftBy(leg: LegReport): string[] {
  const { said, kept } = leg;
  const { job, finished } = toldBy(leg);
  const detached = kept.state.has('settled') && !finished && job !== undefined ? [job] : [];
  const texts = said.filter(([, text]) => /runs on, as on_cancel is detach/.test(text)).map(([, text]) => text);
  return [...detached, ...texts.flatMap((text) => /^ {2}job: (\S+)$/m.exec(text)?.[1] ?? [])];
}

/** A job that was to outlive its step, and that post ended though no other one stands. */
function wronglyEnded(leg: LegReport, { attempt, legs }: AttemptReport, { jobs }: WorldReport): string[] {
  const { postStartedAt, kept } = leg;
  if (attempt.onCancel !== 'detach' || postStartedAt === undefined || legs.length > 1) return [];
  const isOwn = (job: StoredJob) => job.by === nameOf(leg) && !fieldOf(kept, 'givenUp')?.includes(job.name);
  const livedThen = (job: StoredJob) => stateAt(job, postStartedAt) !== undefined && overAt(job) > postStartedAt;
  const candidates = jobs.filter((job) => livedThen(job) || job.createdAt > postStartedAt);
  const [only, ...others] = candidates.filter((job) => Number(job.labels[ATTEMPT_LABEL]) <= leg.attempt);
  if (only === undefined || others.length > 0 || !isOwn(only) || leg.gaveUp.some(({ name }) => name === only.name))
    return [];
  const cancelled = only.cancels.some(({ by, at }) => by === nameOf(leg) && at > postStartedAt);
  return cancelled ? [`${only.name} was to run on, and the post of ${nameOf(leg)} cancelled it`] : [];
}

/** The last attempt, to which nothing happens, comes to an end, and nothing is left. */
function leftovers({ attempts, jobs }: WorldReport): string[] {
  const [leg] = attempts.at(-1)?.legs ?? [];
  const faults = jobs.filter(isLiveNow).map(({ name, states }) => `${name} is left ${states.at(-1)?.state}`);
  const { outcome, post } = leg ?? {};
  if (outcome === undefined) faults.push('the last attempt did not end');
  if (outcome?.kind === 'ok' && outcome.job.state !== 'SUCCEEDED') faults.push(`the last attempt left its job`);
  if (post !== 'ok') faults.push(`the last post did not end well: ${post}`);
  return faults;
}

/** What has succeeded, or lives, when a re-run begins is not paid for again. */
function payments({ attempts, jobs, scenario }: WorldReport): string[] {
  const last = attempts.at(-1);
  const outcome = last?.legs[0]?.outcome;
  const [leg] = last?.legs ?? [];
  if (last === undefined || leg === undefined || outcome === undefined) return [];
  const known = jobs.filter(
    ({ labels, createdAt }) =>
      labels[REQUEST_LABEL] === hashOf(scenario.choices, 0) && createdAt < last.startedAt - scenario.listLagMs,
  );
  const made = jobs.filter(({ labels }) => labels[ATTEMPT_LABEL] === String(last.number));
  const succeeded = known.some(({ states }) =>
    states.some(({ at, state }) => state === 'SUCCEEDED' && at < last.startedAt - scenario.listLagMs),
  );
  if (!succeeded) return [];
  const faults = made.map(({ name }) => `${name} was made though an earlier job had succeeded`);
  const { state } = toldBy(leg);
  return state === 'SUCCEEDED' ? faults : [...faults, `an earlier job had succeeded, and ${state} was told`];
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
