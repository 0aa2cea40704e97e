/** The value under a name from outside; `constructor` and the like are in no record that does not hold them itself. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
