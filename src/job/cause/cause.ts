import { hasEnded, type Job } from '../../vertex/jobs.ts';
import type { ErrorBlock } from '../logs/follow.ts';
import { exitOf, headline, quotedLines, type ReplicaExit } from './exit.ts';
import { knownMeaning } from './known.ts';
import type { Meaning } from './meaning.ts';
import { type Failed, failedPart } from './part.ts';

/** What a job's logs have to tell of its failure. */
export interface CauseLogs {
  /** The last lines of a source. */
  tail(source: string): readonly string[];
  /** The newest errors, oldest first. */
  errors(): readonly ErrorBlock[];
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

/** So much of an error is shown: a traceback's first lines tell little. */
const MOST_LINES = 40;

export function causeOf(job: Job, logs: CauseLogs): Cause {
  const failed = failedPart(job);
  const message = headline(failed.message) || noWords(job);
  const exit = exitOf(failed.message);
  const { source, lines } = linesOf(failed, logs);
  return {
    message,
    source: lines.length === 0 ? undefined : source,
    lines: lines.slice(-MOST_LINES),
    exitCode: exit?.code,
    meaning: programEnded(job, exit) ? knownMeaning(exit, failed.message, lines) : undefined,
  };
}

const noWords = (job: Job) =>
  hasEnded(job) ? `the job is ${job.state}, and the service names no cause.` : `the job is ${job.state}.`;

/** Of a job that was cancelled the last lines prove nothing. */
const programEnded = ({ state }: Job, exit: ReplicaExit | undefined) =>
  exit !== undefined || state === 'FAILED' || state === 'PARTIALLY_SUCCEEDED';

interface Said {
  readonly source: string;
  readonly lines: readonly string[];
}

/** The failed part's last error; else what the service quotes; else its last lines; else the last error of another part. */
function linesOf({ source, isAPartOf, message }: Failed, logs: CauseLogs): Said {
  const errors = logs.errors().filter(({ lines }) => lines.length > 0);
  const own =
    errors.findLast((block) => block.source === source) ?? errors.findLast((block) => isAPartOf(block.source));
  if (own !== undefined) return own;
  const quoted = quotedLines(message);
  if (quoted.length > 0) return { source, lines: quoted };
  const tail = logs.tail(source);
  if (tail.length > 0) return { source, lines: tail };
  return errors.at(-1) ?? { source, lines: [] };
}
