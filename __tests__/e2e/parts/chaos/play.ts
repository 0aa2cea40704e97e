import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Rule } from '../../../../src/local/faults/rules.ts';
import type { Report } from '../../../local/faults/client.ts';
import { type RunningStep, type StepOptions, type StepResult, startStep } from '../runner.ts';
import { makeRunnerTemp } from '../runner-files.ts';
import type { Ground } from './ground.ts';
import type { BadAttempt, Kill, Scenario } from './scenario.ts';

/** A job as the service has it. */
export interface SeenJob {
  readonly name: string;
  /** Without the prefix. */
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds of the quick time. */
  readonly createdAt: number;
  /** Undefined while it has not ended. */
  readonly endedAt: number | undefined;
}

/** One process of a step: main, or post. */
export interface Part {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly wasKilled: boolean;
  readonly result: StepResult;
}

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
  const stand: Stand = { ground, scenario, runId: String(randomInt(1e9, 1e10)), runnerTemp };
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

/** What all attempts of a scenario share. */
interface Stand {
  readonly ground: Ground;
  readonly scenario: Scenario;
  /** Nobody else's: it is in the key of all jobs of the scenario. */
  readonly runId: string;
  readonly runnerTemp: string;
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
  await faults.calm();
  await faults.order({
    scripts: { job: scenario.script },
    conditions: scenario.conditions,
    rules: [...rulesOf(attempt.kill), ...attempt.faults],
  });
  const common: StepOptions = {
    ...step,
    inputs: { ...step.inputs, on_rerun: onRerun },
    runnerTemp,
    env: { GITHUB_RUN_ID: stand.runId, GITHUB_RUN_ATTEMPT: String(number) },
  };
  const main = await runPart(stand, common, attempt.kill);
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
  return kill?.at === 'late-create' ? Math.max(0, main.endedAt + kill.ms - time.now()) : 0;
}

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

async function runPost(stand: Stand, options: StepOptions, kill: Kill | 'whole'): Promise<Part> {
  if (kill === 'whole') return runPart(stand, options, undefined);
  await stand.ground.faults.order({ rules: rulesOf(kill) });
  return runPart(stand, options, kill);
}

/** What the rule is called that keeps a process where it is to be killed. */
const HELD = 'held';

/** The rules by which a process comes to stand still where it is to be killed. */
function rulesOf(kill: Kill | undefined): readonly Rule[] {
  if (kill?.at === 'late-create') {
    return [{ name: HELD, call: 'create', when: 'before', fault: { kind: 'delay', ms: kill.ms } }];
  }
  if (kill?.at !== 'request') return [];
  const { call, skip, when } = kill;
  return [{ name: HELD, call, skip, when, fault: { kind: 'hang' } }];
}

/** Runs a process to its end, which it comes to by itself or by SIGKILL. */
async function runPart(stand: Stand, options: StepOptions, kill: Kill | undefined): Promise<Part> {
  const { time } = stand.ground;
  const startedAt = time.now();
  const step = await startStep(options);
  const over = new AbortController();
  void step.finished.finally(() => over.abort()).catch(() => {});
  if (kill !== undefined) await killAt(step, kill, stand, over.signal);
  const result = await step.finished;
  return { startedAt, endedAt: time.now(), wasKilled: result.signal === 'SIGKILL', result };
}

async function killAt({ child }: RunningStep, kill: Kill, stand: Stand, over: AbortSignal): Promise<void> {
  const { time } = stand.ground;
  if (kill.at === 'time') {
    await delay(time.realMs(kill.ms), undefined, { signal: over }).catch(() => {});
  } else {
    while (!over.aborted && !(await hasCome(kill, stand))) await delay(20);
  }
  child.kill('SIGKILL');
}

async function hasCome({ at }: Kill, stand: Stand): Promise<boolean> {
  if (at === 'success') return (await jobsOf(stand)).some(({ state }) => state === 'SUCCEEDED');
  const { rules } = await stand.ground.faults.report();
  return rules.some(({ name, fired }) => name === HELD && fired > 0);
}

/** All jobs of the scenario, the oldest first, whatever lists show. */
async function jobsOf({ ground, runId }: Stand): Promise<readonly SeenJob[]> {
  const { jobs } = await ground.faults.report();
  const own = jobs.filter(({ labels }) => labels['run-id'] === runId);
  const seen = own.map(({ name, labels, state, createTime, endTime }) => ({
    name,
    labels,
    state: state.replace(/^[A-Z]+_STATE_/, ''),
    createdAt: Date.parse(createTime),
    endedAt: endTime === undefined ? undefined : Date.parse(endTime),
  }));
  return seen.sort((a, b) => a.createdAt - b.createdAt);
}
