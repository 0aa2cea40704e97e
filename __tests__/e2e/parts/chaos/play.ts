import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rule } from '../../../../src/local/faults/rules.ts';
import type { Report } from '../../../local/faults/client.ts';
import type { StepOptions } from '../runner.ts';
import { makeRunnerTemp } from '../runner-files.ts';
import type { Ground } from './ground.ts';
import { HELD, type Moment, type Part, rulesOf, runPart } from './part.ts';
import type { BadAttempt, Kill, Scenario } from './scenario.ts';
import { jobsOf, letGo, type SeenJob, type Stand } from './stand.ts';

export interface AttemptReport {
  readonly number: number;
  /** The jobs of the step as they were when it began. */
  readonly before: readonly SeenJob[];
  readonly main: Part;
  readonly post: Part | undefined;
  /** The jobs once it was over. */
  readonly after: readonly SeenJob[];
  readonly requests: Report['requests'];
  /** How long faults may have kept its processes, in milliseconds of the quick time; not the one that main is killed in. */
  readonly troubleMs: number;
}

export interface Play {
  readonly scenario: Scenario;
  readonly attempts: readonly AttemptReport[];
}

/** Plays a scenario: its bad attempts, and the last one, which comes to its end. */
export async function play(scenario: Scenario, ground: Ground): Promise<Play> {
  const runnerTemp = await makeRunnerTemp();
  const stand: Stand = { ground, scenario, runId: String(randomInt(1e9, 1e10)), runnerTemp, isHeld: false };
  const attempts: AttemptReport[] = [];
  try {
    for (const [index, attempt] of scenario.attempts.entries()) {
      attempts.push(await runAttempt(stand, index + 1, attempt));
      await delay(ground.time.realMs(attempt.pauseMs));
    }
    const whole = { ...scenario.last, kill: undefined, post: 'whole', pauseMs: 0 } as const;
    attempts.push(await runAttempt(stand, attempts.length + 1, whole));
    return { scenario, attempts };
  } finally {
    await rm(runnerTemp, { recursive: true, force: true });
  }
}

type Attempt = Omit<BadAttempt, 'kill'> & {
  readonly kill: Kill | undefined;
  readonly onRerun?: 'attach' | 'new';
};

async function runAttempt(stand: Stand, number: number, attempt: Attempt): Promise<AttemptReport> {
  const { ground, scenario, runnerTemp } = stand;
  const { step, faults } = ground;
  const { onRerun = 'attach' } = attempt;
  const before = await jobsOf(stand);
  const isBlind = scenario.blind === true && number > 1;
  await faults.calm();
  await faults.order({
    scripts: { job: scenario.script },
    conditions: isBlind ? { ...scenario.conditions, listLagMs: FOR_EVER_MS } : scenario.conditions,
    rules: [...rulesOf(attempt.kill), ...attempt.faults],
  });
  const common: StepOptions = {
    ...step,
    inputs: { ...step.inputs, on_rerun: onRerun },
    runnerTemp,
    env: { GITHUB_RUN_ID: stand.runId, GITHUB_RUN_ATTEMPT: String(number) },
  };
  const sees = async () => {
    if (isBlind) await faults.order({ conditions: scenario.conditions });
    await letGo(stand);
  };
  const wakes = isBlind || stand.isHeld;
  const main = await runPart(stand, common, attempt.kill, wakes ? { call: 'create', count: 1, act: sees } : undefined);
  stand.isHeld ||= isHolding(attempt.kill) && main.wasKilled;
  const post =
    attempt.post && (await runPost(stand, { ...common, entry: 'post', state: main.result.state }, attempt.post));
  // What is still on its way when post is through is none that may stay.
  if (post !== undefined && !post.wasKilled) await delay(ground.time.realMs(underWayMs(attempt.kill, main, ground)));
  const { requests, rules } = await faults.report();
  const troubleMs = rules.reduce((sum, rule) => sum + rule.fired * costOf(rule), 0);
  return { number, before, main, post, after: await jobsOf(stand), requests, troubleMs };
}

/** How long it takes at most until all that main asked for has taken effect. */
function underWayMs(kill: Kill | undefined, main: Part, { time }: Ground): number {
  if (kill?.at !== 'late-create') return 0;
  return kill.ms === 'next' ? EFFECT_MS : Math.max(0, main.endedAt + kill.ms + EFFECT_MS - time.now());
}

/** What the service takes for an effect, and then some. */
const EFFECT_MS = 3_000;
const FOR_EVER_MS = 1_000_000_000;

const isHolding = (kill: Kill | undefined) => kill?.at === 'late-create' && kill.ms === 'next';

/** The wait before the next attempt at what failed. */
const AGAIN_MS = 15_000;
/** The time limit of a call. */
const CALL_MS = 60_000;

/** What it takes until a request that a fault met has been made again. */
function costOf({ name, fault }: Rule): number {
  if (name === HELD) return 0;
  if (fault.kind === 'hang') return CALL_MS + AGAIN_MS;
  return (fault.kind === 'delay' ? fault.ms : 0) + AGAIN_MS;
}

/** Requests of one look for jobs, one for each kind. */
const LOOK = 3;

async function runPost(stand: Stand, options: StepOptions, kill: Kill | 'whole'): Promise<Part> {
  const count = (await stand.ground.faults.count('list')) + LOOK;
  const looked: Moment = { call: 'list', count, act: () => letGo(stand) };
  if (kill === 'whole') return runPart(stand, options, undefined, looked);
  await stand.ground.faults.order({ rules: rulesOf(kill) });
  return runPart(stand, options, kill);
}
