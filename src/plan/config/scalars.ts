import { closestMatch } from 'leven';
import { shown } from '../../faults.ts';
import { enumSchema } from '../../vertex/schema.ts';

/** A value in proto3 JSON, or why the text is none of the type. */
export type Read = { readonly value: unknown } | { readonly refused: string };

type Reader = (value: unknown, source: string) => Read;

const refuse = (found: unknown, source: string, accepted: string): Read => ({
  refused: `is ${described(found, source)}; ${accepted}`,
});

function described(found: unknown, source: string): string {
  if (found === null) return 'empty';
  if (typeof found === 'string') return `the text ${shown(found)}`;
  if (typeof found === 'boolean') return `the boolean ${source}`;
  return typeof found === 'number' || typeof found === 'bigint' ? `the number ${source}` : shown(source);
}

/** A whole number in a text. */
export const WHOLE = /^[+-]?\d{1,20}$/;
/** A decimal number in a text. */
export const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** google.protobuf.Duration in JSON: seconds with at most nine decimals and `s`. */
export const SECONDS = /^\d{1,12}(?:\.\d{1,9})?s$/;
/** google.protobuf.Timestamp in JSON: a time with at most nine decimals, and its zone. */
export const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const string: Reader = (value, source) =>
  typeof value === 'string'
    ? { value }
    : refuse(value, source, value === null ? 'a text is accepted.' : `a text is accepted. Quote it: '${source}'.`);

const bool: Reader = (value, source) =>
  typeof value === 'boolean' ? { value } : refuse(value, source, 'true or false is accepted, without quotes.');

function wholeIn(bits: number): Reader {
  return (value, source) => {
    const text = typeof value === 'string' ? value : source.replace(/_/g, '');
    const whole = typeof value === 'bigint' ? value : WHOLE.test(text) ? BigInt(text) : undefined;
    if (whole === undefined || typeof value === 'boolean' || BigInt.asIntN(bits, whole) !== whole) {
      return refuse(value, source, `a whole number of ${bits} bits is accepted.`);
    }
    return { value: bits === 64 ? String(whole) : Number(whole) };
  };
}

const double: Reader = (value, source) => {
  // YAML 1.1 takes 1e-4, without a point, for a text; whoever writes it means the number.
  const isNumber =
    typeof value === 'string' ? DECIMAL.test(value) : typeof value === 'number' || typeof value === 'bigint';
  // JSON has no infinity.
  if (isNumber && Number.isFinite(Number(value))) return { value: Number(value) };
  return refuse(value, source, 'a finite number is accepted.');
};

const duration: Reader = (value, source) => {
  if (typeof value === 'string' && SECONDS.test(value)) return { value };
  return refuse(value, source, "seconds with the unit are accepted, as in '3600s'.");
};

const timestamp: Reader = (value, source) =>
  RFC_3339.test(source) && !Number.isNaN(Date.parse(source))
    ? { value: source }
    : refuse(value, source, "a time by RFC 3339 is accepted, as in '2030-01-31T12:00:00Z'.");

const READERS: Readonly<Record<string, Reader>> = {
  string,
  bool,
  int32: wholeIn(32),
  int64: wholeIn(64),
  double,
  float: double,
  'google.protobuf.BoolValue': bool,
  'google.protobuf.Int32Value': wholeIn(32),
  'google.protobuf.Duration': duration,
  'google.protobuf.Timestamp': timestamp,
};

function enumReader(values: Readonly<Record<string, number>>): Reader {
  return (value, source) => {
    const names = Object.keys(values);
    if (typeof value === 'string' && names.includes(value)) return { value };
    const word = source.toUpperCase();
    // The short name of an accelerator is the end of the API's.
    const nearest = names.find((name) => name.endsWith(`_${word}`)) ?? closestMatch(word, names);
    return refuse(value, source, `accepted: ${names.join(', ')}. The nearest is ${nearest}.`);
  };
}

/** Reads a scalar of a protobuf type or enum; undefined where the type is neither. */
export function readScalar(type: string, value: unknown, source: string): Read | undefined {
  const values = enumSchema(type);
  return (values ? enumReader(values) : READERS[type])?.(value, source);
}
