import { addNamed } from '../named.ts';
import { under } from '../paths.ts';
import { normalName } from '../pep/names.ts';
import { readPipFile } from '../pip/file.ts';
import type { Reading } from '../reading.ts';
import { isSpecifier } from '../versions.ts';
import type { Project, ProjectWish } from './project.ts';
import { Places } from './toml.ts';

/** setuptools' older files: setup.cfg, and what setup.py says in so many words. */
export function readSetup(reading: Reading, wish: ProjectWish): Project | undefined {
  const [config, code] = [under(wish.folder, 'setup.cfg'), under(wish.folder, 'setup.py')];
  const configured = reading.has(config) ? readConfig(reading, config, wish) : undefined;
  const written = reading.has(code) ? readCode(reading, code, wish) : undefined;
  return configured === undefined ? written : { ...configured, name: configured.name ?? written?.name };
}

interface Setting {
  /** With its section: `options.install_requires`. */
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** The values of an INI file, a line each: a list goes on over lines that are set in. */
function settingsOf(text: string): Setting[] {
  const found: Setting[] = [];
  let section = '';
  let key = '';
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*(?:[#;]|$)/.test(line) || line.length > 8192) continue;
    const header = /^\[([^\]]*)\]/.exec(line)?.[1];
    const opened = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line);
    if (header !== undefined) section = header.trim();
    key = header === undefined ? (opened?.[1] ?? key) : '';
    const value = (opened?.[2] ?? line).trim();
    if (header === undefined && value !== '') found.push({ key: `${section}.${key}`, value, line: index + 1 });
  }
  return found;
}

/** `[options] install_requires`, and the extras' lists below `[options.extras_require]`. */
function readConfig(reading: Reading, path: string, wish: ProjectWish): Project | undefined {
  const text = reading.text(path);
  if (text === undefined) return undefined;
  const settings = settingsOf(text);
  for (const setting of settings) readSetting(reading, path, setting, wish);
  const name = settings.find(({ key }) => key === 'metadata.name')?.value;
  return { name: name === undefined ? undefined : normalName(name), root: path, tool: undefined };
}

function readSetting(
  reading: Reading,
  file: string,
  { key, value, line }: Setting,
  { command, extras, folder }: ProjectWish,
): void {
  const place = { file, line };
  const extra = /^options\.extras_require\.(.+)$/.exec(key)?.[1];
  if (key === 'options.python_requires') {
    if (isSpecifier(value)) reading.pythons.push({ specifier: value, place, who: file });
  } else if (key === 'options.install_requires' || (extra !== undefined && extras.has(normalName(extra)))) {
    const other = /^file:\s*(.+)$/.exec(value)?.[1];
    if (other === undefined) addNamed(reading, withoutComment(value), place, { command });
    else if (reading.has(under(folder, other))) readPipFile(reading, under(folder, other), command);
  }
}

const STRING = /(?:'([^'\\\n]*)'|"([^"\\\n]*)")/y;

/** A list of texts that is given to `install_requires` or `python_requires` outright, or by a name in the same file. */
function readCode(reading: Reading, path: string, { command, folder, extras }: ProjectWish): Project | undefined {
  const text = reading.text(path);
  if (text === undefined) return undefined;
  const places = new Places(path, text);
  const keyword = (name: string) => new RegExp(`\\b${name}\\s{0,8}[=:]\\s{0,8}`).exec(text);
  const start = keyword('install_requires');
  const listed = start === null ? undefined : listAt(text, start.index + start[0].length);
  for (const one of listed ?? []) addNamed(reading, withoutComment(one), places.ofText(one), { command });
  // `install_requires=read('requirements.txt')` and the like.
  const file = /['"]((?:[\w.-]+\/)*[\w.-]*requirements(?:\/[\w-]+|[\w.-]*)\.txt)['"]/.exec(text)?.[1];
  if (start !== null && listed === undefined && file !== undefined && reading.has(under(folder, file))) {
    readPipFile(reading, under(folder, file), command);
  }
  for (const extra of extras) readExtra(reading, text, extra, places, command);
  const python = stringAt(text, keyword('python_requires'));
  if (python !== undefined && isSpecifier(python)) {
    reading.pythons.push({ specifier: python, place: places.ofText(python), who: path });
  }
  const name = stringAt(text, keyword('name'));
  return { name: name === undefined ? undefined : normalName(name), root: path, tool: undefined };
}

/** setuptools takes a comment behind a requirement, where nobody else does. */
const withoutComment = (requirement: string) => requirement.replace(/\s#.*$/s, '');

function readExtra(
  reading: Reading,
  text: string,
  extra: string,
  places: Places,
  command: ProjectWish['command'],
): void {
  const from = text.search(/\bextras_require\b/);
  if (from < 0) return;
  for (const form of [`'${extra}'`, `"${extra}"`]) {
    const key = text.indexOf(form, from);
    const after = key < 0 ? undefined : /^\s{0,8}:\s{0,8}/.exec(text.slice(key + form.length, key + form.length + 32));
    if (after == null) continue;
    for (const one of listAt(text, key + form.length + after[0].length) ?? []) {
      addNamed(reading, withoutComment(one), places.ofText(one), { command });
    }
  }
}

function stringAt(text: string, match: RegExpExecArray | null): string | undefined {
  if (match === null) return undefined;
  STRING.lastIndex = match.index + match[0].length;
  const found = STRING.exec(text);
  return found?.[1] ?? found?.[2];
}

/** The texts of a literal list; undefined for anything that has to be run to be known. */
function listAt(text: string, at: number, depth = 0): string[] | undefined {
  if (text[at] !== '[' && text[at] !== '(') return depth > 0 ? undefined : listNamed(text, at);
  const found: string[] = [];
  let here = at + 1;
  while (here < text.length) {
    here += /^(?:[\s,]|#[^\n]*)*/.exec(text.slice(here, here + 4096))?.[0].length ?? 0;
    if (text[here] === ']' || text[here] === ')') return found;
    STRING.lastIndex = here;
    const string = STRING.exec(text);
    if (string === null) return undefined;
    found.push(string[1] ?? string[2] ?? '');
    here = STRING.lastIndex;
  }
  return undefined;
}

function listNamed(text: string, at: number): string[] | undefined {
  const name = /^[A-Za-z_]\w{0,63}\b(?!\s*[.([])/.exec(text.slice(at, at + 80))?.[0];
  if (name === undefined) return undefined;
  const assigned = new RegExp(`^${name}[ \\t]{0,8}=[ \\t]{0,8}`, 'm').exec(text);
  return assigned === null ? undefined : listAt(text, assigned.index + assigned[0].length, 1);
}
