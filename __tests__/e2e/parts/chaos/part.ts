import { setTimeout as delay } from 'node:timers/promises';
import type { Call } from '../../../../src/local/faults/requests.ts';
import type { Rule } from '../../../../src/local/faults/rules.ts';
import { type RunningStep, type StepOptions, type StepResult, startStep } from '../runner.ts';
import type { Kill } from './scenario.ts';
import { jobsOf, type Stand } from './stand.ts';

/** One process of a step: main, or post. */
export interface Part {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly wasKilled: boolean;
  readonly result: StepResult;
}

/** What the rule is called that keeps a process where it is to be killed. */
export const HELD = 'held';

/** The rules by which a process comes to stand still where it is to be killed. */
export function rulesOf(kill: Kill | undefined): readonly Rule[] {
  if (kill?.at === 'late-create') {
    const fault = kill.ms === 'next' ? ({ kind: 'hold' } as const) : ({ kind: 'delay', ms: kill.ms } as const);
    return [{ name: HELD, call: 'create', when: 'before', fault }];
  }
  if (kill?.at !== 'request') return [];
  const { call, skip, when } = kill;
  return [{ name: HELD, call, skip, when, fault: { kind: 'hang' } }];
}

/** What is done once so many calls of a kind were made, or the process is through. */
export interface Moment {
  readonly call: Call;
  readonly count: number;
  readonly act: () => Promise<void>;
}

/** Runs a process to its end, which it comes to by itself or by SIGKILL. */
export async function runPart(
  stand: Stand,
  options: StepOptions,
  kill: Kill | undefined,
  moment?: Moment,
): Promise<Part> {
  const { time } = stand.ground;
  const startedAt = time.now();
  const step = await startStep(options);
  const over = new AbortController();
  void step.finished.finally(() => over.abort()).catch(() => {});
  const awaited = moment && meet(moment, stand, over.signal);
  if (kill !== undefined) await killAt(step, kill, stand, over.signal);
  await awaited;
  const result = await step.finished;
  return { startedAt, endedAt: time.now(), wasKilled: result.signal === 'SIGKILL', result };
}

async function meet({ call, count, act }: Moment, { ground }: Stand, over: AbortSignal): Promise<void> {
  while (!over.aborted && (await ground.faults.count(call)) < count) await delay(20);
  await act();
}

async function killAt({ child, waitForLine }: RunningStep, kill: Kill, stand: Stand, over: AbortSignal): Promise<void> {
  const { time } = stand.ground;
  if (kill.at === 'time') {
    await delay(time.realMs(kill.ms), undefined, { signal: over }).catch(() => {});
  } else if (kill.at === 'line') {
    await waitForLine(new RegExp(`step ${kill.line}$`)).catch(() => {});
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
