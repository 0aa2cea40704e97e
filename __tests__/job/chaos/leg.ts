import type { LoggingApi } from '../../../src/google/logging.ts';
import type { Log } from '../../../src/log.ts';
import type { Edges } from '../../../src/run/edges.ts';
import { recordingLog, type Said } from '../../ground/recording-log.ts';
import { RUN } from '../../plan/run.ts';
import { FaultyWire } from './faults.ts';
import { Life } from './life.ts';
import type { Random } from './random.ts';
import { type Asked, stepOf } from './request.ts';
import type { Kept } from './runner.ts';
import type { Attempt, Leg, Scenario } from './scenario.ts';
import type { Service } from './service.ts';
import { main, type Outcome, post } from './step.ts';
import type { VirtualTime } from './time.ts';

/** From the first signal of a cancelled workflow to the one that nothing survives. */
const KILL_AFTER_MS = 10_000;
/** A cancelled job's posts have so long. */
const POST_LIMIT_MS = 270_000;
export const RUN_NUMBER = Number(RUN.runNumber);

/** The workflow was cancelled. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** What became of one process of one attempt, and of its post. */
export interface LegReport {
  readonly attempt: number;
  /** Among the legs of its attempt. */
  readonly number: number;
  readonly leg: Leg;
  readonly startedAt: number;
  readonly kept: Kept;
  /** The job that it was only to follow. */
  readonly job: string | undefined;
  readonly wires: FaultyWire[];
  said: readonly Said[];
  /** Jobs that fail-over gave up. */
  readonly gaveUp: { readonly name: string; readonly at: number }[];
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
  readonly scenario: Pick<Scenario, 'supersede' | 'choices'>;
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
    trace(`${nameOf(report)}: SIGINT`);
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
    log: { ...log, info: (text: string) => hear(text, log, report, time) },
    logging: ground.logging,
    random: () => draw.next(),
    kept: report.kept,
  };
  const asked = askedOf(attempt, report, ground);
  const env = envOf(attempt, time.now());
  trace(`${nameOf(report)}: main starts`);
  report.outcome = await Promise.race([
    main(asked, { ...common, life, api: apiOf(report, ground) }, { signal: controller.signal, env }),
    killed.promise,
  ]);
  report.mainEndedAt = time.now();
  report.moments = life.moments;
  life.kill();
  trace(`${nameOf(report)}: main ${told(report.outcome)}`);
  if (!leg.postRuns) return;
  await time.sleep(draw.between(200, 2_000));
  report.postStartedAt = time.now();
  const stopped = Promise.withResolvers<'killed'>();
  const after = new Life(time, { killAt: leg.killPostAt, died: () => stopped.resolve('killed') });
  if (controller.signal.aborted) time.after(POST_LIMIT_MS, () => after.kill());
  const cleaned = post(asked, { ...common, life: after, api: apiOf(report, ground) }).then(
    () => 'ok' as const,
    asError,
  );
  report.post = await Promise.race([cleaned, stopped.promise]);
  report.postEndedAt = time.now();
  after.kill();
  trace(`${nameOf(report)}: post ${report.post}`);
}

/** Tells the process of a leg from all others. */
export const nameOf = ({ attempt, number }: Pick<LegReport, 'attempt' | 'number'>) => `attempt ${attempt}.${number}`;

function hear(text: string, log: Log, { gaveUp }: LegReport, time: VirtualTime): void {
  log.info(text);
  const name = /to make way for another choice: (\S+)$/.exec(text)?.[1];
  if (name !== undefined) gaveUp.push({ name, at: time.now() });
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

function askedOf(wishes: Attempt, { attempt, leg, job }: LegReport, { scenario }: Ground): Asked {
  const { onRerun, wait, onCancel, detachAfterS, failoverAfterS } = wishes;
  return stepOf(
    { attempt, variant: leg.variant, choices: scenario.choices, supersede: scenario.supersede, job },
    { onRerun, wait, onCancel, detachAfterS, failoverAfterS },
  );
}

/** What google-github-actions/auth and the runner leave in the environment of a step that signs in by them. */
function envOf({ tokenS }: Attempt, now: number): Edges['env'] {
  if (tokenS === undefined) return {};
  const claims = Buffer.from(JSON.stringify({ exp: Math.floor(now / 1_000) + tokenS })).toString('base64url');
  return { GOOGLE_GHA_CREDS_PATH: '/credentials.json', ACTIONS_ID_TOKEN_REQUEST_TOKEN: `e30.${claims}.c2ln` };
}

function apiOf(report: LegReport, { time, random, service, faultRate, trace }: Ground) {
  const wire = new FaultyWire({ time, random: random.fork(), rate: faultRate, trace });
  report.wires.push(wire);
  return service.over(wire, nameOf(report));
}

function told(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'is killed';
  if (outcome.kind === 'error') return `fails: ${outcome.error}`;
  return `ends well: ${outcome.job.name} ${outcome.job.state}`;
}
