import { shown } from '../../../faults.ts';
import type { Reading } from './reading.ts';
import { satisfies } from './versions.ts';

/** Tells where a lock file is older than what the project asks for: `asked` was read from the project's own file. */
export function judgeLock(reading: Reading, path: string, asked: Reading, remedy: string): void {
  // What could not be read may well be there.
  if (reading.faults.some(({ rule, place }) => rule === 'requirements-syntax' && place?.file === path)) return;
  const versions = Map.groupBy(reading.entries, ({ name }) => name);
  for (const { name, specifier, place, constraint, url } of asked.entries) {
    if (constraint === true || url !== undefined) continue;
    const locked = versions.get(name);
    if (locked === undefined) {
      const message = `asks for ${shown(name)}, which ${path} does not hold: it is out of date. Run ${remedy} and commit it.`;
      reading.warn('requirements-lock', place, message);
    } else if (locked.every(({ version }) => version !== undefined && satisfies(version, specifier) === false)) {
      const message = `asks for ${shown(`${name}${specifier}`)}, and ${path} holds ${locked[0]?.version}: it is out of date. Run ${remedy} and commit it.`;
      reading.warn('requirements-lock', place, message);
    }
  }
}
