export type Fields = Readonly<Record<string, unknown>>;

/** A text that is not empty. */
export const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** An enum value by name, whether it came as a name or as a wire number; an unknown number stays a number's text. */
export function enumName(value: unknown, names: readonly string[], prefix: string): string {
  if (typeof value === 'number') return names[value] ?? `${value}`;
  return typeof value === 'string' ? value.replace(prefix, '') : (names[0] ?? '');
}
