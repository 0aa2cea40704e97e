import type { Run, Stage } from '../../../code/dockerfile/stages.ts';
import { readShell, type ShellCommand } from '../../../code/launch/shell-words.ts';

/** A call of a program that is surely not there. */
export interface MissingCall {
  readonly run: Run;
  readonly program: 'pip' | 'pip3' | 'python' | 'python3';
  /** Whether Python itself is there, and only pip or the name `python` is missing. */
  readonly hasPython: boolean;
}

/** A call of the pip that a distribution's packages brought. */
export interface SystemPipCall {
  readonly run: Run;
}

export interface ToolCalls {
  readonly missing: MissingCall | undefined;
  readonly systemPip: SystemPipCall | undefined;
}

const PROGRAMS = ['pip', 'pip3', 'python', 'python3'] as const;
type Program = (typeof PROGRAMS)[number];

/** Commands after which Python and pip are as they were. */
const HARMLESS =
  /^(?:apt-key|add-apt-repository|addgroup|adduser|apt-mark|apt-cache|cat|cd|chmod|chown|command|curl|date|debconf-set-selections|echo|env|export|false|find|git|gpg|grep|groupadd|head|hash|id|install|ldconfig|locale-gen|ls|mkdir|mktemp|nproc|nvcc|nvidia-smi|printf|pwd|rm|rmdir|sed|set|sha256sum|sleep|sort|tee|test|touch|true|type|umask|unset|useradd|usermod|uname|wget|which|yes|\[|\[\[|:)$/;

const APT = /^(?:apt|apt-get|aptitude)$/;

/** Follows what a stage's RUN instructions bring and call, from an image without Python on. What cannot be followed may bring anything. */
class Walk {
  /** Programs that are surely missing. */
  private readonly absent = new Set<Program>(PROGRAMS);
  private pipFromApt = false;
  missing: MissingCall | undefined;
  systemPip: SystemPipCall | undefined;

  run(run: Run): void {
    const text = scriptOf(run);
    const shell = text === undefined ? undefined : readShell(text);
    if (shell === undefined) this.lose();
    for (const command of shell?.commands ?? []) this.command(command, run);
  }

  private command(command: ShellCommand, run: Run): void {
    const words = withoutPrefix(command.words.map(({ text }) => text));
    const [head] = words;
    const program = PROGRAMS.find((one) => head === one || head === `/usr/bin/${one}`);
    if (program !== undefined) this.call(program, words, run);
    else if (head !== undefined && APT.test(head)) this.apt(words);
    else if (head === 'uv') this.uv(words);
    else if (head === 'ln' || head === 'update-alternatives') this.link(words);
    else if (head === undefined || !HARMLESS.test(head)) this.lose();
  }

  private call(program: Program, words: readonly (string | undefined)[], run: Run): void {
    const module = program.startsWith('python') && words[1] === '-m' ? words[2] : undefined;
    const missing = this.absent.has(program) || (module === 'pip' && this.absent.has('pip3'));
    // Where another command follows a failure, the build goes on.
    if (missing && !run.text.includes('||')) {
      const hasPython = !this.absent.has('python3');
      this.missing ??= { run, program: module === 'pip' && hasPython ? 'pip' : program, hasPython };
    }
    const isPip = program.startsWith('pip') || module === 'pip';
    if (isPip && this.pipFromApt && words.includes('install') && !elsewhere(words)) this.systemPip ??= { run };
    if (!isPip) this.lose();
  }

  private apt(words: readonly (string | undefined)[]): void {
    if (!words.includes('install')) return;
    const packages = words.slice(words.indexOf('install') + 1).map((word) => word?.replace(/[=/:].*$/, ''));
    if (packages.some((name) => name === undefined || name === '' || name.startsWith('.') || name.startsWith('ros-'))) {
      this.lose();
      return;
    }
    // Many packages depend on python3, which they do not name.
    this.absent.delete('python3');
    if (packages.some((name) => /^python(?:-dev)?-is-python[23]$|^python$/.test(name ?? '')))
      this.absent.delete('python');
    if (packages.some((name) => /pip/.test(name ?? ''))) {
      this.pipFromApt = true;
      this.absent.delete('pip');
      this.absent.delete('pip3');
    }
  }

  /** uv installs Pythons and environments; its own `uv pip` needs no pip. */
  private uv(words: readonly (string | undefined)[]): void {
    if (!/^(?:pip|cache|--version|version|lock|export)$/.test(words[1] ?? '')) this.lose();
  }

  private link(words: readonly (string | undefined)[]): void {
    if (words.some((word) => word === undefined || /python|pip/.test(word))) this.lose();
  }

  private lose(): void {
    this.absent.clear();
    this.pipFromApt = false;
  }
}

/** The commands of a RUN: a here-document is a script where it stands alone, else input to a command that is not followed. */
function scriptOf({ text }: Run): string | undefined {
  if (!/<<-?\s*["']?[A-Za-z_]/.test(text)) return text;
  return text.startsWith('<<') ? text.slice(text.indexOf('\n') + 1) : undefined;
}

/** Without `sudo`, `env` and `exec` before the command. */
function withoutPrefix(words: readonly (string | undefined)[]): readonly (string | undefined)[] {
  let rest = words;
  while (/^(?:sudo|env|exec|time|nice)$/.test(rest[0] ?? '') && rest.length > 1) {
    rest = rest.slice(1);
    while (/^-|^\w+=/.test(rest[0] ?? '') && rest.length > 1) rest = rest.slice(1);
  }
  return rest;
}

/** Installing elsewhere than into Python's own folders, or into them in spite of the mark (PEP 668, pip's install command). */
function elsewhere(words: readonly (string | undefined)[]): boolean {
  return words.some(
    (word) => word === undefined || /^(?:--break-system-packages|--(?:target|prefix|root|dry-run)\b.*|-t)$/.test(word),
  );
}

/** What a stage calls that is not there, as far as it can be followed: its base has no Python. */
export function toolCalls(stage: Stage): ToolCalls {
  if (!/^(?:\/bin\/)?(?:ba)?sh$/.test(stage.shell[0] ?? '') || mayCopyPython(stage)) {
    return { missing: undefined, systemPip: undefined };
  }
  const walk = new Walk();
  for (const run of stage.runs) walk.run(run);
  return { missing: walk.missing, systemPip: allowsSystemPip(stage) ? undefined : walk.systemPip };
}

/** uv's program alone brings no Python; whatever else another image or stage gives may hold one, as may parts of the context. */
function mayCopyPython({ copies, environment }: Stage): boolean {
  const folders = copies.some(({ sources }) => sources.some((source) => !/[^./]\.\w+$/.test(source ?? '')));
  // What a PATH of the Dockerfile's own leads to may lie in a folder that is copied.
  if (environment.has('PATH') && folders) return true;
  return copies.some(({ fromContext, sources }) =>
    fromContext
      ? sources.some((source) => source === undefined || PYTHONIC.test(source) || ARCHIVE.test(source))
      : !sources.every((source) => /(?:^|\/)uvx?$/.test(source ?? '')),
  );
}

const PYTHONIC = /venv|conda|python|pyenv|mamba/i;
const ARCHIVE = /\.(?:tar|tgz|gz|xz|bz2|zst|deb)$/;

/** Whether the stage turns the refusal off somewhere, by variable, configuration or by removing the mark. */
function allowsSystemPip({ runs, environment, variables }: Stage): boolean {
  const off = /break[-_]system[-_]packages|EXTERNALLY-MANAGED/i;
  return (
    runs.some(({ text }) => off.test(text)) ||
    [...environment.keys(), ...variables.keys()].some((name) => off.test(name))
  );
}
