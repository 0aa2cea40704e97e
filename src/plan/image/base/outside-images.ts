import { DockerfileParser, type ModifiableInstruction } from 'dockerfile-ast';
import { type Instruction, readInstructions } from '../../code/dockerfile/instructions.ts';
import { expand, splitWords } from '../../code/dockerfile/words.ts';

/** What one stage of a Dockerfile reads from other stages and from outside. */
interface Links {
  readonly name: string;
  /** Image or stage that it is built on; undefined where a variable is unknown. */
  readonly parent: string | undefined;
  /** Images, stages and numbers of stages that COPY, ADD and RUN --mount read. */
  readonly sources: string[];
  readonly variables: Map<string, string | undefined>;
}

/**
 * Every image from outside that the build of a target reads, each once, in the order of the Dockerfile: by FROM,
 * COPY --from and RUN --mount of the stages that the target needs. The empty image `scratch` is none; one whose name has
 * a variable that is not known is left out. Empty where the target is no stage.
 */
export function outsideImages(
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  target: string | undefined,
): readonly string[] {
  const stages = readLinks(text, buildArgs);
  const built = target === undefined ? stages.length - 1 : indexOf(stages, target, stages.length);
  if (built < 0 || stages[built] === undefined) return [];
  const needed = [...reachable(stages, built)].sort((one, other) => one - other);
  const named = needed.flatMap((index) => outsideOf(stages, index));
  return [...new Set(named)].filter((image) => image !== '' && image !== 'scratch');
}

function reachable(stages: readonly Links[], built: number): Set<number> {
  const found = new Set([built]);
  for (const index of found) {
    const parent = parentOf(stages, index);
    if (parent >= 0) found.add(parent);
    for (const source of stages[index]?.sources ?? []) {
      const from = indexOf(stages, source, index);
      if (from >= 0) found.add(from);
    }
  }
  return found;
}

function outsideOf(stages: readonly Links[], index: number): readonly string[] {
  const { parent, sources = [] } = stages[index] ?? {};
  const image = parent === undefined || parentOf(stages, index) >= 0 ? [] : [parent];
  return [...image, ...sources.filter((source) => indexOf(stages, source, index) < 0)];
}

/** FROM knows earlier stages by name alone. */
function parentOf(stages: readonly Links[], index: number): number {
  const name = stages[index]?.parent?.toLowerCase();
  if (name === undefined || name === '') return -1;
  return stages.slice(0, index).findLastIndex((stage) => stage.name === name);
}

/** The stage before `end` that a name or number means; below 0 for none. */
function indexOf(stages: readonly Links[], name: string, end: number): number {
  const wanted = name.toLowerCase();
  const named = stages.slice(0, end).findLastIndex((stage) => stage.name !== '' && stage.name === wanted);
  if (named >= 0 || !/^\d+$/.test(name)) return named;
  return Number(name) < end ? Number(name) : -1;
}

function readLinks(text: string, buildArgs: Readonly<Record<string, string>>): readonly Links[] {
  const instructions = readInstructions(text) ?? [];
  const parsed = instructions.length === 0 ? [] : DockerfileParser.parse(text).getInstructions();
  const globals = new Map<string, string | undefined>();
  const stages: Links[] = [];
  for (const [index, instruction] of instructions.entries()) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') stages.push(openStage(instruction, globals, stages));
    else if (instruction.keyword === 'ARG') declare(instruction, stage?.variables ?? globals, globals, buildArgs);
    else if (stage !== undefined && instruction.keyword === 'ENV') setVariables(instruction, stage.variables);
    else if (stage !== undefined) stage.sources.push(...sourcesOf(instruction, parsed[index], stage.variables));
  }
  return stages;
}

function openStage({ text }: Instruction, globals: Links['variables'], stages: readonly Links[]): Links {
  const [image = '', as = '', name = ''] = splitWords(text);
  const parent = expand(image, globals);
  const inherited = stages.findLast((stage) => stage.name !== '' && stage.name === parent?.toLowerCase());
  return {
    name: as.toLowerCase() === 'as' ? name.toLowerCase() : '',
    parent,
    sources: [],
    variables: new Map(inherited?.variables),
  };
}

function declare(
  { text }: Instruction,
  into: Links['variables'],
  globals: Links['variables'],
  buildArgs: Readonly<Record<string, string>>,
): void {
  for (const word of splitWords(text)) {
    const cut = word.indexOf('=');
    const name = cut < 0 ? word : word.slice(0, cut);
    const given = Object.hasOwn(buildArgs, name) ? buildArgs[name] : undefined;
    into.set(name, given ?? (cut < 0 ? globals.get(name) : expand(word.slice(cut + 1), into)));
  }
}

function setVariables({ text }: Instruction, variables: Links['variables']): void {
  const words = splitWords(text);
  const [first = ''] = words;
  if (!first.includes('=')) variables.set(first, expand(text.slice(first.length).trim(), variables));
  else {
    for (const word of words) {
      const cut = word.indexOf('=');
      if (cut > 0) variables.set(word.slice(0, cut), expand(word.slice(cut + 1), variables));
    }
  }
}

/** RUN may have several mounts, of which the reader of instructions keeps one. */
function sourcesOf(instruction: Instruction, parsed: unknown, variables: Links['variables']): readonly string[] {
  const { keyword, flags } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') return known(flags.get('from'), variables);
  if (keyword !== 'RUN' || !hasFlags(parsed)) return [];
  const mounts = parsed.getFlags().filter((flag) => flag.getName() === 'mount');
  return mounts.flatMap((mount) => known(/(?:^|,)from=([^,]*)/.exec(mount.getValue() ?? '')?.[1], variables));
}

function known(word: string | undefined, variables: Links['variables']): readonly string[] {
  const name = word === undefined ? undefined : expand(word, variables);
  return name === undefined ? [] : [name];
}

function hasFlags(instruction: unknown): instruction is ModifiableInstruction {
  return typeof instruction === 'object' && instruction !== null && 'getFlags' in instruction;
}
