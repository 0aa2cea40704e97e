import type { Fault } from '../../../faults.ts';
import type { ImageFile } from '../dockerfile/image-files.ts';
import type { StartForm } from '../dockerfile/start-form.ts';
import { type Finding, perhaps, surely } from '../request.ts';
import type { Word } from './argv.ts';
import { passesWordsOn } from './names.ts';
import { execForm, type Situation, shownWords } from './program.ts';
import { readShell, type ShellText } from './shell-words.ts';

/** Where a form stands in the Dockerfile, or the input that took its place. */
function whereOf(form: StartForm | undefined, { dockerfile }: Situation): Pick<Fault, 'place' | 'input'> {
  if (form === undefined) return { input: 'command' };
  return { place: { file: dockerfile, line: form.line, column: form.column } };
}

function shownForm({ keyword, text }: StartForm): string {
  return `${keyword} ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`;
}

/** A plain single command as the exec form's words. */
function plainWords(text: string): readonly string[] | undefined {
  const shell = readShell(text);
  const [command, ...others] = shell?.commands ?? [];
  if (command === undefined || others.length > 0 || /^\s*\w+=|[<>|&;]/.test(text)) return undefined;
  const words = command.words.map((word) => (word.all ? '' : word.text));
  const shown = words.filter((word) => word !== '' && word !== 'exec');
  return shown.every((word) => word !== undefined) ? shown : undefined;
}

export function jsonSlip(form: StartForm, dockerfile: string): Finding | undefined {
  const { keyword, slip, line, column } = form;
  if (slip === undefined) return undefined;
  const mend =
    slip.meant === undefined
      ? 'Write a JSON array of strings in double quotes, on one logical line.'
      : `Write ${keyword} ${execForm(slip.meant)}.`;
  const message = `${shownForm(form)} is no JSON array (${slip.what}), so that Docker hands it to a shell, brackets and all. ${mend}`;
  return surely({ rule: 'entrypoint-json-slip', place: { file: dockerfile, line, column }, message });
}

export function shellDropsArguments(
  text: string,
  shell: ShellText,
  given: readonly Word[],
  situation: Situation,
): Finding {
  const { form } = situation;
  const words = plainWords(text);
  const shellForm = form !== undefined && form.words === undefined;
  const instead = form === undefined ? 'Name the program itself in command' : `Write ${form.keyword}`;
  const behind = `the shell takes ${shownWords(given)} for itself and the program gets nothing`;
  const exec = words && (form ? `${instead} ${execForm(words)}.` : `${instead}, as ${execForm(words)}.`);
  if (shellForm) {
    const mend = exec ?? 'Write it in exec form, or start a script that ends in exec … "$@".';
    const message = `${shownForm(form)} is in shell form: ${behind}. ${mend}`;
    return surely({ rule: 'entrypoint-shell-form', ...whereOf(form, situation), message });
  }
  const last =
    shell.commands
      .at(-1)
      ?.words.map((word) => word.raw)
      .join(' ') ?? '';
  const mend = exec ?? `Put "$@" behind ${shownText(last)}, and a word such as "--" behind the text, which becomes $0.`;
  const message = `the text behind -c names no "$@": ${behind}. ${mend}`;
  return surely({ rule: 'shell-command-drops-arguments', ...whereOf(form, situation), message });
}

function shownText(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export function shellLosesFirst(text: string, first: Word, situation: Situation): Finding {
  const { form } = situation;
  const words = plainWords(text);
  const mend =
    words && form
      ? `Write ${form.keyword} ${execForm(words)}.`
      : 'Put a word such as "--" behind the text in an exec form, which becomes $0.';
  const message = `the first argument behind -c becomes the shell's $0 and is no part of "$@": ${shownWords([first])} is lost. ${mend}`;
  return surely({ rule: 'shell-command-loses-first', ...whereOf(form, situation), message });
}

export function scriptDropsArguments(file: ImageFile, shell: ShellText, given: readonly Word[]): Finding {
  const last = shell.commands.findLast(({ words }) =>
    /python|\.py\b|torchrun|accelerate/.test(words.map((word) => word.raw).join(' ')),
  );
  const command = last ?? shell.commands.at(-1);
  const line = file.linesBefore + (command?.line ?? 1);
  const name = command?.words.map((word) => word.raw).join(' ') ?? '';
  const message = `the start script names "$@" nowhere, so that ${shownWords(given)} never reaches the program. End it in ${shownScript(name)}.`;
  return surely({ rule: 'start-script-drops-arguments', place: { file: file.file, line, column: 1 }, message });
}

function shownScript(command: string): string {
  if (command === '' || command.length > 100 || command.includes('\n')) return 'exec … "$@"';
  return `${command.startsWith('exec ') ? '' : 'exec '}${command} "$@"`;
}

/** The job's first argument would be started as a program: nothing stands before it. */
export function argumentsReplaceCmd(words: readonly Word[], situation: Situation): Finding {
  const { replaced, stage, dockerfile } = situation;
  const { entrypoint } = stage;
  const entry = entrypoint === 'unknown' ? undefined : entrypoint;
  const known = entry !== undefined || (stage.base !== undefined && passesWordsOn(stage.base));
  const at = replaced ?? entry;
  const place = { file: dockerfile, line: at?.line ?? stage.line, column: at?.column ?? 1 };
  const first = shownWords(words.slice(0, 1));
  const cause = replaced
    ? `the job's arguments take the place of ${shownForm(replaced)}, so that ${first} is started as the program`
    : `the image names no program, so that ${first} is started as one`;
  const unless = known ? '' : ' unless the base image has an ENTRYPOINT';
  const fault = {
    rule: 'arguments-replace-cmd',
    place,
    message: `${cause}${unless}. ${entrypointMend(entry, replaced)}`,
  };
  return known ? surely(fault) : perhaps(fault);
}

function entrypointMend(entry: StartForm | undefined, replaced: StartForm | undefined): string {
  if (entry) return `Name the program in ENTRYPOINT, behind ${shownForm(entry)}.`;
  const meant = replaced && (replaced.words ?? plainWords(replaced.text));
  const form = meant ? execForm(meant) : '["python", "train.py"] or the like';
  return `Write ENTRYPOINT ${form}${replaced ? ' in place of CMD' : ''}.`;
}

/** `ENTRYPOINT ["python"]` with the script in CMD: the script is gone as soon as the job has arguments. */
export function pythonGetsArguments(words: readonly Word[], situation: Situation): Finding {
  const { replaced, dockerfile, stage, form } = situation;
  const given = shownWords(words);
  const line = replaced?.line ?? form?.line ?? stage.line;
  const place = { file: dockerfile, line, column: replaced?.column ?? form?.column ?? 1 };
  const before = form?.words ?? [];
  const meant = replaced?.words && form?.words ? ` ${execForm([...before, ...replaced.words])}` : '';
  const cause = replaced
    ? `the job's arguments take the place of ${shownForm(replaced)}, so that Python itself gets ${given}`
    : `no script is named, so that Python itself gets ${given}`;
  const where = form ? { place } : { input: 'command' };
  const mend = form ? `Name the script in ENTRYPOINT${meant}.` : 'Name the script in command.';
  return surely({ rule: 'arguments-replace-cmd', ...where, message: `${cause}. ${mend}` });
}
