import type { Edges } from '../../../src/run/edges.ts';
import { fieldIn, type ReadState, type State } from '../../../src/runner/state.ts';
import type { Life } from './life.ts';

/** What the runner keeps of a step, whatever becomes of its processes. */
export interface Kept {
  /** Fields for post, as texts. */
  readonly state: Map<string, string>;
  readonly outputs: Map<string, string>;
  readonly summaries: string[];
}

export const nothingKept = (): Kept => ({ state: new Map(), outputs: new Map(), summaries: [] });

/** The edges of a process: each thing that it writes is a moment at which it can be killed. */
export function edgesOf(life: Life, kept: Kept, random: () => number, env: Edges['env']): Edges {
  return {
    clock: life.clock,
    random,
    env,
    saveState: (key, value) => life.does(() => kept.state.set(key, JSON.stringify(value))),
    setOutputs: (outputs) =>
      life.does(() => {
        for (const [name, value] of Object.entries(outputs)) kept.outputs.set(name, value);
      }),
    writeSummary: async (markdown) => life.does(() => kept.summaries.push(markdown)),
    redact: (text) => text,
    github: () => async () => {
      throw new Error('GitHub is not asked here');
    },
    drained: async () => {},
  };
}

export const readerOf =
  (kept: Kept): ReadState =>
  (key, guard) =>
    fieldIn(kept.state.get(key) ?? '', guard);

/** A field as main left it; undefined where it did not. */
export function fieldOf<K extends keyof State>(kept: Kept, key: K): State[K] | undefined {
  const text = kept.state.get(key);
  return text === undefined ? undefined : JSON.parse(text);
}
