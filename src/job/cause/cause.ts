import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { saysTaskFailed } from '../logs/severity.ts';
import { exitOf, headline, quotedLines, type ReplicaExit } from './exit.ts';
import { isSignal, knownMeaning } from './known.ts';
import type { Meaning } from './meaning.ts';
import { type Failed, failedPart } from './part.ts';

/** Lines of one error, as the logs tell them. */
interface ErrorLines {
  readonly source: string;
  readonly lines: readonly string[];
}

/** What a job's logs have to tell of its failure. */
export interface CauseLogs {
  /** The last lines of a source. */
  tail(source: string): readonly string[];
  /** The newest errors, oldest first. */
  errors(): readonly ErrorLines[];
}

/** Why a job did not succeed: what the service says of it, and what the replica or trial that failed said last. */
export interface Cause {
  /** The service's words, without its address of the log viewer. */
  readonly message: string;
  /** The worker or trial that failed; undefined where nothing of it is at hand. */
  readonly source: string | undefined;
  /** Its last error, a traceback for one, or its last lines. */
  readonly lines: readonly string[];
  readonly exitCode: number | undefined;
  /** What it means and the mend, where that is known for sure. */
  readonly meaning: Meaning | undefined;
}

/** A cause that is known without any line of the job's. */
export const causeWith = (message: string): Cause => ({
  message,
  source: undefined,
  lines: [],
  exitCode: undefined,
  meaning: undefined,
});

/** So much of an error is shown: the first frames of a traceback tell little. */
const MOST_LINES = 40;

/**
 * Why the job did not succeed, from what the service says of it and what its logs keep. A meaning is given only where a program
 * came to an end of its own: the last lines of a job that was cancelled prove nothing.
 */
export function causeOf(job: Job, logs: CauseLogs): Cause {
  const failed = failedPart(job);
  const exit = exitOf(failed.message);
  const judged = rootOf(failed, exit, logs);
  const { source, lines } = judged;
  return {
    message: headline(failed.message) || noWords(job),
    source: lines.length === 0 ? undefined : source,
    lines: lines.slice(-MOST_LINES),
    exitCode: exit?.code,
    meaning: programEnded(job, exit) ? judged.meaning : undefined,
  };
}

const noWords = ({ state }: Job) =>
  hasEnded({ state }) ? `the job is ${state}, and the service names no cause.` : `the job is ${state}.`;

/** Of a job that was cancelled the last lines prove nothing. */
const programEnded = ({ state }: Job, exit: ReplicaExit | undefined) =>
  exit !== undefined || state === 'FAILED' || state === 'PARTIALLY_SUCCEEDED';

type Judged = ErrorLines & { readonly meaning: Meaning | undefined };

/** Who lost the others is mostly not who failed first: then another's error is the cause. */
const FOLLOWS_ANOTHER = new Set(['nccl', 'terminated']);

function rootOf(failed: Failed, exit: ReplicaExit | undefined, logs: CauseLogs): Judged {
  const said = linesOf(failed, exit, logs);
  const meaning = knownMeaning(exit, failed.message, said.lines);
  if (meaning === undefined || !FOLLOWS_ANOTHER.has(meaning.rule)) return { ...said, meaning };
  for (const block of logs.errors()) {
    if (block.source === said.source || !failed.isAPartOf(block.source)) continue;
    const other = knownMeaning(undefined, '', block.lines);
    if (other === undefined || !FOLLOWS_ANOTHER.has(other.rule)) return { ...block, meaning: other };
  }
  return { ...said, meaning };
}

/** The failed part's last error; else what the service quotes; else its last lines; else the last error of another part. */
function linesOf({ source, isAPartOf, message }: Failed, exit: ReplicaExit | undefined, logs: CauseLogs): ErrorLines {
  const tail = logs.tail(source);
  // What a signal ended had no time to say why; an error that it told before is not the cause.
  if (isSignal(exit?.code) && tail.length > 0) return { source, lines: tail };
  const errors = logs.errors().filter(({ lines }) => !lines.every(saysTaskFailed));
  const own = errors.findLast((block) => block.source === source);
  if (own !== undefined) return own;
  const quoted = quotedLines(message);
  if (quoted.length > 0) return { source, lines: quoted };
  if (tail.length > 0) return { source, lines: tail };
  return errors.findLast((block) => isAPartOf(block.source)) ?? { source, lines: [] };
}
