import { timestampOf } from '../api/timestamps.ts';
import { lineContent } from '../logging/output-line.ts';
import type { LogContent } from '../logging/store.ts';
import type { Program, ProgramEvent, Script } from './script.ts';

/** Which start of which replica it is. */
export interface Start {
  readonly replica: string;
  /** The trial's id; undefined outside tuning jobs. */
  readonly trial: string | undefined;
  readonly attempt: number;
}

const NOTHING: Program = {};

/** The program of a start: the first of the script's that fits; one that does nothing and ends well where none does. */
export function programOf({ programs = [] }: Script, { replica, trial, attempt }: Start): Program {
  const fits = <T>(wanted: T | undefined, found: T) => wanted === undefined || wanted === found;
  return (
    programs.find(
      (program) =>
        fits(program.replica, replica) &&
        fits<string | undefined>(program.trial, trial) &&
        fits(program.attempt, attempt),
    ) ?? NOTHING
  );
}

/** One repetition of an event. */
export interface Occurrence {
  readonly atMs: number;
  readonly event: ProgramEvent;
  /** 1 upward. */
  readonly nth: number;
}

function occurrence(event: ProgramEvent, nth: number): Occurrence {
  const { atMs = 0, everyMs = 0 } = event;
  return { atMs: atMs + (nth - 1) * everyMs, event, nth };
}

/** Every repetition of every event, in the order of their times; those of one time in the order of the events. */
export function* occurrences(events: readonly ProgramEvent[]): Generator<Occurrence> {
  const waiting = events
    .map((event, index) => ({ next: occurrence(event, 1), index }))
    .sort((left, right) => left.next.atMs - right.next.atMs || left.index - right.index);
  // Few events repeat and overlap: those that have begun are looked through, the rest stand in order.
  const begun: typeof waiting = [];
  for (let at = 0; at < waiting.length || begun.length > 0; ) {
    const fresh = waiting[at];
    const first = begun.reduce<(typeof waiting)[number] | undefined>(
      (best, each) => (best === undefined || isBefore(each, best) ? each : best),
      fresh,
    );
    if (first === undefined) return;
    yield first.next;
    const { event, nth } = first.next;
    if (first === fresh) {
      at += 1;
      if ((event.times ?? 1) > nth) begun.push(first);
    } else if ((event.times ?? 1) <= nth) {
      begun.splice(begun.indexOf(first), 1);
    }
    first.next = occurrence(event, nth + 1);
  }
}

type Queued = { readonly next: Occurrence; readonly index: number };

const isBefore = (left: Queued, right: Queued) =>
  left.next.atMs < right.next.atMs || (left.next.atMs === right.next.atMs && left.index < right.index);

/** When the program ends by itself; undefined for one that never does. */
export function exitMs({ events = [], exit }: Program): number | undefined {
  if (exit === 'never') return undefined;
  const last = events.map(({ atMs = 0, everyMs = 0, times = 1 }) => atMs + (times - 1) * everyMs);
  return exit?.atMs ?? last.reduce((latest, each) => Math.max(latest, each), 0);
}

/** The log entries that an occurrence makes: a line of output each, as the service reads it; `startMs` is the program's start. */
export function contentsOf({ event, nth, atMs }: Occurrence, startMs: number): LogContent[] {
  const stream = event.stderr === undefined ? 'stdout' : 'stderr';
  const text = event.stderr ?? event.stdout;
  if (text !== undefined) {
    return text
      .replaceAll('{n}', String(nth))
      .split('\n')
      .map((line) => lineContent(line, stream));
  }
  if (event.entry === undefined) return [];
  const { severity = 'DEFAULT', textPayload, jsonPayload, agoMs } = event.entry;
  const payload = jsonPayload === undefined ? { textPayload: textPayload ?? '' } : { jsonPayload };
  return [{ severity, ...payload, ...(agoMs === undefined ? {} : { timestamp: timestampOf(startMs + atMs - agoMs) }) }];
}

/** The lines that cloudml-hypertune writes for an occurrence that measures; `startMs` is the program's start. */
export function reportLines({ atMs, event }: Occurrence, startMs: number, trial: string): string[] {
  return Object.entries(event.measure ?? {}).map(([metric, value]) =>
    JSON.stringify({
      checkpoint_path: '',
      global_step: String(event.step ?? 0),
      [metric]: String(value),
      timestamp: (startMs + atMs) / 1000,
      trial,
    }),
  );
}
