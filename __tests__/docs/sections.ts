/** Every section of the second level by its heading, with its text. */
export function sectionsOf(page: string): ReadonlyMap<string, string> {
  const parts = page.split(/^## (.*)\n/m).slice(1);
  return new Map(parts.flatMap((heading, index) => (index % 2 === 0 ? [[heading, parts[index + 1] ?? '']] : [])));
}
