/** What a thrown value holds at `name`; undefined where it is no object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** No chain of causes is followed further. */
const MOST_CAUSES = 8;

/** The error, and one after another what caused it. */
export function withCauses(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (
    let each = error;
    each !== undefined && each !== null && found.length < MOST_CAUSES;
    each = field(each, 'cause')
  ) {
    found.push(each);
  }
  return found;
}
