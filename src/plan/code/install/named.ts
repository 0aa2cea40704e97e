import type { Place } from '../../../log.ts';
import type { ImageFiles } from '../dockerfile/image-files.ts';
import type { Run, Stage } from '../dockerfile/stages.ts';
import { readShell, type ShellCommand } from '../launch/shell-words.ts';
import { joined } from '../paths.ts';

/** What the RUN instructions name for pip to install; what has one place is installed together. */
export interface NamedRequirements {
  /** Requirement files, relative to the workspace. */
  readonly files: readonly { readonly path: string; readonly place: Place }[];
  /** Requirements that stand in a RUN instruction itself, and the options of pip beside them (`--index-url=…`). */
  readonly words: readonly { readonly text: string; readonly place: Place }[];
}

/** Reads `pip install` and `uv pip install` in the stage and in those it copies from. Undefined where there is none. */
export function namedRequirements(
  stage: Stage,
  filesOf: (stage: Stage) => ImageFiles,
  dockerfile: string,
): NamedRequirements | undefined {
  const stages = [...withSources(stage)].map((one) => readStage(one, filesOf(one), dockerfile));
  const files = stages.flatMap((one) => one.files);
  const words = stages.flatMap((one) => one.words);
  const packages = words.filter(({ text }) => !text.startsWith('-'));
  return files.length + packages.length === 0 ? undefined : { files, words };
}

function readStage(stage: Stage, inImage: ImageFiles, dockerfile: string): NamedRequirements {
  const installs = stage.runs.flatMap((run) => installsOf(run).map((install) => ({ run, ...install })));
  return {
    files: installs.flatMap(({ files, run }) =>
      files.flatMap((path) => {
        const file = inImage.find(path)?.file;
        return file === undefined ? [] : [{ path: file, place: placeOf(dockerfile, run) }];
      }),
    ),
    words: installs.flatMap(({ words, run }) => words.map((text) => ({ text, place: placeOf(dockerfile, run) }))),
  };
}

const placeOf = (file: string, { line, column }: Run): Place => ({ file, line, column });

/** A stage and all that it copies from: a virtual environment often comes from another stage. */
function withSources(stage: Stage): Iterable<Stage> {
  const found = new Set<Stage>([stage]);
  for (const one of found) {
    for (const { from } of one.copies) if (from) found.add(from);
  }
  return found;
}

interface Install {
  /** Absolute paths in the image. */
  readonly files: readonly string[];
  readonly words: readonly string[];
}

function installsOf(run: Run): Install[] {
  let cwd = run.workdir;
  return (readShell(run.text)?.commands ?? []).flatMap((command) => {
    const [head, target] = command.words;
    if (head?.text === 'cd') cwd = target?.text === undefined ? '/(unknown)' : joined(cwd, target.text);
    const words = pipWords(command);
    return words === undefined ? [] : [readInstall(words, cwd)];
  });
}

const PIP = /(?:^|\/)pip(?:3(?:\.\d+)?)?$/;

/** What stands behind `pip install`; undefined for any other command. */
function pipWords({ words }: ShellCommand): readonly (string | undefined)[] | undefined {
  const texts = words.map(
    ({ text, raw }) => text ?? (EXTRAS.test(raw) ? raw.replace(/^(["'])(.*)\1$/, '$2') : undefined),
  );
  const pip = texts.findIndex((text) => text !== undefined && PIP.test(text));
  const install = texts.indexOf('install', pip + 1);
  return pip < 0 || install < 0 ? undefined : texts.slice(install + 1);
}

/** `package[extra]==1.*`, which a shell would take for a pattern and, as no file fits it, leaves alone. */
const EXTRAS = /^["']?[\w.-]+(?:\[[\w,-]+\])?(?:[=~!<>]=?[\w.*+,<>=!~]+)?["']?$/;
const FILE = /^(?:-r|--requirements?)$/;
/** Where packages come from, by pip's own names of the options; uv has others besides. */
const INDEX: ReadonlyMap<string, string> = new Map([
  ['-i', '--index-url'],
  ['--index-url', '--index-url'],
  ['--default-index', '--index-url'],
  ['--extra-index-url', '--extra-index-url'],
  ['--index', '--extra-index-url'],
  ['-f', '--find-links'],
  ['--find-links', '--find-links'],
]);
const VALUED =
  /^(?:-e|--editable|-c|--constraint|-t|--target|--prefix|--root|--python|-p|--trusted-host|--platform|--no-binary|--only-binary|--timeout|--retries|--src|--progress-bar|--upgrade-strategy|--cache-dir|--proxy|--cert)$/;

function readInstall(words: readonly (string | undefined)[], cwd: string): Install {
  const given = [...readOptions(words)];
  const valuesOf = (name: RegExp) => given.flatMap(({ option, value }) => (name.test(option) ? [value] : []));
  return {
    files: valuesOf(FILE).flatMap((path) => (path === undefined ? [] : [joined(cwd, path)])),
    words: [...valuesOf(/^$/).filter(isRequirement), ...given.flatMap(optionWord)],
  };
}

/** An option that says which packages are found, in one word. */
function optionWord({ option, value }: Given): string[] {
  if (option === '--pre') return [option];
  const name = INDEX.get(option);
  return name === undefined || value === undefined ? [] : [`${name}=${value}`];
}

interface Given {
  /** Empty for a word of its own. */
  readonly option: string;
  readonly value: string | undefined;
}

const isValued = (option: string) => FILE.test(option) || INDEX.has(option) || VALUED.test(option);

/** Options with their values, whether they are one word or two, and the words between them. */
function* readOptions(words: readonly (string | undefined)[]): Generator<Given> {
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift();
    const [, option, value] = /^(-r|--[a-z-]+=)(.+)$/.exec(word ?? '') ?? [];
    if (option !== undefined) yield { option: option.replace('=', ''), value };
    else if (word === undefined || !word.startsWith('-')) yield { option: '', value: word };
    else
      yield {
        option: word,
        value: isValued(word) ? rest.shift() : undefined,
      };
  }
}

/** A package by name, or a wheel; folders bring what their own files name. */
function isRequirement(word: string | undefined): word is string {
  return word !== undefined && word !== '' && !/^\.{0,2}\/|^\.{1,2}(?:\[|$)/.test(word);
}
