import { setOutputs, writeSummary } from '../report/conclude.ts';
import type { Outputs } from '../report/outputs.ts';
import { type Clock, systemClock } from '../retry.ts';
import { drained } from '../runner/actions-log.ts';
import { type SaveState, saveState } from '../runner/state.ts';

/** Where a step meets time, chance and the runner: passed in, so that a test can run whole steps in a world of its own. */
export interface Edges {
  readonly clock: Clock;
  /** From [0, 1). */
  readonly random: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly saveState: SaveState;
  /** Hands outputs to the next steps, the last value of each. */
  readonly setOutputs: (outputs: Outputs) => void;
  readonly writeSummary: (markdown: string) => Promise<void>;
  /** Resolves once what was told is on its way. */
  readonly drained: () => Promise<void>;
}

/** The machine's clock, and the runner that started this process. */
export const runnerEdges = (): Edges => ({
  clock: systemClock,
  random: Math.random,
  env: process.env,
  saveState,
  setOutputs,
  writeSummary,
  drained,
});
