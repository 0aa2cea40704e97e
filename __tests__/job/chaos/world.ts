import type { LoggingApi } from '../../../src/google/logging.ts';
import { RUN_LABEL } from '../../../src/job/submit/supersede.ts';
import type { JobPlan } from '../../../src/plan/job.ts';
import { ATTEMPT_LABEL, KEY_LABEL, REQUEST_LABEL, SERIES_LABEL } from '../../../src/plan/labels.ts';
import { recordingLog } from '../../ground/recording-log.ts';
import { FaultyWire } from './faults.ts';
import { Life } from './life.ts';
import type { Random } from './random.ts';
import { type Attempt, type Leg, QUIET_ATTEMPT, type Scenario } from './scenario.ts';
import { Service, type StoredJob } from './service.ts';
import { main, type Outcome, post, type State } from './step.ts';
import { VirtualTime } from './time.ts';

export const KEY = 'k'.repeat(32);
const SERIES = 's'.repeat(32);
const PARENT = 'projects/p/locations/us-central1';
const START = Date.parse('2026-11-01T00:00:00Z');
const RUN_NUMBER = 7;
/** The runner gives a cancelled job's posts so long. */
const POST_LIMIT_MS = 270_000;

/** The interrupt of a cancelled workflow. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What became of one leg of one attempt. */
export interface LegReport {
  readonly attempt: number;
  readonly leg: Leg;
  readonly startedAt: number;
  mainEndedAt?: number;
  /** Undefined where main was killed. */
  outcome?: Outcome | undefined;
  /** Undefined where post did not run; `killed` where it did not get to its end. */
  post?: 'ok' | 'killed' | Error;
  postStartedAt?: number;
  postEndedAt?: number;
  readonly state: State;
  readonly wires: FaultyWire[];
}

export interface AttemptReport {
  readonly number: number;
  readonly attempt: Attempt;
  readonly startedAt: number;
  endedAt: number;
  readonly legs: LegReport[];
  /** Live jobs of the key when the attempt was over, by the service's own books. */
  live: readonly StoredJob[];
}

export interface WorldReport {
  readonly scenario: Scenario;
  readonly attempts: readonly AttemptReport[];
  readonly jobs: readonly StoredJob[];
  /** Jobs of an older and a newer run of the series. */
  readonly older: StoredJob;
  readonly newer: StoredJob;
  readonly endedAt: number;
  readonly moments: number;
}

export interface WorldOptions {
  readonly scenario: Scenario;
  readonly random: Random;
  readonly trace: (line: string) => void;
  /** Whatever is to be checked of logs comes in here. */
  readonly logging?: LoggingApi;
}

const NO_LOGS: LoggingApi = { list: async () => ({ entries: [], nextPageToken: undefined }) };

/** The request of an attempt, with the labels that a plan gives it. */
export function requestOf(attempt: number, variant: 0 | 1): JobPlan {
  const labels = {
    [SERIES_LABEL]: SERIES,
    [KEY_LABEL]: KEY,
    [ATTEMPT_LABEL]: String(attempt),
    [REQUEST_LABEL]: String(variant).repeat(32),
  };
  const resource = { displayName: 'chaos', labels, jobSpec: { workerPoolSpecs: [] } };
  return { parent: PARENT, collection: 'customJobs', resource };
}

/** Runs a scenario, and after it an attempt to which nothing happens: whatever was left has to come right with it. */
export async function runWorld({ scenario, random, trace, logging = NO_LOGS }: WorldOptions): Promise<WorldReport> {
  const time = new VirtualTime(START);
  const stamped = (line: string) => trace(`${((time.now() - START) / 1000).toFixed(2).padStart(9)} s  ${line}`);
  const { listLagMs, skewMs, tickMs, course } = scenario;
  const service = new Service({ time, random: random.fork(), listLagMs, skewMs, tickMs, course, trace: stamped });
  const older = otherRun(service, RUN_NUMBER - 2);
  const newer = otherRun(service, RUN_NUMBER + 2);
  const reports: AttemptReport[] = [];
  let moments = 0;

  const runLeg = async (number: number, attempt: Attempt, leg: Leg, report: LegReport): Promise<void> => {
    const wire = (rate: number) => {
      const each = new FaultyWire({ time, random: random.fork(), rate, trace: stamped });
      report.wires.push(each);
      return service.over(each);
    };
    const draw = random.fork();
    const controller = new AbortController();
    const log = recordingLog();
    const surroundings = (life: Life) => ({
      life,
      logging,
      log,
      api: wire(number > scenario.attempts.length ? Math.min(scenario.faultRate, 0.1) : scenario.faultRate),
      signal: controller.signal,
      random: () => draw.next(),
      state: report.state,
    });
    const died = Promise.withResolvers<undefined>();
    const life = new Life(time, leg.killMainAt, () => died.resolve(undefined));
    if (leg.interruptMs !== undefined) {
      time.after(leg.interruptMs, () => controller.abort(new Interrupted('SIGINT')));
      time.after(leg.interruptMs + 10_000, () => life.kill());
    }
    const inputs = {
      request: requestOf(number, leg.variant),
      onRerun: attempt.onRerun,
      supersede: scenario.supersede,
      runNumber: RUN_NUMBER,
      wait: attempt.wait,
    };
    stamped(`attempt ${number}: main starts`);
    report.outcome = await Promise.race([main(inputs, surroundings(life)), died.promise]);
    life.kill();
    moments = Math.max(moments, life.moments);
    report.mainEndedAt = time.now();
    stamped(`attempt ${number}: main ${told(report.outcome)}`);
    if (!leg.postRuns) return;
    await time.sleep(draw.between(200, 2_000));
    const stopped = Promise.withResolvers<'killed'>();
    const postLife = new Life(time, leg.killPostAt, () => stopped.resolve('killed'));
    if (controller.signal.aborted) time.after(POST_LIMIT_MS, () => postLife.kill());
    report.postStartedAt = time.now();
    report.post = await Promise.race([
      post(surroundings(postLife)).then(
        () => 'ok' as const,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      ),
      stopped.promise,
    ]);
    postLife.kill();
    report.postEndedAt = time.now();
    stamped(`attempt ${number}: post ${report.post}`);
  };

  const runAttempt = async (number: number, attempt: Attempt): Promise<void> => {
    await time.sleep(attempt.pauseMs);
    const startedAt = time.now();
    const report: AttemptReport = { number, attempt, startedAt, endedAt: startedAt, legs: [], live: [] };
    reports.push(report);
    const over = attempt.legs.map(async (leg) => {
      await time.sleep(leg.startMs);
      const each: LegReport = { attempt: number, leg, startedAt: time.now(), state: {}, wires: [] };
      report.legs.push(each);
      await runLeg(number, attempt, leg, each);
    });
    const lost = attempt.lostMs === undefined ? [] : [time.sleep(attempt.lostMs)];
    running.push(...over);
    await Promise.race([Promise.all(over), ...lost]);
    report.endedAt = time.now();
    report.live = service.jobs.filter((job) => job.labels[KEY_LABEL] === KEY && isLiveNow(job));
  };

  const running: Promise<void>[] = [];
  const story = async () => {
    await time.sleep(60_000);
    for (const [index, attempt] of scenario.attempts.entries()) await runAttempt(index + 1, attempt);
    await Promise.all(running);
    await runAttempt(scenario.attempts.length + 1, { ...QUIET_ATTEMPT, pauseMs: 1_000 });
  };
  let done = false;
  const told_ = story().finally(() => {
    done = true;
  });
  await time.pass(() => done);
  if (!done) throw new Error('nothing is due any more, and the story is not over');
  await told_;
  const jobs = service.jobs.filter((job) => job.labels[KEY_LABEL] === KEY);
  return { scenario, attempts: reports, jobs, older, newer, endedAt: time.now(), moments };
}

/** A job of another run, which is there since long ago. */
function otherRun(service: Service, number: number): StoredJob {
  const { parent, collection, resource } = requestOf(1, 0);
  const labels = { ...resource.labels, [KEY_LABEL]: `other-${number}`, [RUN_LABEL]: String(number) };
  return service.create(parent, collection, { ...resource, labels }, [['RUNNING', 0]]);
}

export function isLiveNow({ states }: StoredJob): boolean {
  const state = states.at(-1)?.state ?? '';
  return !['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED', 'CANCELLING'].includes(state);
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'is killed';
  return outcome.kind === 'error'
    ? `fails: ${outcome.error}`
    : `${outcome.kind}: ${outcome.job.name} ${outcome.job.state}`;
}
