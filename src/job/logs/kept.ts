import { harmless } from '../../log.ts';
import type { Block } from './traceback.ts';

/** What is kept of a log to show the cause of a failure with; bounded whatever the log holds. */
interface Kept {
  /** Lines of a source, in the order in which they are told. */
  add(source: string, lines: readonly string[]): void;
  addError(block: Block): void;
  /** Sources whose lines are kept though others speak later: those that failed. */
  pin(sources: Iterable<string>): void;
  /** The last lines of a source, with `more` behind them. */
  tail(source: string, more: readonly Block[]): readonly string[];
  /** The newest errors of each source in the order in which they were told, with those in `more` behind them. */
  errors(more: readonly Block[]): readonly ErrorBlock[];
}

/** Error lines that belong together: an entry of the program's own severity, a traceback, a line of the platform. */
export interface ErrorBlock {
  readonly source: string;
  readonly lines: readonly string[];
}

interface KeptLimits {
  /** Last lines of a source, and sources that have some. */
  readonly tailLines: number;
  readonly sources: number;
  /** Errors in all; a new one takes the place of the oldest of the source that has the most. */
  readonly errors: number;
  /** Lines of one error: of a longer one the first fifth and the end. */
  readonly errorLines: number;
  /** Characters of a line; a longer one is cut. */
  readonly lineChars: number;
}

/** At most 256 x 30 + 120 x 400 lines of 1,000 characters: some 50 MB where every line is that long, and 3 MB as a rule. */
export const KEPT_LIMITS: KeptLimits = { tailLines: 30, sources: 256, errors: 60, errorLines: 400, lineChars: 1_000 };

/** Keeps nothing at first, and never more than `limits` allow. */
export function keptLines(limits: KeptLimits = KEPT_LIMITS): Kept {
  const tails = new Map<string, string[]>();
  let pinned: ReadonlySet<string> = new Set();
  let errors: ErrorBlock[] = [];

  // A copy: a part of a text keeps the whole text in memory. The rest of the cutting is left to whoever reads it.
  const copy = (line: string) => {
    const text = line.length > limits.lineChars ? `${line.slice(0, limits.lineChars)}…` : line;
    return ` ${text}`.slice(1);
  };
  const lastOf = (lines: readonly string[]) => lines.slice(-limits.tailLines);

  const remember = (source: string, lines: readonly string[]) => {
    const tail = lastOf([...(tails.get(source) ?? []), ...lastOf(lines).map(copy)]);
    // Whoever spoke last stands last.
    tails.delete(source);
    tails.set(source, tail);
    if (tails.size <= limits.sources) return;
    const silent = [...tails.keys()].find((each) => !pinned.has(each));
    if (silent !== undefined) tails.delete(silent);
  };
  const asError = ({ source, lines }: Block): ErrorBlock => {
    const most = limits.errorLines;
    if (lines.length <= most) return { source, lines: lines.map(copy) };
    const first = Math.floor(most / 5);
    const left = `… ${lines.length - most} lines are left out …`;
    const kept = [...lines.slice(0, first), left, ...lines.slice(first - most)];
    return { source, lines: kept.map(copy) };
  };
  const newest = (blocks: readonly ErrorBlock[]): ErrorBlock[] => {
    const all = [...blocks];
    while (all.length > limits.errors) all.splice(indexToForget(all, pinned), 1);
    return all;
  };
  const shown = (lines: readonly string[]) => lines.map(harmless);

  return {
    add: remember,
    addError: (block) => {
      errors.push(asError(block));
      if (errors.length > 2 * limits.errors) errors = newest(errors);
    },
    pin: (sources) => {
      pinned = new Set(sources);
    },
    tail: (source, more) => {
      const held = more.filter((block) => block.source === source).flatMap(({ lines }) => lastOf(lines).map(copy));
      return shown(lastOf([...(tails.get(source) ?? []), ...held]));
    },
    errors: (more) => {
      const all = newest([...errors, ...more.filter(({ isError }) => isError).map(asError)]);
      return all.map(({ source, lines }) => ({ source, lines: shown(lines) }));
    },
  };
}

/** The oldest error of the source that has the most, of one that is not pinned where there is such. */
function indexToForget(errors: readonly ErrorBlock[], pinned: ReadonlySet<string>): number {
  const counts = new Map<string, number>();
  for (const { source } of errors) counts.set(source, (counts.get(source) ?? 0) + (pinned.has(source) ? 0.001 : 1));
  const most = Math.max(...counts.values());
  return errors.findIndex(({ source }) => counts.get(source) === most);
}
