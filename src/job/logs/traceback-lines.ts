/**
 * Where a traceback stands: among its frames; at the exception that was raised; at the sentence that says another
 * traceback of the same failure follows.
 */
export type Phase = 'frames' | 'raised' | 'chained';

/** One of these is in every line that begins a traceback, however it is coloured. */
export const HEADER_MARKS = ['(most recent call ', 'Fatal Python error: '] as const;

/** Python's traceback module, rich's boxes, and faulthandler, which knows no exception. A progress bar may stand before. */
const HEADER =
  /Traceback \(most recent call last\)(?::| [─-]+[╮+]?)$|^Fatal Python error: |\(most recent call first\):$/;
const CHAIN =
  /^(?:During handling of the above exception, another exception occurred|The above exception was the direct cause of the following exception):$/;
/** White space, the margin of an exception group, or the border of a box. */
const INDENTED = /^[\s|+│╭╰├❱]/;
/** The last line of an exception group. */
const GROUP_END = /^\s*\+-{20,}$/;
/** `ValueError: no`, `KeyboardInterrupt`, `torch.cuda.OutOfMemoryError: …`; not a logger's `WARNING: …`. */
const EXCEPTION =
  /^(?!(?:DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|FATAL)\b)(?:(?:[A-Za-z_]\w*\.)+[A-Za-z_]\w*|[A-Z]\w*)(?::?$|:\s)|^Extension modules: /;

/** Launchers that mark each line of a process: torchrun (`[rank0]: `, `[default0]:`), Horovod (`[1,0]<stderr>:`), Ray. */
const PREFIX = /^(?:\[rank\d+\]: ?|\[[a-z_]+\d+\]:|\[\d+,\d+\]<std(?:err|out)>:|\([\w.:-]+ pid=\d+[^)]*\) ?)/;

/** A launcher's mark at the start of a line, white space behind it included; '' where there is none. */
export const prefixOf = (line: string): string => PREFIX.exec(line)?.[0] ?? '';

/** Whether a line, without its prefix and its colours, begins a traceback. */
export const isHeader = (text: string): boolean => HEADER.test(text);

/**
 * The phase after another line; `end` where the line is no part of the traceback any more, `aside` where it is none but
 * the traceback goes on: another thread wrote between two frames.
 */
export function phaseAfter(phase: Phase, text: string): Phase | 'aside' | 'end' {
  if (phase === 'frames') return afterFrame(text);
  if (text === '') return phase;
  if (phase === 'chained') return isHeader(text) ? 'frames' : 'end';
  if (CHAIN.test(text)) return 'chained';
  if (!INDENTED.test(text)) return 'end';
  return isHeader(text) ? 'frames' : 'raised';
}

function afterFrame(text: string): Phase | 'aside' {
  if (GROUP_END.test(text)) return 'raised';
  if (text === '' || isHeader(text) || INDENTED.test(text)) return 'frames';
  return EXCEPTION.test(text) ? 'raised' : 'aside';
}
