import type { Ground } from './ground.ts';
import type { Scenario } from './scenario.ts';

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

/** What all attempts of a scenario share. */
export interface Stand {
  readonly ground: Ground;
  readonly scenario: Scenario;
  /** Nobody else's: it is in the key of all jobs of the scenario. */
  readonly runId: string;
  readonly runnerTemp: string;
  /** Whether a request is held that a process before asked for. */
  isHeld: boolean;
}

/** Lets the request take effect that is held, if one is. */
export async function letGo(stand: Stand): Promise<void> {
  if (stand.isHeld) await stand.ground.faults.order({ release: true });
  stand.isHeld = false;
}

/** All jobs of the scenario, the oldest first, whatever lists show. */
export async function jobsOf({ ground, runId }: Stand): Promise<readonly SeenJob[]> {
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
