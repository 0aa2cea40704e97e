import type { Fault } from '../../../faults.ts';
import type { FileView } from '../../../inputs/files.ts';
import { judgeExtras } from './extras.ts';
import { areHashed, type Found, READERS, type Wish } from './folder.ts';
import { followLeads } from './formats/project.ts';
import { gather, judgeHashes } from './gather.ts';
import { readByKind } from './kinds.ts';
import { under } from './paths.ts';
import { normalName, withoutSecrets } from './pep/names.ts';
import { readPipFile } from './pip/file.ts';
import { readWords } from './pip/words.ts';
import { gatherPython, pythonFor } from './python.ts';
import { type Command, newCommand, Reading } from './reading.ts';
import type { Environment, NamedFile, NamedSources, RequirementSources, Requirements, Word } from './types.ts';

export type { Requirement, RequirementSources, Requirements } from './types.ts';

export interface RequirementsRead {
  /** Undefined where nothing was found. */
  readonly requirements: Requirements | undefined;
  /** What surely fails. */
  readonly faults: readonly Fault[];
  /** What looks wrong. */
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
  const extras = new Set((sources.extras ?? []).map(normalName));
  const wish = { extras, groups: new Set((sources.groups ?? []).map(normalName)) };
  const newReading = () => new Reading(view, environment, under('', sources.folder), extras);
  const { reading, found } =
    sources.named === undefined
      ? readFolder(newReading, wish)
      : readNamed(newReading(), sources.named, wish, sources.installer);
  return answer(reading, found, sources);
}

function answer(
  reading: Reading,
  found: Found | undefined,
  { installer, environment }: RequirementSources,
): RequirementsRead {
  const python = gatherPython(reading, environment?.python);
  judgeHashes(reading);
  const { packages, constraints } = gather(reading);
  const { faults, warnings, files, channels } = reading;
  if (found === undefined) return { requirements: undefined, faults, warnings };
  const { roots, locked, groups = [] } = found;
  const read = [...roots.filter((root) => files.includes(root)), ...files.filter((file) => !roots.includes(file))];
  const chosen = installer ?? found.installer;
  const indexes = indexesOf(reading);
  const all = {
    installer: chosen,
    files: read,
    packages,
    python,
    indexes,
    locked,
    roots,
    groups,
    constraints,
    channels,
  };
  return { requirements: all, faults, warnings };
}

function indexesOf({ entries, commands }: Reading): string[] {
  const all = commands.flatMap(({ index, extraIndexes, links }) => [index ?? [], extraIndexes, links].flat());
  return [...new Set([...all, ...entries.flatMap(({ index }) => index ?? [])])];
}

interface Read {
  readonly reading: Reading;
  readonly found: Found | undefined;
}

/** The first conventional place that names packages, or is broken; else the first that there is. */
function readFolder(newReading: () => Reading, wish: Wish): Read {
  let empty: Read | undefined;
  for (const reader of READERS) {
    const reading = newReading();
    const found = reader(reading, reading.folder, wish);
    followLeads(reading);
    const read = { reading, found };
    if (found === undefined) continue;
    judgeExtras(reading, reading.folder);
    if (reading.entries.length > 0 || reading.faults.length > 0) return read;
    empty ??= read;
  }
  return empty ?? { reading: newReading(), found: undefined };
}

/** What the Dockerfile names: files and words of one place are one run of the installer. */
function readNamed(reading: Reading, { files, words }: NamedSources, wish: Wish, installer = 'pip'): Read {
  const commands = new Map<string, Command>();
  const commandAt = (key: string | undefined) => {
    const command = commands.get(key ?? '') ?? newCommand({ firstIndex: installer === 'uv' });
    if (key !== undefined) commands.set(key, command);
    return command;
  };
  const found: Found[] = [];
  for (const file of files) {
    const { path, place }: NamedFile = typeof file === 'string' ? { path: file } : file;
    found.push(readNamedFile(reading, under('', path), commandAt(place && keyOf({ place, text: '' })), wish));
  }
  for (const [key, together] of Map.groupBy(words, keyOf)) {
    const [{ place, index }] = together as [Word, ...Word[]];
    const command = commandAt(key);
    if (index !== undefined) command.index = withoutSecrets(index);
    readWords(
      reading,
      together.map(({ text }) => text),
      place,
      command,
    );
  }
  followLeads(reading);
  if (found.length === 0 && words.length === 0) return { reading, found: undefined };
  return { reading, found: joined(reading, found) };
}

const keyOf = ({ place, index }: Word) => `${place.file}:${place.line}:${place.column} ${index ?? ''}`;

function readNamedFile(reading: Reading, path: string, command: Command, wish: Wish): Found {
  const found = readByKind(reading, path, wish);
  if (found !== undefined) return found;
  readPipFile(reading, path, command);
  return { installer: 'pip', roots: [path], locked: false };
}

function joined(reading: Reading, found: readonly Found[]): Found {
  const other = found.find(({ installer }) => installer !== 'pip');
  return {
    installer: other?.installer ?? 'pip',
    roots: [...new Set(found.flatMap(({ roots }) => roots))],
    locked: found.length > 0 && found.every(({ locked }) => locked) ? true : areHashed(reading),
    groups: found.flatMap(({ groups }) => groups ?? []),
  };
}
