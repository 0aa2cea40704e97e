import { joined } from '../paths.ts';
import { type Heredoc, type Instruction, readInstructions } from './instructions.ts';
import { readStartForm, type StartForm } from './start-form.ts';
import { expand, splitWords } from './words.ts';

/** What one COPY or ADD brings. */
export interface Copy {
  /** As written, variables replaced; undefined where unknown. */
  readonly sources: readonly (string | undefined)[];
  /** Absolute path in the image; undefined where unknown. */
  readonly target: string | undefined;
  /** Whether the target is a folder by its spelling. */
  readonly intoFolder: boolean;
  /** The stage of this Dockerfile from which it copies. */
  readonly from: Stage | undefined;
  /** It copies from the build context. */
  readonly fromContext: boolean;
  readonly heredocs: readonly Heredoc[];
}

export interface Run {
  /** The shell text, or the words of the exec form joined. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly workdir: string;
}

/** A stage after all its instructions, with what it took over from the stage it is built on. */
export interface Stage {
  name: string;
  /** The outside image at the end of the chain of FROM; undefined where a variable is unknown. */
  base: string | undefined;
  /** Line of the FROM, from 1. */
  line: number;
  workdir: string;
  readonly variables: Map<string, string | undefined>;
  readonly environment: Map<string, string | undefined>;
  readonly copies: Copy[];
  readonly runs: Run[];
  /** `unknown` is what the builder refuses or what no one can read. */
  entrypoint: StartForm | 'unknown' | undefined;
  cmd: StartForm | 'unknown' | undefined;
  cmdIsOwn: boolean;
  shell: readonly string[];
}

export interface Stages {
  readonly stages: readonly Stage[];
  /** The one that is built; undefined where `target` names none. */
  readonly built: Stage | undefined;
}

/** The working directory of an outside image is unknown; relative paths still meet each other in it. */
export const BASE_WORKDIR = '/(working directory of the base image)';

/** Follows a Dockerfile's instructions, stage by stage. Undefined where there is nothing to follow. */
export function readStages(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  target?: string,
): Stages | undefined {
  const read = readInstructions(text);
  if (read === undefined) return undefined;
  const globals = new Map<string, string | undefined>();
  const stages: Stage[] = [];
  for (const instruction of read) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') stages.push(openStage(instruction, globals, stages));
    else if (stage === undefined) declareArgs(instruction, globals, globals, buildArgs);
    else APPLY[instruction.keyword]?.({ instruction, stage, stages, globals, buildArgs });
  }
  const last = stages.at(-1);
  if (last === undefined) return undefined;
  return { stages, built: target === undefined ? last : findStage(stages, target) };
}

/** Stages go by name, in any case, or by number. */
export function findStage(stages: readonly Stage[], name: string): Stage | undefined {
  const wanted = name.toLowerCase();
  const named = stages.findLast((stage) => stage.name !== '' && stage.name === wanted);
  return named ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
}

function openStage({ text, line }: Instruction, globals: Map<string, string | undefined>, stages: Stage[]): Stage {
  const [image = '', as = '', name = ''] = splitWords(text);
  const base = expand(image, globals);
  const parent = base === undefined ? undefined : findNamed(stages, base);
  const own = as.toLowerCase() === 'as' ? name.toLowerCase() : '';
  if (parent === undefined) return emptyStage(own, base, line);
  return {
    ...parent,
    name: own,
    line,
    variables: new Map(parent.environment),
    environment: new Map(parent.environment),
    copies: [...parent.copies],
    runs: [...parent.runs],
    cmdIsOwn: false,
  };
}

/** FROM knows stages by name alone. */
function findNamed(stages: readonly Stage[], name: string): Stage | undefined {
  return stages.findLast((stage) => stage.name !== '' && stage.name === name.toLowerCase());
}

function emptyStage(name: string, base: string | undefined, line: number): Stage {
  return {
    name,
    base,
    line,
    workdir: base === 'scratch' ? '/' : BASE_WORKDIR,
    variables: new Map(),
    environment: new Map(),
    copies: [],
    runs: [],
    entrypoint: undefined,
    cmd: undefined,
    cmdIsOwn: false,
    shell: ['/bin/sh', '-c'],
  };
}

interface Step {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly globals: ReadonlyMap<string, string | undefined>;
  readonly buildArgs: Readonly<Record<string, string>>;
}

const APPLY: Readonly<Record<string, (step: Step) => void>> = {
  ARG: ({ instruction, stage, globals, buildArgs }) => declareArgs(instruction, stage.variables, globals, buildArgs),
  ENV: ({ instruction, stage }) => setEnvironment(instruction, stage),
  WORKDIR: ({ instruction, stage }) => {
    stage.workdir = joined(stage.workdir, expand(instruction.text, stage.variables) ?? `(${instruction.text})`);
  },
  SHELL: ({ instruction, stage }) => {
    stage.shell = readStartForm(instruction)?.words ?? stage.shell;
  },
  COPY: (step) => step.stage.copies.push(readCopy(step)),
  ADD: (step) => step.stage.copies.push(readCopy(step)),
  RUN: ({ instruction, stage }) => stage.runs.push(readRun(instruction, stage.workdir)),
  CMD: ({ instruction, stage }) => {
    stage.cmd = readStartForm(instruction) ?? 'unknown';
    stage.cmdIsOwn = true;
  },
  // Setting ENTRYPOINT empties a CMD that came from the base (Docker's reference, 'Understand how CMD and ENTRYPOINT interact').
  ENTRYPOINT: ({ instruction, stage }) => {
    stage.entrypoint = readStartForm(instruction) ?? 'unknown';
    if (!stage.cmdIsOwn) stage.cmd = undefined;
  },
};

/** A build argument wins over the ARG's own default; within a stage, an ARG without default takes the one before FROM. */
function declareArgs(
  { keyword, text }: Instruction,
  into: Map<string, string | undefined>,
  globals: ReadonlyMap<string, string | undefined>,
  buildArgs: Readonly<Record<string, string>>,
): void {
  if (keyword !== 'ARG') return;
  for (const word of splitWords(text)) {
    const cut = word.indexOf('=');
    const name = cut < 0 ? word : word.slice(0, cut);
    const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
    into.set(name, given ?? (cut < 0 ? (globals.get(name) ?? '') : expand(word.slice(cut + 1), into)));
  }
}

function setEnvironment({ text }: Instruction, stage: Stage): void {
  const words = splitWords(text);
  const set = (name: string, value: string | undefined) => {
    stage.variables.set(name, value);
    stage.environment.set(name, value);
  };
  const [first = ''] = words;
  // The old form `ENV NAME value`.
  if (!first.includes('=')) set(first, expand(text.slice(first.length).trim(), stage.variables));
  for (const word of words) {
    const cut = word.indexOf('=');
    if (cut > 0 && first.includes('=')) set(word.slice(0, cut), expand(word.slice(cut + 1), stage.variables));
  }
}

function readCopy({ instruction, stage, stages }: Step): Copy {
  const { text, flags, heredocs } = instruction;
  const words = copyWords(text).map((word) => expand(word, stage.variables));
  const target = words.pop();
  const sources = words.filter((word) => word === undefined || !word.startsWith('<<'));
  const from = flags.get('from');
  const known = !flags.has('parents') && target !== undefined;
  return {
    sources,
    target: known ? joined(stage.workdir, target) : undefined,
    intoFolder: sources.length + heredocs.length > 1 || target === '.' || /\/\.?$/.test(target ?? ''),
    from: from === undefined ? undefined : findStage(stages, expand(from, stage.variables) ?? ''),
    fromContext: from === undefined,
    heredocs,
  };
}

function copyWords(text: string): readonly string[] {
  if (!text.startsWith('[')) return splitWords(text);
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.map(String) : [];
  } catch {
    return splitWords(text);
  }
}

function readRun({ text, heredocs, line, column }: Instruction, workdir: string): Run {
  const bodies = heredocs.map((heredoc) => heredoc.text);
  let words = text;
  if (text.startsWith('[')) words = copyWords(text).join(' ');
  return { text: [words, ...bodies].join('\n'), line, column, workdir };
}
