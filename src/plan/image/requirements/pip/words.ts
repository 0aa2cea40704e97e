import type { Place } from '../../../../log.ts';
import { under } from '../paths.ts';
import type { Command, Reading } from '../reading.ts';
import { applyOption, readConstraints, readPipFile } from './file.ts';
import { type Option, takeOption } from './lines.ts';
import { readRequirement } from './requirement.ts';

/** Options of `pip install` and `uv pip install` whose value is no requirement. */
const SKIPPED =
  /^(?:-t|-p|--(?:target|prefix|root|python|platform|python-version|implementation|abi|upgrade-strategy|progress-bar|src|timeout|retries|cache-dir|proxy|cert|client-cert|exists-action|log|report|root-user-action|python-platform|link-mode|index-strategy|keyring-provider|resolution|prerelease|exclude-newer|upgrade-package|refresh-package|reinstall-package|override|extra|group|dependency-groups))$/;

/** uv's names for pip's options. */
const OF_UV: Readonly<Record<string, string>> = {
  '--default-index': '--index-url',
  '--index': '--extra-index-url',
  '--requirements': '--requirement',
  '--constraints': '--constraint',
};

/** Reads the words of one install command in the Dockerfile: requirements, and options with their values. */
export function readWords(reading: Reading, words: readonly string[], place: Place, command: Command): void {
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? '';
    at = word.startsWith('-') ? readOptionAt(reading, words, at, place, command) : at + 1;
    if (!word.startsWith('-')) readRequirement(reading, word, place, { command });
  }
}

function readOptionAt(reading: Reading, words: readonly string[], at: number, place: Place, command: Command): number {
  const [written = '', glued] = splitAt(words[at] ?? '');
  if (SKIPPED.test(written)) return glued === undefined ? at + 2 : at + 1;
  if (written === '--torch-backend') {
    const backend = glued ?? words[at + 1] ?? '';
    if (backend !== 'auto') command.extraIndexes.push(`https://download.pytorch.org/whl/${backend}`);
    return glued === undefined ? at + 2 : at + 1;
  }
  const name = Object.hasOwn(OF_UV, written) ? (OF_UV[written] ?? written) : written;
  const renamed = glued === undefined ? name : `${name}=${glued}`;
  const { option, next } = takeOption([renamed, ...words.slice(at + 1, at + 2)], 0);
  if (option !== undefined) apply(reading, option, place, command);
  return at + next;
}

function splitAt(word: string): [string, string | undefined] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
}

/** Paths on a command line count from the build context; a file that is not there may come to be in the build. */
function apply(reading: Reading, option: Option, place: Place, command: Command): void {
  const { name, value = '' } = option;
  const file = under(reading.folder, value);
  if (name === '--editable') readRequirement(reading, value, place, { command });
  else if (name !== '--requirement' && name !== '--constraint') applyOption(command, option);
  else if (value.startsWith('/') || !reading.view.exists(file)) return;
  else if (name === '--constraint') readConstraints(reading, file, command);
  else readPipFile(reading, file, command);
}
