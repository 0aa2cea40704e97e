/** A JSON object: not an array, not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text at `key`, if it is one. */
export function textAt(value: unknown, key: string): string | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** Properties whose objects have names from outside for keys; the keys of all others are the code's own. */
const NAMED_FROM_OUTSIDE: ReadonlySet<string> = new Set(['metrics', 'parameters', 'labels']);

/** The value with `change` applied to every text in it, the names of metrics, parameters and labels included. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  const changed = (inner: unknown, changeKey: (key: string) => string): unknown => {
    if (typeof inner === 'string') return change(inner);
    if (Array.isArray(inner)) return inner.map((one) => changed(one, asItIs));
    if (!isRecord(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, one]) => [
        changeKey(key),
        changed(one, NAMED_FROM_OUTSIDE.has(key) ? change : asItIs),
      ]),
    );
  };
  return changed(value, asItIs) as T;
}

const asItIs = (key: string) => key;
