import type { GithubRequest } from '../github/request.ts';
import type { Log } from '../log.ts';
import { setOutputs, writeSummary } from '../report/conclude.ts';
import { fitOutputs, type Outputs } from '../report/outputs.ts';
import { type Clock, systemClock } from '../retry.ts';
import { drained } from '../runner/actions-log.ts';
import { githubRequest } from '../runner/github.ts';
import type { Masks } from '../runner/masks.ts';
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
  /** The text without what the runner hides: what leaves the step on other ways than its log goes through here. */
  readonly redact: (text: string) => string;
  readonly writeSummary: (markdown: string) => Promise<void>;
  /** Requests to GitHub's REST API with a token. */
  readonly github: (token: string) => GithubRequest;
  /** Resolves once what was told is on its way. */
  readonly drained: () => Promise<void>;
}

/** The machine's clock, and the runner that started this process. */
export const runnerEdges = (masks: Masks, log: Log): Edges => ({
  clock: systemClock,
  random: Math.random,
  env: process.env,
  saveState,
  setOutputs: outputsTo(masks, log),
  redact: (text) => masks.redact(text),
  writeSummary: (markdown) => writeSummary(masks.redact(markdown)),
  github: (token) => githubRequest(token, log),
  drained,
});

/** Outputs as GitHub takes them; what is left out of one is told once. */
function outputsTo(masks: Masks, log: Log): Edges['setOutputs'] {
  const told = new Set<string>();
  return (given) => {
    const { outputs, changes } = fitOutputs(given, (text) => masks.redact(text));
    for (const [name, sentence] of changes) {
      if (!told.has(name)) log.warning(sentence);
      told.add(name);
    }
    setOutputs(outputs);
  };
}
