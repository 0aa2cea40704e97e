import { isRecord, textAt } from '../../json.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { UploadCourse } from '../models/uploads.ts';
import { isCollection } from '../resources/store.ts';

/** What makes lists of jobs and log entries differ from the truth, and how uploads of models go, for as long as it is set. */
export interface Conditions {
  /** Jobs show in lists only so many milliseconds after their creation. */
  readonly listLagMs?: number | undefined;
  readonly entries?: EntriesConditions | undefined;
  readonly uploads?: UploadCourse | undefined;
}

interface EntriesConditions {
  /** Every so-many-th entry of the log (2 for every other) shows only `lateMs` after its time. */
  readonly lateEvery?: number | undefined;
  readonly lateMs?: number | undefined;
  /** Every so-many-th entry of a page stands at its end a second time. */
  readonly doubledEvery?: number | undefined;
  /** The entries of a page stand in an order that this number decides. */
  readonly shuffled?: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** A list of jobs with those left out that are too young to show; `nowMs` is the service's time. */
export function laggingList(body: unknown, lagMs: number, nowMs: number): unknown {
  if (!isRecord(body)) return body;
  const shows = (job: unknown) => Date.parse(textAt(job, 'createTime') ?? '') + lagMs <= nowMs;
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      if (!isCollection(name) || !Array.isArray(value)) return [[name, value]];
      const shown = value.filter(shows);
      return shown.length === 0 ? [] : [[name, shown]];
    }),
  );
}

/** A page of entries as the conditions show it at a time; it may be left with none, and still be followed by another. */
export function disturbedEntries(body: unknown, conditions: EntriesConditions, nowMs: number): unknown {
  if (!isRecord(body) || !Array.isArray(body['entries'])) return body;
  const { lateEvery, lateMs = 0, doubledEvery, shuffled } = conditions;
  const seen = body['entries'].filter(isRecord).flatMap((entry) => {
    if (lateEvery === undefined || !isNth(entry, lateEvery)) return [entry];
    const receivedMs = Date.parse(textAt(entry, 'timestamp') ?? '') + lateMs;
    return receivedMs > nowMs ? [] : [{ ...entry, receiveTimestamp: timestampOf(receivedMs) }];
  });
  const doubled =
    doubledEvery === undefined ? seen : [...seen, ...seen.filter((_entry, index) => (index + 1) % doubledEvery === 0)];
  return { ...body, entries: shuffled === undefined ? doubled : shuffle(doubled, shuffled) };
}

/** Whether an entry is one of every so many, by the number that its id counts. */
function isNth(entry: Fields, every: number): boolean {
  return Number.parseInt(textAt(entry, 'insertId') ?? '', 36) % every === 0;
}

/** The same entries in an order that `seed` alone decides (Fisher and Yates, with a linear congruential generator). */
function shuffle<T>(entries: readonly T[], seed: number): T[] {
  const order = [...entries];
  let state = seed >>> 0;
  for (let index = order.length - 1; index > 0; index -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [order[index], order[other]] = [order[other] as T, order[index] as T];
  }
  return order;
}

/** An answer that tells another state of every job in it. */
export function withState(body: unknown, state: string | number): unknown {
  if (!isRecord(body)) return body;
  if (typeof body['name'] === 'string') return { ...body, state: spelled(body['name'], state) };
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      isCollection(name) && Array.isArray(value) ? value.map((job) => withState(job, state)) : value,
    ]),
  );
}

/** The state as a job of that name would tell it: a word gets the prefix of its kind. */
export function spelled(name: string, state: string | number): string | number {
  if (typeof state === 'number' || state.includes('_STATE_')) return state;
  return `${name.includes('/trainingPipelines/') ? 'PIPELINE' : 'JOB'}_STATE_${state}`;
}
