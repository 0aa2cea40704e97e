import { harmless } from '../../log.ts';
import type { EntryLines } from './lines.ts';
import { HEADER_MARKS, isHeader, type Phase, phaseAfter, prefixOf } from './traceback-lines.ts';

/** Lines of one source that are told together. */
export interface Block {
  readonly source: string;
  readonly lines: readonly string[];
  readonly isError: boolean;
}

/** Puts tracebacks together, whether they come as one entry or as one a line, among those of others or alone. */
interface Tracebacks {
  /** The blocks that are complete with this entry: the entry's lines, unless they belong to a traceback that goes on. */
  add(entry: EntryLines, now: number): Block[];
  /** What has waited for its end long enough. */
  due(now: number): Block[];
  /** Everything that is still held. */
  all(): Block[];
  /** What is held, as it would be told now. */
  held(): Block[];
}

interface TracebackLimits {
  /** How long frames wait for the exception that ends them, in milliseconds since the last of them came. */
  readonly openMs: number;
  /** How long an exception waits for another that was raised while it was handled, in milliseconds. */
  readonly endedMs: number;
  /** How long lines are taken for the rest of a traceback that was told unfinished, in milliseconds. */
  readonly restMs: number;
  /** Lines and characters of one traceback, and characters of all, beyond which it is told in parts. */
  readonly lines: number;
  readonly chars: number;
  readonly allChars: number;
}

/** Longer than a program takes to write a traceback line by line; four million characters at the most. */
export const TRACEBACK_LIMITS: TracebackLimits = {
  openMs: 15_000,
  endedMs: 5_000,
  restMs: 60_000,
  lines: 2_000,
  chars: 512 * 1024,
  allChars: 4 * 1024 * 1024,
};

/** Lines of others in the same stream that a traceback lets pass before it is taken for ended. */
const MOST_ASIDES = 100;

interface Open {
  readonly source: string;
  lines: string[];
  chars: number;
  phase: Phase;
  touchedAt: number;
  asides: number;
}

/** An entry whose lines are being told apart. */
interface Cut {
  readonly entry: EntryLines;
  readonly now: number;
  readonly blocks: Block[];
  /** Lines so far that belong to no traceback. */
  loose: string[];
  /** The traceback whose exception this entry has named. */
  raised: Open | undefined;
}

/** Holds nothing at first, and never more than `limits` allow. */
export function tracebacks(limits: TracebackLimits = TRACEBACK_LIMITS): Tracebacks {
  /** By source, stream and the prefix that a launcher puts before each line of a process. */
  const open = new Map<string, Open>();
  let chars = 0;

  const part = (block: Open): Block[] => {
    if (block.lines.length === 0) return [];
    const { source, lines } = block;
    chars -= block.chars;
    block.lines = [];
    block.chars = 0;
    return [{ source, lines, isError: true }];
  };
  const close = (key: string, block: Open): Block[] => {
    open.delete(key);
    // Blank lines at the end part it from what follows.
    let end = block.lines.length;
    while (end > 0 && block.lines[end - 1] === '') end -= 1;
    const blank = block.lines.splice(end);
    const whole = part(block);
    return blank.length === 0 ? whole : [...whole, { source: block.source, lines: blank, isError: false }];
  };
  const hold = (block: Open, line: string, now: number): Block[] => {
    block.lines.push(line);
    block.chars += line.length;
    chars += line.length;
    block.touchedAt = now;
    if (block.lines.length >= limits.lines || block.chars >= limits.chars) return part(block);
    return chars > limits.allChars ? [...open.values()].flatMap(part) : [];
  };

  const tellLoose = (cut: Cut) => {
    const { source, isError } = cut.entry;
    if (cut.loose.length > 0) cut.blocks.push({ source, lines: cut.loose, isError });
    cut.loose = [];
  };
  const begin = (cut: Cut, key: string, line: string) => {
    const { source } = cut.entry;
    const block: Open = { source, lines: [], chars: 0, phase: 'frames', touchedAt: cut.now, asides: 0 };
    open.set(key, block);
    // What an entry says before its traceback is a part of it.
    for (const each of [...cut.loose.splice(0), line]) cut.blocks.push(...hold(block, each, cut.now));
  };
  /** A line that belongs to no traceback that is open. */
  const outside = (cut: Cut, key: string, line: string, text: string, ended: Open | undefined) => {
    if (ended !== undefined) {
      tellLoose(cut);
      cut.blocks.push(...close(key, ended));
    }
    if (isHeader(text)) begin(cut, key, line);
    else cut.loose.push(line);
  };
  const aside = (cut: Cut, key: string, line: string, block: Open) => {
    cut.loose.push(line);
    block.asides += 1;
    if (block.asides > MOST_ASIDES) cut.blocks.push(...close(key, block));
  };
  const inside = (cut: Cut, line: string, block: Open, phase: Phase) => {
    block.phase = phase;
    // Whatever the entry says behind the exception is its message.
    if (phase === 'raised') cut.raised = block;
    cut.blocks.push(...hold(block, line, cut.now));
  };
  const addLine = (cut: Cut, line: string) => {
    const plain = harmless(line).trimEnd();
    const prefix = prefixOf(plain);
    const key = `${cut.entry.source}\n${cut.entry.stream}\n${prefix.trimEnd()}`;
    const text = plain.slice(prefix.length);
    const block = open.get(key);
    const next = block === undefined ? 'end' : phaseAfter(block.phase, text);
    if (block === undefined) outside(cut, key, line, text, undefined);
    else if (next === 'aside') aside(cut, key, line, block);
    else if (next !== 'end') inside(cut, line, block, next);
    else if (block === cut.raised) inside(cut, line, block, block.phase);
    else outside(cut, key, line, text, block);
  };

  /** Tracebacks that have come to their exception. */
  const raised = () => [...open].flatMap(([key, block]) => (block.phase === 'raised' ? close(key, block) : []));
  const cutUp = (entry: EntryLines, now: number): Block[] => {
    const cut: Cut = { entry, now, blocks: [], loose: [], raised: undefined };
    for (const line of entry.lines) addLine(cut, line);
    tellLoose(cut);
    return cut.blocks;
  };

  return {
    add: (entry, now) => {
      // The platform speaks of what has happened: why it did is told before.
      const before = entry.isOfPlatform && open.size > 0 ? raised() : [];
      const isPlain = open.size === 0 && !entry.lines.some((line) => HEADER_MARKS.some((mark) => line.includes(mark)));
      return [...before, ...(isPlain ? [entry] : cutUp(entry, now))];
    },
    due: (now) =>
      [...open].flatMap(([key, block]) => {
        const idleMs = now - block.touchedAt;
        if (idleMs >= limits.restMs) return close(key, block);
        if (block.phase === 'frames') return idleMs >= limits.openMs ? part(block) : [];
        return idleMs >= limits.endedMs ? close(key, block) : [];
      }),
    all: () => [...open].flatMap(([key, block]) => close(key, block)),
    held: () => [...open.values()].map(({ source, lines }) => ({ source, lines: [...lines], isError: true })),
  };
}
