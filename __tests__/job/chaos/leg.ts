import type { LoggingApi } from '../../../src/google/logging.ts';
import { recordingLog, type Said } from '../../ground/recording-log.ts';
import { FaultyWire } from './faults.ts';
import { Life } from './life.ts';
import type { Random } from './random.ts';
import { requestOf } from './request.ts';
import type { Attempt, Leg } from './scenario.ts';
import type { Service } from './service.ts';
import { main, type Outcome, post, type State, type StepInputs } from './step.ts';
import type { VirtualTime } from './time.ts';

/** From the first signal of a cancelled workflow to the one that nothing survives. */
const KILL_AFTER_MS = 10_000;
/** A cancelled job's posts have so long. */
const POST_LIMIT_MS = 270_000;
export const RUN_NUMBER = 7;

/** The workflow was cancelled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What became of one process of one attempt, and of its post. */
export interface LegReport {
  readonly attempt: number;
  readonly leg: Leg;
  readonly startedAt: number;
  readonly state: State;
  readonly wires: FaultyWire[];
  said: readonly Said[];
  interruptedAt?: number;
  mainEndedAt?: number;
  /** Undefined where main was killed. */
  outcome?: Outcome | undefined;
  /** How many moments main had. */
  moments?: number;
  postStartedAt?: number;
  postEndedAt?: number;
  /** Undefined where post did not run. */
  post?: 'ok' | 'killed' | Error;
}

/** Where a leg runs. */
export interface Ground {
  readonly time: VirtualTime;
  readonly service: Service;
  readonly logging: LoggingApi;
  readonly random: Random;
  readonly faultRate: number;
  readonly supersede: boolean;
  readonly trace: (line: string) => void;
}

/** One process of an attempt, from its start until it and its post are over; `report` is filled on the way. */
export async function runLeg(attempt: Attempt, report: LegReport, ground: Ground): Promise<void> {
  const { time, random, trace } = ground;
  const { leg } = report;
  const log = recordingLog();
  report.said = log.said;
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted || report.mainEndedAt !== undefined) return;
    report.interruptedAt = time.now();
    trace(`attempt ${report.attempt}: SIGINT`);
    controller.abort(new Interrupted('SIGINT'));
    time.after(KILL_AFTER_MS, () => life.kill());
  };
  const killed = Promise.withResolvers<undefined>();
  const life = new Life(time, {
    killAt: leg.killMainAt,
    interruptAt: leg.interruptAt,
    interrupt,
    died: () => killed.resolve(undefined),
  });
  if (leg.interruptMs !== undefined) time.after(leg.interruptMs, interrupt);
  const draw = random.fork();
  const common = {
    log,
    logging: ground.logging,
    random: () => draw.next(),
    state: report.state,
    signal: controller.signal,
  };
  trace(`attempt ${report.attempt}: main starts`);
  report.outcome = await Promise.race([
    main(inputsOf(attempt, report, ground), { ...common, life, api: apiOf(report, ground) }),
    killed.promise,
  ]);
  report.mainEndedAt = time.now();
  report.moments = life.moments;
  life.kill();
  trace(`attempt ${report.attempt}: main ${told(report.outcome)}`);
  if (!leg.postRuns) return;
  await time.sleep(draw.between(200, 2_000));
  report.postStartedAt = time.now();
  const stopped = Promise.withResolvers<'killed'>();
  const after = new Life(time, { killAt: leg.killPostAt, died: () => stopped.resolve('killed') });
  if (controller.signal.aborted) time.after(POST_LIMIT_MS, () => after.kill());
  const cleaned = post({ ...common, life: after, api: apiOf(report, ground) }).then(() => 'ok' as const, asError);
  report.post = await Promise.race([cleaned, stopped.promise]);
  report.postEndedAt = time.now();
  after.kill();
  trace(`attempt ${report.attempt}: post ${report.post}`);
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

function inputsOf({ onRerun, wait }: Attempt, { attempt, leg }: LegReport, { supersede }: Ground): StepInputs {
  return { request: requestOf(attempt, leg.variant), onRerun, wait, supersede, runNumber: RUN_NUMBER };
}

function apiOf(report: LegReport, { time, random, service, faultRate, trace }: Ground) {
  const wire = new FaultyWire({ time, random: random.fork(), rate: faultRate, trace });
  report.wires.push(wire);
  return service.over(wire);
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'is killed';
  if (outcome.kind === 'error') return `fails: ${outcome.error}`;
  return `${outcome.kind}: ${outcome.job.name} ${outcome.job.state}`;
}
