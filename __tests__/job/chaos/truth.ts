import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { ATTEMPT_LABEL, REQUEST_LABEL } from '../../../src/plan/labels.ts';
import { JobFailedError } from '../../../src/report/tell.ts';
import { hasEnded } from '../../../src/vertex/jobs.ts';
import { overAt } from './doubles.ts';
import { Interrupted, type LegReport, nameOf } from './leg.ts';
import { hashOf } from './request.ts';
import { fieldOf } from './runner.ts';
import type { StoredJob } from './stored-job.ts';
import type { AttemptReport, WorldReport } from './world.ts';

/** What a step hands to the next ones. */
interface Told {
  readonly job: string | undefined;
  readonly state: string;
  readonly finished: boolean;
}

export function toldBy({ kept: { outputs } }: LegReport): Told {
  return { job: outputs.get('job'), state: outputs.get('state') ?? '', finished: outputs.get('finished') === 'true' };
}

/** A step that came to its own end tells the truth, and fails for a reason that there was; outputs are true at any time. */
export function untruths(report: LegReport, attempt: AttemptReport, world: WorldReport): string[] {
  return [...falseOutputs(report, world), ...falseEnd(report, attempt, world), ...falseLog(report, world)].map(
    (wrong) => `${nameOf(report)} ${wrong}`,
  );
}

function falseOutputs(report: LegReport, { jobs }: WorldReport): string[] {
  const { job, state, finished } = toldBy(report);
  const { outcome, kept } = report;
  if (job === undefined) {
    const names = fieldOf(kept, 'names') ?? [];
    // Those of earlier attempts may be known but to be ended.
    const own = jobs.filter(
      ({ name, labels }) => names.includes(name) && labels[ATTEMPT_LABEL] === `${report.attempt}`,
    );
    // Those of a step that gives way to another one of the same identity are ended.
    const clashes = outcome?.kind === 'error' && /job_key/.test(String(outcome.error));
    return own.length === 0 || outcome === undefined || clashes ? [] : ['knows a job and has no output job'];
  }
  const stored = jobs.find(({ name }) => name === job);
  if (stored === undefined) return [`has the output ${job}, which is none of its jobs`];
  const wrong: string[] = [];
  if (!stored.states.some((each) => each.state === state)) wrong.push(`says ${state}, which ${job} never was`);
  if (finished !== hasEnded({ state })) wrong.push(`says finished ${finished} of ${state}`);
  if (finished && stored.states.at(-1)?.state !== state) wrong.push(`says ${state} of ${job}, which ended otherwise`);
  return [...wrong, ...deposed(report, stored, jobs)];
}

/** So long the outputs may name a double that was cancelled, in milliseconds: main may be killed at any moment. */
const CORRECTED_MS = 60_000;

/** Outputs that name a job which the step itself has cancelled, while another one that it knows stands for it. */
function deposed(report: LegReport, stored: StoredJob, jobs: readonly StoredJob[]): string[] {
  const { mainEndedAt = 0, kept } = report;
  const by = nameOf(report);
  const cancelled = stored.cancels.find((each) => each.by === by && each.at < mainEndedAt - CORRECTED_MS);
  if (cancelled === undefined) return [];
  const names = fieldOf(kept, 'names') ?? [];
  const other = jobs.find(
    (each) =>
      each !== stored &&
      names.includes(each.name) &&
      each.createdAt < cancelled.at &&
      overAt(each) > mainEndedAt &&
      !fieldOf(kept, 'givenUp')?.includes(each.name),
  );
  return other === undefined ? [] : [`has the output ${stored.name}, which it cancelled, though ${other.name} stands`];
}

function falseEnd(report: LegReport, attempt: AttemptReport, world: WorldReport): string[] {
  const { outcome } = report;
  if (outcome === undefined) return [];
  if (outcome.kind === 'error' && !(outcome.error instanceof JobFailedError)) {
    const { error } = outcome;
    if (hasReason(error, report, attempt, world)) return [];
    return [`failed without a reason: ${error instanceof Error ? error.stack : error}`];
  }
  const told = toldBy(report);
  const stored = world.jobs.find(({ name }) => name === told.job);
  if (stored === undefined) return ['has come to an end without a job'];
  const wrong =
    outcome.kind === 'ok' ? falseSuccess(told, stored, report, attempt) : falseFailure(told, report, attempt);
  return [...wrong, ...foreign(stored, report, attempt, world)].map((each) => `tells of ${stored.name} and ${each}`);
}

function falseSuccess(told: Told, stored: StoredJob, report: LegReport, { attempt }: AttemptReport): string[] {
  const { state, finished } = told;
  if (finished) return state === 'SUCCEEDED' ? [] : [`passes ${state} for success`];
  const { startedAt, mainEndedAt = 0 } = report;
  const { wait, detachAfterS = Number.POSITIVE_INFINITY, tokenS = Number.POSITIVE_INFINITY } = attempt;
  const dueAt = startedAt + Math.min(5 * 3_600, detachAfterS, tokenS - 1_200) * 1_000;
  const wrong = wait && mainEndedAt < dueAt - 1_000 ? [`leaves it ${state} before its time`] : [];
  const cancelled = stored.cancels.some(({ by, at }) => by === nameOf(report) && at <= mainEndedAt);
  return cancelled ? [...wrong, 'leaves it though it has cancelled it'] : wrong;
}

function falseFailure({ state, finished }: Told, { interruptedAt }: LegReport, { attempt }: AttemptReport): string[] {
  if (finished) return state === 'SUCCEEDED' ? ['fails though it SUCCEEDED'] : [];
  const cancelled = interruptedAt !== undefined && attempt.onCancel === 'cancel';
  return cancelled ? [] : [`is through while it is ${state}`];
}

/** A job that is not what was asked for. */
function foreign(
  stored: StoredJob,
  { leg, attempt, startedAt, job }: LegReport,
  { attempt: plan }: AttemptReport,
  { scenario }: WorldReport,
): string[] {
  if (job !== undefined) return stored.name === job ? [] : [`was to follow ${job}`];
  const truth = stored.states.at(-1)?.state;
  const earlier = Number(stored.labels[ATTEMPT_LABEL]) < attempt;
  const wrong: string[] = [];
  if (stored.labels[REQUEST_LABEL] !== hashOf(scenario.choices, leg.variant)) wrong.push('it is for another request');
  if (plan.onRerun === 'new' && earlier) wrong.push('it is an earlier one');
  if (earlier && overAt(stored) < startedAt && truth !== 'SUCCEEDED')
    wrong.push(`it was ${truth} when the attempt began`);
  return wrong;
}

function hasReason(error: unknown, report: LegReport, { legs }: AttemptReport, world: WorldReport): boolean {
  const { interruptedAt } = report;
  // Cancelled at a time of trouble, there is not enough left of it to see the end.
  if (interruptedAt !== undefined && (error instanceof Interrupted || error instanceof ApiError)) return true;
  if (!(error instanceof Error)) return false;
  const clashes = new Set(legs.map((each) => each.leg.variant)).size > 1;
  const zombies = world.attempts.some((each) => each.attempt.lostMs !== undefined);
  if (error.message.includes('job_key')) return error instanceof UserError && clashes;
  if (error.message.includes('is at work already')) return error instanceof UserError && zombies;
  return isRefused(error, report, world);
}

/** Whether the market gave the step no machines, and the error says so. */
function isRefused(error: Error, report: LegReport, { refusals, jobs }: WorldReport): boolean {
  const by = nameOf(report);
  const fares = new Set(refusals.filter((each) => each.by === by).map(({ fare }) => fare));
  if (/denied on resource/.test(error.message)) return fares.has('forbidden');
  if (/\[vertex-refused\]/.test(error.message)) return fares.has('bad request');
  const lacking = fares.has('stockout') || fares.has('quota') || report.gaveUp.length > 0;
  const failed = jobs.some((job) => job.error?.code === 8 && (fieldOf(report.kept, 'names') ?? []).includes(job.name));
  const says = /could be had|Nothing else is left to try|Resources are insufficient|quota/.test(error.message);
  return error instanceof UserError && says && (lacking || failed);
}

/** Lines told twice, or not at all by a step that saw its job to the end. */
function falseLog(report: LegReport, { jobs }: WorldReport): string[] {
  const told = report.said.flatMap(([kind, text]) => (kind === 'untrusted' ? (text.match(/\d+ line \d+/g) ?? []) : []));
  const twice = [...new Set(told)].filter((line, _, all) => told.length > all.length && count(told, line) > 1);
  const { job, finished } = toldBy(report);
  const stored = jobs.find(({ name }) => name === job);
  const { outcome, interruptedAt } = report;
  const taken = report.said.some(([, text]) => /its result is taken/.test(text));
  // A job that turned out to be a double was left in the midst of it, and may have come to stand again since.
  const heard = [
    ...report.said.map(([, text]) => text),
    report.outcome?.kind === 'error' ? String(report.outcome.error) : '',
  ];
  const turned = heard.some((text) => /Another job stands|Another step of this run/.test(text));
  if (turned) return [];
  const sawAll = finished && outcome !== undefined && interruptedAt === undefined && !taken;
  const lost = sawAll ? (stored?.lines ?? []).filter((line) => !told.includes(line)) : [];
  return [
    ...(twice.length > 0 ? [`told twice: ${twice.join(', ')}`] : []),
    ...(lost.length > 0 ? [`never told: ${lost.join(', ')}`] : []),
  ];
}

const count = (all: readonly string[], line: string) => all.filter((each) => each === line).length;
