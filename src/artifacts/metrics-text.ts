import { shown } from '../faults.ts';
import { isRecord } from '../json.ts';
import type { Metrics } from '../results/types.ts';

/** What was read of a metrics file. */
export interface MetricsRead {
  /** Complete only where there are no faults. */
  readonly metrics: Metrics;
  /** What is wrong, each beginning with a verb whose subject is the file. */
  readonly faults: readonly string[];
}

/** No message tells of more keys. */
const MOST_FAULTS = 10;

/**
 * Reads a flat JSON object of finite numbers. What Python's json writes for a number that is none (NaN, Infinity, -Infinity, which
 * JSON does not have) is told with its key. Nothing is flattened: of `a.b` nobody could tell whether it is a name or a path.
 */
export function metricsIn(bytes: Uint8Array): MetricsRead {
  const none = (fault: string): MetricsRead => ({ metrics: {}, faults: [fault] });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return none('is no text in UTF-8');
  }
  if (text.trim() === '') return none('is empty');
  const value = parsed(text);
  if (value === undefined) return none(`is no JSON: it begins with ${shown(text.trimStart().slice(0, 40))}`);
  if (!isRecord(value)) return none(`holds ${kindOf(value)} instead of an object`);
  const entries = Object.entries(value);
  if (entries.length === 0) return none('holds no number');
  const faults = entries.flatMap(([key, each]) => faultOf(key, each) ?? []);
  const more = faults.length - MOST_FAULTS;
  return {
    metrics: Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
    faults: [...faults.slice(0, MOST_FAULTS), ...(more > 0 ? [`and has ${more} more such values`] : [])],
  };
}

/** A string that stands for a number that JSON does not have; a file can hold no such string by accident. */
const MARK = '\0no number: ';

/** A string literal, or one of the words that are no JSON outside of one. */
const LITERAL = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

/** The value of JSON text, Python's words for numbers that are none marked; undefined where the text is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const marked = text.replace(LITERAL, (found) => (found.startsWith('"') ? found : JSON.stringify(MARK + found)));
    try {
      return JSON.parse(marked);
    } catch {
      return undefined;
    }
  }
}

function faultOf(key: string, value: unknown): string | undefined {
  const where = `has ${shown(key)}`;
  if (typeof value === 'string' && value.startsWith(MARK))
    return `${where}: ${value.slice(MARK.length)}, which is no number`;
  if (typeof value !== 'number') return `${where}: ${kindOf(value)} instead of a number`;
  return Number.isFinite(value) ? undefined : `${where}: a number that is too large`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return value.startsWith(MARK) ? value.slice(MARK.length) : `the text ${shown(value)}`;
  return typeof value === 'object' ? 'an object' : `${JSON.stringify(value)}`;
}
