import type { Stage } from '../dockerfile/stages.ts';
import type { StartForm } from '../dockerfile/start-form.ts';
import type { CodeRequest } from '../request.ts';

/** Whence a word of the command line comes. */
export type Origin = 'entrypoint' | 'cmd' | 'command' | 'args' | 'parameter';

/** One word of the command line that the container runs. */
export interface Word {
  /** Undefined where it is not known before the run. */
  readonly text: string | undefined;
  readonly origin: Origin;
}

/** The container's whole command line. */
export interface CommandLine {
  readonly words: readonly Word[];
  /** The instruction that starts it; undefined where the job's own `command` or `args` do. */
  readonly form: StartForm | undefined;
  /** The CMD that the job's arguments take the place of. */
  readonly replaced: StartForm | undefined;
}

/**
 * How `command` and `args` meet the image (Vertex AI docs, configure-container-settings): `command` replaces ENTRYPOINT and
 * CMD, `args` replace CMD. A trial's parameters follow `args` as `--name=value`, so they replace CMD as well.
 * Undefined where it cannot be told.
 */
export function commandLine(request: CodeRequest, stage: Stage): CommandLine | undefined {
  const given = givenWords(request);
  if (request.command.length > 0) {
    const command = request.command.map((text) => jobWord(text, 'command'));
    return { words: [...command, ...given], form: undefined, replaced: undefined };
  }
  const { entrypoint, cmd } = stage;
  if (entrypoint === 'unknown' || cmd === 'unknown') return undefined;
  const replaced = given.length > 0 ? cmd : undefined;
  const tail = given.length > 0 ? given : cmd ? formWords(cmd, stage, 'cmd') : [];
  if (entrypoint)
    return { words: [...formWords(entrypoint, stage, 'entrypoint'), ...tail], form: entrypoint, replaced };
  return { words: tail, form: given.length > 0 ? undefined : cmd, replaced };
}

/** `args`, and behind them one word for each parameter. */
function givenWords({ args, study }: CodeRequest): Word[] {
  const parameters = (study?.parameters ?? []).map((name): Word => ({ text: `--${name}=`, origin: 'parameter' }));
  return [...args.map((text) => jobWord(text, 'args')), ...parameters];
}

/** Vertex replaces `$(NAME)` in a job's arguments by a variable of the container (ContainerSpec). */
function jobWord(text: string, origin: Origin): Word {
  return { text: /\$\(\w+\)/.test(text) ? undefined : text, origin };
}

/** Where a slip made a shell form of an array, the words that were meant: the slip has its own fault. */
function formWords({ words, slip, text }: StartForm, stage: Stage, origin: Origin): Word[] {
  const list = words ?? slip?.meant ?? [...stage.shell, text];
  return list.map((word) => ({ text: word, origin }));
}
