import { baseName, joined } from '../paths.ts';
import type { Word } from './argv.ts';
import { argumentsReplaceCmd, pythonGetsArguments } from './faults.ts';
import { LAUNCHERS, PYTHON, SHELL, serverName, WRAPPERS, type Wrapper } from './names.ts';
import { isGiven, type Program, type Situation } from './program.ts';
import { pythonProgram } from './python-words.ts';
import { startScript, startShellCommand } from './shell-start.ts';

/** Shells start one another; deeper than this no one follows. */
const DEPTH = 8;

/** Follows the words of a command line to the program of the repository that they start. */
export function start(words: readonly Word[], situation: Situation): Program {
  const [head] = words;
  if (head?.text === undefined || situation.depth > DEPTH || situation.steps.left-- <= 0) return undefined;
  if (isGiven(head) && head.text.startsWith('-')) {
    situation.found.push(argumentsReplaceCmd(words, situation));
    return undefined;
  }
  const deeper = { ...situation, depth: situation.depth + 1 };
  return startNamed(baseName(head.text), words, deeper) ?? startFile(words, deeper);
}

function startNamed(name: string, words: readonly Word[], situation: Situation): Program {
  const server = serverName(name, words[1]?.text);
  if (server !== undefined) return { kind: 'server', name: server };
  if (PYTHON.test(name)) return startPython(words, situation);
  if (SHELL.test(name)) return startShell(words.slice(1), situation);
  if (LAUNCHERS.has(name)) return startLaunched(words, situation);
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : undefined;
  return wrapper && startWrapped(wrapper, words.slice(1), situation);
}

/** Python's options come before the script (docs.python.org/3/using/cmdline.html). */
function startPython(words: readonly Word[], situation: Situation): Program {
  const at = behindOptions(words);
  const word = words[at];
  if (word?.text === undefined) return undefined;
  const rest = words.slice(at + 1);
  if (isGiven(word) && word.text.startsWith('--')) {
    situation.found.push(pythonGetsArguments(words, situation));
    return undefined;
  }
  if (/^-[A-Za-ln-z]*m/.test(word.text)) return startModule(behindM(word, word.text, rest), situation);
  return word.text.startsWith('-') ? undefined : pythonProgram(word.text, undefined, rest, situation);
}

/** The first word that is a script, `-m`, `-c`, `-`, or the job's own. */
function behindOptions(words: readonly Word[]): number {
  let at = 1;
  for (let word = words[at]; word?.text?.startsWith('-'); word = words[at]) {
    if (/^-[A-Za-z]*[cm]|^-$/.test(word.text) || (isGiven(word) && word.text.startsWith('--'))) return at;
    at += /^-[WX]$/.test(word.text) ? 2 : 1;
  }
  return at;
}

/** `-m MODULE`, or `-mMODULE` in one word. */
function behindM(word: Word, text: string, rest: readonly Word[]): readonly Word[] {
  const module = text.slice(text.indexOf('m') + 1);
  return module === '' ? rest : [{ ...word, text: module }, ...rest];
}

/** `python -m MODULE`: a server, a launcher, or a module of the repository. */
function startModule(words: readonly Word[], situation: Situation): Program {
  const name = words[0]?.text;
  if (name === undefined) return undefined;
  const server = serverName(name, words[1]?.text);
  if (server !== undefined) return { kind: 'server', name: server };
  if (LAUNCHERS.has(name)) return startLaunched(words, situation);
  return pythonProgram(name, name, words.slice(1), situation);
}

/** A launcher hands on what follows the first Python file or `-m`. */
function startLaunched(words: readonly Word[], situation: Situation): Program {
  for (const [index, { text, origin }] of words.entries()) {
    if (text === undefined || origin === 'parameter') return undefined;
    if (index === 0) continue;
    const rest = words.slice(index + 1);
    if (text === '-m' || text === '--module') return startModule(rest, situation);
    if (PYTHON.test(baseName(text))) return startPython(words.slice(index), situation);
    if (text.endsWith('.py')) return pythonProgram(text, undefined, rest, situation);
  }
  return undefined;
}

function startWrapped(wrapper: Wrapper, words: readonly Word[], situation: Situation): Program {
  const { sub } = wrapper;
  if (sub !== undefined && words[0]?.text !== sub) return undefined;
  const at = programAt(wrapper, words, sub === undefined ? 0 : 1);
  const text = words[at]?.text;
  const rest = words.slice(at + 1);
  if (text === '--') return start(rest, situation);
  if (text === '-m' || text === '--module') return startModule(rest, situation);
  if (text?.endsWith('.py'))
    return pythonProgram(text, undefined, rest, situation) ?? start(words.slice(at), situation);
  return start(words.slice(at), situation);
}

/** Behind a wrapper's own options, assignments and leading words. */
function programAt({ valued = [], skip = 0 }: Wrapper, words: readonly Word[], from: number): number {
  let at = from;
  let left = skip;
  for (let text = words[at]?.text; text !== undefined; text = words[at]?.text) {
    if (/^(?:--|-m|--module)$/.test(text) || words[at]?.origin === 'parameter') return at;
    const own = text.startsWith('-') || /^[A-Za-z_]\w*=/.test(text);
    if (!own && left === 0) return at;
    if (!own) left--;
    at += valued.includes(text) ? 2 : 1;
  }
  return at;
}

/** `sh -c TEXT [NAME [ARGUMENT…]]` or `sh SCRIPT [ARGUMENT…]`. */
function startShell(words: readonly Word[], situation: Situation): Program {
  for (const [index, { text, origin }] of words.entries()) {
    if (text === undefined || origin === 'parameter') return undefined;
    const rest = words.slice(index + 1);
    if (/^-[A-Za-z]*c$/.test(text)) return startShellCommand(rest, situation, start);
    if (text.startsWith('-') || text === 'pipefail' || text === 'errexit') continue;
    return startScriptAt(text, rest, situation);
  }
  return undefined;
}

function startScriptAt(path: string, words: readonly Word[], situation: Situation): Program {
  const file = situation.cwd === undefined ? undefined : situation.files.find(joined(situation.cwd, path));
  return file && startScript(file, words, situation, start);
}

/** A file that is started by itself: its first line says by what. */
function startFile(words: readonly Word[], situation: Situation): Program {
  const name = words[0]?.text ?? '';
  for (const path of placesOf(name, situation)) {
    const file = situation.files.find(path);
    if (file === undefined) continue;
    const interpreter = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(file.text);
    const [, first = '', second = ''] = interpreter ?? [];
    const by = baseName(baseName(first) === 'env' ? second : first);
    if (PYTHON.test(by)) return pythonProgram(path, undefined, words.slice(1), situation);
    return SHELL.test(by) ? startScript(file, words.slice(1), situation, start) : undefined;
  }
  return undefined;
}

function placesOf(name: string, { cwd, stage }: Situation): string[] {
  if (name.includes('/')) return cwd === undefined && !name.startsWith('/') ? [] : [joined(cwd ?? '/', name)];
  const own = (stage.environment.get('PATH') ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const folders = [...own.slice(0, 20), '/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return folders.map((folder) => joined(folder, name));
}
