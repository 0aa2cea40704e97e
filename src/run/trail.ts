import type { Traces } from '../job/submit/claim.ts';
import type { SaveState } from '../runner/state.ts';
import type { Job } from '../vertex/jobs.ts';

/** What main leaves for post, so that it finds every job of this step whatever becomes of main. */
export interface Trail {
  /** Before a job is asked for, with the names of those that fail-over has given up. */
  readonly asksFor: (traces: Traces, givenUp: readonly string[]) => void;
  /** As soon as a job is known to be this step's. */
  readonly heardOf: (job: Pick<Job, 'name'>) => void;
  /** Names of the jobs that are known to be this step's, in the order in which they were heard of. */
  readonly names: () => readonly string[];
  /** When no other job of this step can turn up any more, in milliseconds since the epoch. */
  readonly quietAt: (ms: number) => void;
  /** Nothing is to be cancelled: the job ended, or was left on purpose, and no double can turn up. */
  readonly settled: () => void;
}

/** `parents` are the places where jobs of this step may be. */
export function newTrail(parents: readonly string[], saveState: SaveState): Trail {
  const names = new Set<string>();
  saveState('parents', [...new Set(parents)]);
  return {
    asksFor: (traces, givenUp) => {
      // What was known of an earlier choice does not hold for this one.
      saveState('quietAt', null);
      saveState('givenUp', givenUp);
      saveState('request', traces);
    },
    heardOf: ({ name }) => {
      if (names.has(name)) return;
      names.add(name);
      saveState('names', [...names]);
    },
    names: () => [...names],
    quietAt: (ms) => saveState('quietAt', ms),
    settled: () => saveState('settled', true),
  };
}
