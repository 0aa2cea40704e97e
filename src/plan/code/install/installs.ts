import type { ImageFile, ImageFiles } from '../dockerfile/image-files.ts';
import type { Run, Stage } from '../dockerfile/stages.ts';
import { readShell, type ShellCommand } from '../launch/shell-words.ts';
import { folderOf, joined } from '../paths.ts';

/** What an image's RUN instructions install. */
export interface Installed {
  /** It holds cloudml-hypertune, or may hold it unseen. */
  readonly mayHold: boolean;
  /** A requirements file that is read, for the mend. */
  readonly requirements: string | undefined;
  /** The last RUN that installs Python packages. */
  readonly last: Run | undefined;
}

const WANTED = /^["']?cloudml[-_.]+hypertune\b/i;
const INSTALLERS =
  /^(?:pip|pip3|pip3?\.\d+|uv|poetry|pdm|pipenv|conda|mamba|micromamba|python|python3|python3?\.\d+|pipx|rye|hatch|make|nox|bash|sh)$/;
const DEPTH = 5;

class Search {
  mayHold = false;
  requirements: string | undefined;
  last: Run | undefined;
  private readonly seen = new Set<string>();
  private readonly files: ImageFiles;
  private readonly stage: Stage;

  constructor(files: ImageFiles, stage: Stage) {
    this.files = files;
    this.stage = stage;
  }

  run(run: Run): void {
    const shell = readShell(run.text);
    // A mere mention in a text too long or odd to follow counts.
    if (shell === undefined || /cloudml[-_.]+hypertune/i.test(run.text)) this.mayHold = true;
    let cwd = run.workdir;
    for (const command of shell?.commands ?? []) {
      const [head, target] = command.words;
      if (head?.text === 'cd') cwd = target?.text === undefined ? '/(unknown)' : joined(cwd, target.text);
      else this.command(command, cwd, run);
    }
  }

  private command({ words }: ShellCommand, cwd: string, run: Run): void {
    const texts = words.map(({ text, raw }) => text ?? (EXTRAS.test(raw) ? raw : undefined));
    const at = texts.findIndex((text) => text !== undefined && INSTALLERS.test(text.slice(text.lastIndexOf('/') + 1)));
    if (at < 0) return;
    const name = (texts[at] ?? '').replace(/^.*\//, '');
    const rest = texts.slice(at + 1);
    if (/^(?:ba)?sh$|^make$|^nox$|^hatch$/.test(name)) this.script(rest, cwd);
    else if (/^(?:poetry|pdm|pipenv|rye)$/.test(name) || rest[0] === 'sync') this.project(rest, cwd, run);
    else if (/^(?:conda|mamba|micromamba)$/.test(name)) this.conda(rest, cwd, run);
    else this.pip(rest, cwd, run);
  }

  /** A script may install anything, unless it can be read and names no installer. */
  private script(words: readonly (string | undefined)[], cwd: string): void {
    const path = words.find((word) => word !== undefined && !word.startsWith('-'));
    const file = path === undefined ? undefined : this.files.find(joined(cwd, path));
    if (file === undefined || /hypertune|\bpip|\buv\b|poetry|conda/i.test(file.text)) this.mayHold = true;
  }

  /** poetry, pdm, pipenv and uv sync install what the project's own file names. */
  private project(words: readonly (string | undefined)[], cwd: string, run: Run): void {
    if (!words.some((word) => /^(?:install|sync|add|update)$/.test(word ?? ''))) return;
    this.last = run;
    this.projectFiles(cwd);
  }

  private projectFiles(folder: string): void {
    const names = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'uv.lock', 'poetry.lock', 'pdm.lock'];
    const found = names.flatMap((name) => this.files.find(joined(folder, name)) ?? []);
    if (found.length === 0) this.mayHold = true;
    for (const { text } of found) {
      // Dynamic dependencies and requirements read by setup.py are somewhere else.
      if (
        /cloudml[-_.]+hypertune|hypertune|dynamic\s*=\s*\[[^\]]*dependencies|open\(|read_text|requirements/i.test(text)
      )
        this.mayHold = true;
    }
  }

  private conda(words: readonly (string | undefined)[], cwd: string, run: Run): void {
    if (words[0] === 'run') this.mayHold ||= words.includes('install');
    if (!words.some((word) => /^(?:install|create|update|env)$/.test(word ?? ''))) return;
    this.last = run;
    if (words.includes(undefined)) this.mayHold = true;
    for (const [index, word] of words.entries()) {
      const file = word === '-f' || word === '--file' ? words[index + 1] : /^--file=(.+)/.exec(word ?? '')?.[1];
      if (file !== undefined) this.requirementsFile(joined(cwd, file), 0);
    }
  }

  private pip(words: readonly (string | undefined)[], cwd: string, run: Run): void {
    const at = words.indexOf('install');
    if (at < 0) return;
    this.last = run;
    let option = '';
    for (const word of words.slice(at + 1)) {
      if (option !== '') {
        this.value(option, word, cwd);
        option = '';
      } else if (word !== undefined && VALUED.test(word)) option = word;
      else this.word(word, cwd);
    }
  }

  private value(option: string, word: string | undefined, cwd: string): void {
    if (/^-(?:r|-requirements?)$/.test(option)) this.requirementsFile(word && joined(cwd, word), 0);
    if (/^-(?:e|-editable)$/.test(option)) this.source(word, cwd);
  }

  private word(word: string | undefined, cwd: string): void {
    const file = /^(?:-r|--requirements?=)(.+)/.exec(word ?? '')?.[1];
    if (word === undefined) this.mayHold = true;
    else if (file !== undefined) this.requirementsFile(joined(cwd, file), 0);
    else if (!word.startsWith('-')) this.source(word, cwd);
  }

  /** A package by name, or a folder or archive that brings its own dependencies. */
  private source(word: string | undefined, cwd: string): void {
    if (word === undefined || WANTED.test(word)) {
      this.mayHold = true;
      return;
    }
    if (/^(?:\w+\+)?\w+:\/\/|@\s*\w+:|\.(?:whl|zip|gz)$/.test(word)) this.mayHold = true;
    else if (/^\.{0,2}\/|^\.{1,2}(?:\[|$)/.test(word)) this.projectFiles(joined(cwd, word.replace(/\[.*$/, '')));
  }

  private requirementsFile(path: string | undefined, depth: number): void {
    const file = path === undefined || depth > DEPTH ? undefined : this.files.find(path);
    if (file === undefined) {
      this.mayHold = true;
      return;
    }
    this.requirements ??= file.file;
    if (this.seen.has(file.path)) return;
    this.seen.add(file.path);
    for (const raw of file.text.split(/\r?\n/)) this.requirement(raw.trim(), file, depth);
  }

  /** One line of a requirements file, or of a conda environment's list. */
  private requirement(raw: string, file: ImageFile, depth: number): void {
    const line = raw.replace(/^-\s+(?!-)/, '').replace(/(?:^|\s)#.*$/, '');
    const other = /^(?:-r|--requirement|-c|--constraint)[\s=]*(\S+)/.exec(line);
    if (other && !/^(?:-c|--constraint)/.test(line)) {
      this.requirementsFile(joined(folderOf(file.path), other[1] ?? ''), depth + 1);
    } else if (WANTED.test(line) || /:\/\/|\.whl$/.test(line.replace(/^--?\S+.*$/, ''))) this.mayHold = true;
    else if (/^-e\b|^--editable|^\.{1,2}\//.test(line)) this.mayHold = true;
  }

  /** Stages that are copied from may bring their packages along. */
  stages(): Stage[] {
    const found = new Set<Stage>([this.stage]);
    for (const stage of found) {
      for (const { from } of stage.copies) if (from) found.add(from);
    }
    return [...found];
  }
}

/** `package[extra]`, which a shell would take for a pattern and, as no file fits it, leaves alone. */
const EXTRAS = /^[\w./+-]+\[[\w,-]+\](?:[=~!]=[\w.*+]+)?$/;

const VALUED =
  /^(?:-r|--requirements?|-e|--editable|-c|--constraint|-i|--index-url|--extra-index-url|-f|--find-links|-t|--target|--prefix|--root|--python|-p|--trusted-host|--platform|--no-binary|--only-binary|--timeout|--retries|--src|--progress-bar|--upgrade-strategy|--cache-dir|--proxy|--cert|--index)$/;

/** Reads the installs of the built stage, and of the stages it copies from. */
export function installedIn(stage: Stage, filesOf: (stage: Stage) => ImageFiles): Installed {
  const own = new Search(filesOf(stage), stage);
  for (const one of own.stages()) {
    const search = one === stage ? own : new Search(filesOf(one), one);
    for (const run of one.runs) search.run(run);
    own.mayHold ||= search.mayHold;
    own.requirements ??= search.requirements;
    own.last ??= search.last;
  }
  return { mayHold: own.mayHold, requirements: own.requirements, last: own.last };
}
