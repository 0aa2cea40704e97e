import { shown } from '../../../../faults.ts';
import type { Place } from '../../../../log.ts';
import { folderOf, under } from '../paths.ts';
import { withoutSecrets } from '../pep/names.ts';
import type { Command, Reading } from '../reading.ts';
import { logicalLines, type Option, type PipLine, readPipLine } from './lines.ts';
import { readRequirement } from './requirement.ts';

const MOST_CHARS = 256 * 1024;
const MOST_DEPTH = 32;

/** Which file is read, for whom. */
interface Within {
  readonly command: Command;
  readonly constraint: boolean;
  /** The files that led here, the innermost last. */
  readonly chain: readonly string[];
}

/** Reads a requirements file, and what it includes. */
export function readPipFile(reading: Reading, path: string, command: Command): void {
  readFile(reading, path, { command, constraint: false, chain: [path] });
}

/** Reads a file of constraints, which narrow what others name. */
export function readConstraints(reading: Reading, path: string, command: Command): void {
  readFile(reading, path, { command, constraint: true, chain: [path] });
}

function readFile(reading: Reading, path: string, within: Within): void {
  const text = reading.text(path);
  for (const { text: line, line: number } of text === undefined ? [] : logicalLines(text)) {
    readLine(reading, line, { file: path, line: number }, within);
  }
}

/** Reads one line as pip reads a line of a requirements file. */
export function readPipText(reading: Reading, text: string, place: Place, command: Command): void {
  readLine(reading, text, place, { command, constraint: false, chain: [place.file] });
}

function readLine(reading: Reading, text: string, place: Place, within: Within): void {
  if (text.length > MOST_CHARS) {
    reading.warn('requirements-syntax', place, `the line is too long to be looked at (${text.length} characters).`);
    return;
  }
  const line = readPipLine(text);
  judgeOptions(reading, line, place);
  const editable = line.options.find(({ name }) => name === '--editable')?.value;
  const requirement = line.requirement || editable;
  if (requirement === undefined) for (const option of line.options) readOption(reading, option, place, within);
  else {
    const hashed = line.options.some(({ name }) => name === '--hash');
    const { command, constraint } = within;
    readRequirement(reading, requirement, place, { command, constraint, hashed });
  }
}

function judgeOptions(reading: Reading, { requirement, options, unknown, bare }: PipLine, place: Place): void {
  const warn = (message: string) => reading.warn('requirements-syntax', place, message);
  const slip = options.find((option) => option.slip !== undefined)?.slip;
  if (slip !== undefined) warn(`pip takes the = of ${shown(slip)} for a part of the name. Put a blank in its place.`);
  if (unknown !== undefined) {
    warn(`pip takes no option ${shown(unknown)} in a requirements file. Leave it to the command line.`);
  }
  if (bare !== undefined) {
    reading.error(
      'requirements-syntax',
      place,
      `${shown(bare)} lacks its value. Write it behind, or take the option out.`,
    );
  }
  // Options for the whole run do nothing behind a requirement.
  const idle = requirement === '' ? undefined : options.find(({ name }) => FOR_ALL.test(name));
  if (idle !== undefined) warn(`pip overlooks ${idle.name} behind a requirement. Put it on a line of its own.`);
}

const FOR_ALL = /^--(?:requirement|constraint|index-url|extra-index-url|find-links|pre)$/;

function readOption(reading: Reading, option: Option, place: Place, within: Within): void {
  const { name, value } = option;
  if (value !== undefined && (name === '--requirement' || name === '--constraint')) {
    include(reading, name, value, place, within);
  } else applyOption(within.command, option);
}

/** Takes an option that holds for the whole run of pip. */
export function applyOption(command: Command, { name, value }: Option): void {
  const url = withoutSecrets(value ?? '');
  if (name === '--pre') command.pre = true;
  else if (name === '--index-url') command.index = url;
  else if (name === '--extra-index-url') command.extraIndexes.push(url);
  else if (name === '--find-links') command.links.push(url);
}

function include(reading: Reading, option: string, path: string, place: Place, within: Within): void {
  // What lies on the network, or in the image alone, is not known here.
  if (/^\w[\w+.-]+:|^\/|\$\{[A-Z0-9_]+\}/.test(path)) return;
  const file = under(folderOf(place.file), path);
  if (within.chain.includes(file) || within.chain.length > MOST_DEPTH) {
    const message = `the file includes itself again by way of ${shown(path)}. Take the line out.`;
    // uv goes on where pip gives up.
    if (within.command.firstIndex) reading.warn('requirements-include', place, message);
    else reading.error('requirements-include', place, message);
    return;
  }
  if (!reading.has(file)) {
    const message = reading.view.exists(file)
      ? `includes ${shown(path)}, which is a folder. Name a file in it; a project is installed by a line without ${option}.`
      : `includes ${shown(path)}, and there is no file ${shown(file)}. Add it, or take the line out; the path counts from the folder of the including file.`;
    reading.error('requirements-include', place, message);
    return;
  }
  const constraint = within.constraint || option === '--constraint';
  readFile(reading, file, { ...within, constraint, chain: [...within.chain, file] });
}
