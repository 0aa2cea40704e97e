import { closestMatch } from 'leven';
import { type Fault, shown } from '../../../faults.ts';
import type { Place } from '../../../log.ts';
import type { Word } from '../launch/argv.ts';
import { otherReaders, readsNothing } from '../python/sight.ts';
import { type Finding, perhaps, surely } from '../request.ts';
import { readAbsl } from './absl.ts';
import { readArgparse } from './argparse.ts';
import { argvUse } from './argv.ts';
import { readClick } from './click.ts';
import { readHfArguments, readTyro } from './dataclasses.ts';
import { readFire } from './fire.ts';
import { readHydra } from './hydra.ts';
import type { Reading, Seen } from './reading.ts';
import { readTyper } from './typer.ts';

const READERS = [readArgparse, readClick, readAbsl, readFire, readTyper, readHfArguments, readTyro, readHydra];

/** Whether the program takes the flags that the job, or the image's own command line, gives it. */
export function judgeFlags(seen: Seen, words: readonly Word[]): Finding[] {
  const given = flagsIn(words);
  if (given.length === 0) return [];
  const use = argvUse(seen);
  if (use.changed || otherReaders(seen.code, seen.calls)) return [];
  const readings = READERS.flatMap((reader) => reader(seen) ?? []);
  const reading = merged(readings);
  if (reading === undefined) return use.read || !readsNothing(seen.code, seen.calls) ? [] : unread(seen, given);
  return given.flatMap((flag) => judgeFlag(reading, flag));
}

interface Given {
  /** With its dashes, without its value. */
  readonly flag: string;
  readonly origin: Word['origin'];
}

/** Words that begin with two dashes, up to a lone `--`, behind which all are plain values. */
function flagsIn(words: readonly Word[]): Given[] {
  const found: Given[] = [];
  let past = false;
  for (const { text, origin } of words) {
    if (text === '--') past = true;
    if (text === undefined || !/^--[^-=\s]/.test(text) || (past && origin !== 'parameter')) continue;
    const flag = text.split('=', 1)[0] ?? text;
    if (!found.some((one) => one.flag === flag)) found.push({ flag, origin });
  }
  return past && found.some(({ origin }) => origin === 'parameter') ? [] : found;
}

/** Several libraries in one program: any may be the one that reads. */
function merged(readings: readonly Reading[]): Reading | undefined {
  // Hydra reads alone; beside another library it is not known which one is started.
  const [first, ...others] = readings;
  if (first === undefined || others.length === 0) return first;
  return {
    ...first,
    flags: new Map(readings.toReversed().flatMap(({ flags }) => [...flags])),
    prefixes: readings.some(({ prefixes }) => prefixes),
    dashesAlike: readings.some(({ dashesAlike }) => dashesAlike),
    others: readings.every(({ others: kind }) => kind === 'closed') ? 'closed' : 'unknown',
  };
}

function judgeFlag(reading: Reading, given: Given): Finding[] {
  if (reading.others === 'unknown') return [];
  if (takes(reading, given.flag)) return abbreviated(reading, given);
  if (reading.others === 'drops') return dropped(reading, given);
  if (reading.library === 'Hydra') return [hydraForm(reading, given)];
  return [surely(refused(reading, given))];
}

/** `--help` and the beginnings of flags count as taken. */
function takes({ flags, prefixes, dashesAlike }: Reading, flag: string): boolean {
  if (flags.has(flag) || flag === '--help') return true;
  const wanted = dashesAlike ? flag.replaceAll('_', '-') : flag;
  return [...flags.keys()].some((known) => {
    const name = dashesAlike ? known.replaceAll('_', '-') : known;
    return name === wanted || (prefixes && name.startsWith(wanted));
  });
}

/** argparse takes the beginning of a flag for the flag; one that lacks its last letters is a slip all the same. */
function abbreviated(reading: Reading, given: Given): Finding[] {
  const { flag, origin } = given;
  if (reading.library !== 'argparse' || origin !== 'parameter' || reading.flags.has(flag) || flag === '--help')
    return [];
  const near = [...reading.flags.keys()].filter((name) => name.startsWith(flag) && name.length - flag.length <= 2);
  const [full, ...others] = near;
  if (full === undefined || others.length > 0 || flag.length < 6) return [];
  const place = reading.flags.get(full) ?? reading.place;
  const message = `argparse takes ${subject(given)} only as the beginning of ${full}, as long as no other flag begins so. ${mendOf(given, full)}`;
  return [perhaps({ rule: 'flag-abbreviated', place, message })];
}

function subject({ flag, origin }: Given): string {
  return origin === 'parameter' ? `${flag} (the parameter ${shown(flag.slice(2))})` : flag;
}

function nearestOf({ flags, own }: Reading, flag: string): string | undefined {
  const names = [...flags.keys()].filter((name) => name.startsWith('--') && !own?.has(name));
  const alike = names.find((name) => sameLetters(name) === sameLetters(flag));
  return alike ?? closestMatch(flag, names, { maxDistance: Math.max(2, Math.floor(flag.length / 4)) });
}

function sameLetters(flag: string): string {
  return flag.replace(/[-_]/g, '').toLowerCase();
}

function refused(reading: Reading, given: Given): Fault {
  const nearest = nearestOf(reading, given.flag);
  const place = (nearest === undefined ? undefined : reading.flags.get(nearest)) ?? reading.place;
  const message = `the program refuses ${subject(given)}: ${whatFits(reading, given, nearest)} ${mendOf(given, nearest)}`;
  return { rule: 'flag-unknown', place, message };
}

function whatFits(reading: Reading, { flag }: Given, nearest: string | undefined): string {
  if (nearest === undefined) return `${reading.library} takes ${listed(reading)}.`;
  if (sameLetters(nearest) === sameLetters(flag)) {
    return `${reading.library} takes only the spelling that is declared, ${nearest}.`;
  }
  const all = listed(reading);
  return `${reading.library} takes ${all}${all === nearest ? '' : `; the nearest is ${nearest}`}.`;
}

function listed({ flags, own, dashesAlike }: Reading): string {
  const declared = [...flags.keys()].filter((name) => !own?.has(name));
  const alike = (name: string) => (dashesAlike ? name.replaceAll('-', '_') : name);
  const names = declared.filter(
    (name, at) => name.startsWith('--') && declared.findIndex((one) => alike(one) === alike(name)) === at,
  );
  if (names.length === 0) return 'no flag';
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}

function mendOf({ flag, origin }: Given, nearest: string | undefined): string {
  // A line of args is one argument, spaces included.
  const [, name, value] = /^(\S+)\s+(\S.*)$/.exec(flag) ?? [];
  if (name !== undefined && value !== undefined)
    return `One line is one argument: write ${name}=${value}, or ${name} and ${value} on a line each.`;
  const declare = `declare ${flag}`;
  if (nearest === undefined)
    return `${origin === 'parameter' ? 'Rename the parameter' : 'Leave it out'}, or ${declare}.`;
  return origin === 'parameter'
    ? `Rename the parameter to ${shown(nearest.slice(2))}, or ${declare}.`
    : `Write ${nearest}, or ${declare}.`;
}

/** parse_known_args lets a misspelt flag fall without a word. */
function dropped(reading: Reading, given: Given): Finding[] {
  const nearest = nearestOf(reading, given.flag);
  if (nearest === undefined || sameLetters(nearest) !== sameLetters(given.flag)) return [];
  const place: Place = reading.flags.get(nearest) ?? reading.place;
  const message = `${subject(given)} is not declared, and parse_known_args lets it fall without a word: ${reading.library} takes only the spelling that is declared, ${nearest}. ${mendOf(given, nearest)}`;
  return [perhaps({ rule: 'flag-unknown', place, message })];
}

function hydraForm({ place }: Reading, given: Given): Finding {
  const name = given.flag.slice(2);
  const message = `Hydra takes ${name}=… and refuses ${subject(given)}, which is how a job's flags come. Take the dashes off before hydra.main runs: sys.argv[1:] = [word.removeprefix("--") for word in sys.argv[1:]].`;
  return surely({ rule: 'flag-form', place, message });
}

function unread({ code }: Seen, given: readonly Given[]): Finding[] {
  const names = given.filter(({ origin }) => origin === 'parameter');
  if (names.length === 0) return [];
  const list = names
    .slice(0, 5)
    .map(({ flag }) => flag)
    .join(', ');
  const place = { file: code.main.file, line: code.main.linesBefore + 1, column: 1 };
  const first = names[0]?.flag ?? '';
  const message = `the program reads no command line, so that ${list} cannot arrive. Read it with argparse: parser.add_argument("${first}", type=float).`;
  return [surely({ rule: 'arguments-unread', place, message })];
}
