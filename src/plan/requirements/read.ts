import type { Fault } from '../../faults.ts';
import type { FileView } from '../../inputs/files.ts';
import { gather, gatherPython, pythonFor } from './gather.ts';
import { under } from './paths.ts';
import { readPipFile } from './pip/file.ts';
import { readWords } from './pip/words.ts';
import { type Command, newCommand, Reading } from './reading.ts';
import type { Environment, NamedFile, RequirementSources, Requirements, Word } from './types.ts';

export type { Requirement, RequirementSources, Requirements } from './types.ts';

export interface RequirementsRead {
  /** Undefined where nothing was found. */
  readonly requirements: Requirements | undefined;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/**
 * What Python packages the training program needs, as the repository's files say: those that the Dockerfile names, else
 * the conventional ones of the build context. Nothing is run or looked up; what cannot be known is not said.
 */
export function readRequirements(view: FileView, sources: RequirementSources): RequirementsRead {
  const { python, machine = 'x86_64' } = sources.environment ?? {};
  const first = readOnce(view, sources, { python: python ?? '3.12', machine });
  const fitting = pythonFor(first.requirements?.python);
  // Markers are evaluated for the Python that the files themselves ask for.
  return python !== undefined || fitting === '3.12' ? first : readOnce(view, sources, { python: fitting, machine });
}

function readOnce(view: FileView, sources: RequirementSources, environment: Environment): RequirementsRead {
  const folder = under('', sources.folder);
  const reading = new Reading(view, environment, folder);
  const roots = sources.named === undefined ? readFolder(reading) : readNamed(reading, sources.named);
  const python = gatherPython(reading);
  const { packages, constraints } = gather(reading);
  const found = packages.size > 0 || reading.files.length > 0;
  const { faults, warnings } = reading;
  if (!found) return { requirements: undefined, faults, warnings };
  const commands = [...new Set(reading.entries.map(({ command }) => command))];
  const indexes = commands.flatMap(({ index, extraIndexes, links }) => [index ?? [], extraIndexes, links].flat());
  const requirements: Requirements = {
    installer: sources.installer ?? 'pip',
    files: reading.files,
    packages,
    python,
    indexes: [...new Set(indexes)],
    locked: reading.entries.length > 0 && reading.entries.every(({ hashed, constraint }) => hashed || constraint),
    roots,
    constraints,
    channels: reading.channels,
  };
  return { requirements, faults, warnings };
}

function readFolder(reading: Reading): readonly string[] {
  const path = reading.at('requirements.txt');
  if (!reading.has(path)) return [];
  readPipFile(reading, path, newCommand());
  return [path];
}

function readNamed(
  reading: Reading,
  named: { files: readonly (string | NamedFile)[]; words: readonly Word[] },
): string[] {
  const commands = new Map<string, Command>();
  const commandAt = (place: NamedFile['place']) => {
    const key = `${place?.file}:${place?.line}`;
    const command = commands.get(key) ?? newCommand();
    if (place !== undefined) commands.set(key, command);
    return command;
  };
  const roots = named.files.map((file) => (typeof file === 'string' ? { path: file } : file));
  for (const { path, place } of roots) readPipFile(reading, under('', path), commandAt(place));
  const groups = Map.groupBy(named.words, ({ place }) => `${place.file}:${place.line}`);
  for (const words of groups.values()) {
    const place = words[0]?.place ?? { file: '' };
    readWords(
      reading,
      words.map(({ text }) => text),
      place,
      commandAt(place),
    );
  }
  return roots.map(({ path }) => under('', path));
}
