import { isLive } from '../../../src/job/submit/decide.ts';
import { RUN_LABEL } from '../../../src/job/submit/supersede.ts';
import { KEY_LABEL } from '../../../src/plan/labels.ts';
import { newJobLog } from './job-log.ts';
import { type LegReport, RUN_NUMBER, runLeg } from './leg.ts';
import { Random } from './random.ts';
import { KEY, planFor } from './request.ts';
import { nothingKept } from './runner.ts';
import { type Attempt, QUIET_ATTEMPT, type Scenario } from './scenario.ts';
import { Service } from './service.ts';
import type { StoredJob } from './stored-job.ts';
import { VirtualTime } from './time.ts';

const START = Date.parse('2026-11-01T00:00:00Z');
/** Faults are rarer in the last attempt: it is to come to its end. */
const LAST_FAULT_RATE = 0.1;

export interface AttemptReport {
  readonly number: number;
  readonly attempt: Attempt;
  readonly startedAt: number;
  readonly legs: LegReport[];
  /** Live jobs of the key when the attempt was over, by the service's own books. */
  live: readonly StoredJob[];
}

export interface WorldReport {
  readonly scenario: Scenario;
  readonly attempts: readonly AttemptReport[];
  /** The jobs of the key. */
  readonly jobs: readonly StoredJob[];
  readonly refusals: Service['refusals'];
  /** Jobs of an older and a newer run of the series. */
  readonly older: StoredJob;
  readonly newer: StoredJob;
  readonly endedAt: number;
}

export interface WorldOptions {
  readonly scenario: Scenario;
  /** Of everything that the scenario leaves open. */
  readonly seed: number;
  readonly trace?: ((line: string) => void) | undefined;
}

export const isLiveNow = ({ states }: StoredJob) => isLive({ state: states.at(-1)?.state ?? '' });

/** Runs a scenario, and after it an attempt to which nothing happens: whatever was left has to come right with it. */
export async function runWorld(options: WorldOptions): Promise<WorldReport> {
  const { scenario, seed, trace = () => {} } = options;
  const time = new VirtualTime(START);
  const random = new Random(seed);
  const stamped = (line: string) => trace(`${((time.now() - START) / 1000).toFixed(2).padStart(9)} s  ${line}`);
  const jobLog = newJobLog({ ...scenario, time, random: random.fork() });
  const service = new Service({
    ...scenario,
    market: scenario.market(random.fork()),
    time,
    random: random.fork(),
    onRun: jobLog.write,
    trace: stamped,
  });
  const older = otherRun(service, RUN_NUMBER - 2);
  const newer = otherRun(service, RUN_NUMBER + 2);
  const ofKey = () => service.jobs.filter((job) => job.labels[KEY_LABEL] === KEY);
  const attempts: AttemptReport[] = [];
  const running: Promise<void>[] = [];

  const runAttempt = async (attempt: Attempt, faultRate: number): Promise<void> => {
    await time.sleep(attempt.pauseMs);
    const report: AttemptReport = { number: attempts.length + 1, attempt, startedAt: time.now(), legs: [], live: [] };
    attempts.push(report);
    const ground = {
      time,
      service,
      logging: jobLog.api,
      random,
      faultRate,
      scenario,
      trace: stamped,
    };
    const job = attempt.follows ? toldIn(attempts) : undefined;
    const legs = attempt.legs.map(async (leg, index) => {
      await time.sleep(leg.startMs);
      const each: LegReport = {
        attempt: report.number,
        number: index + 1,
        leg,
        startedAt: time.now(),
        job,
        kept: nothingKept(),
        wires: [],
        said: [],
        gaveUp: [],
      };
      report.legs.push(each);
      await runLeg(attempt, each, ground);
    });
    running.push(...legs);
    const lost = attempt.lostMs === undefined ? [] : [time.sleep(attempt.lostMs)];
    await Promise.race([Promise.all(legs), ...lost]);
    report.live = ofKey().filter(isLiveNow);
  };
  const story = async () => {
    await time.sleep(60_000);
    for (const attempt of scenario.attempts) await runAttempt(attempt, scenario.faultRate);
    await Promise.all(running);
    await runAttempt({ ...QUIET_ATTEMPT, pauseMs: 1_000 }, Math.min(scenario.faultRate, LAST_FAULT_RATE));
  };
  await drawingFrom(random.fork(), () => time.pass(story()));
  return { scenario, attempts, jobs: ofKey(), refusals: service.refusals, older, newer, endedAt: time.now() };
}

/** Lets what draws its own numbers (retry in src/retry.ts, where it is given none) draw these, so that a run can be repeated. */
async function drawingFrom(random: Random, body: () => Promise<void>): Promise<void> {
  const { random: own } = Math;
  Math.random = () => random.next();
  try {
    await body();
  } finally {
    Math.random = own;
  }
}

/** The job that the attempts so far have told of last. */
function toldIn(attempts: readonly AttemptReport[]): string | undefined {
  const told = attempts.flatMap(({ legs }) => legs).map(({ kept }) => kept.outputs.get('job'));
  return told.findLast((job) => job !== undefined);
}

/** A job of another run, which lives since long ago. */
function otherRun(service: Service, number: number): StoredJob {
  const { parent, collection, resource } = planFor('one').job;
  const labels = { ...resource.labels, [KEY_LABEL]: `other-${number}`, [RUN_LABEL]: String(number) };
  return service.create(parent, collection, { ...resource, labels }, [['RUNNING', 0]]);
}
