/** So many lines at the end of a program's output can tell why it ended, where there is no traceback. */
const LAST_LINES = 12;
/** A program that a signal ended had no say: so few lines may still have to do with it. */
const LAST_BEFORE_SIGNAL = 5;

/** Exceptions of what started the program that failed (torchrun and the like): they tell of it, not of the cause. */
const LAUNCHER = /\b(?:ChildFailedError|CalledProcessError|ProcessRaisedException|ProcessExitedException)\b/;
const TRACEBACK = /^Traceback \(most recent call last\):/;
/** Lines between exceptions that caused one another, and the service's sign for frames that it left out. */
const JOINTS = /^\[\.\.\.\]|^During handling of the above exception|^The above exception was the direct cause/;
/** What torchrun puts before the lines of its processes. */
const RANK = /^\[(?:default\d+|rank\d+)\]:\s?/;

/**
 * The lines that tell the cause: the last exception of the last traceback, with its message, but for a launcher's; else the
 * last lines. What a program says on its way, of an exception that it survived for one, proves nothing.
 */
export function decisiveLines(all: readonly string[]): readonly string[] {
  const lines = all.map((line) => line.replace(RANK, ''));
  const starts = lines.flatMap((line, index) => (TRACEBACK.test(line) ? [index] : []));
  const exceptions = starts.map((start, index) => exceptionOf(lines.slice(start + 1, starts[index + 1])));
  const own = exceptions.findLast(([first = '']) => first !== '' && !LAUNCHER.test(first));
  if (own !== undefined) return own;
  // What a launcher says comes last, and after what it is about.
  return lines.slice(0, starts[0]).slice(-LAST_LINES);
}

/** The lines that may tell why a signal ended the program. */
export const linesBeforeSignal = (lines: readonly string[]) =>
  lines.slice(-LAST_BEFORE_SIGNAL).map((line) => line.replace(RANK, ''));

/** What follows the frames, which are indented: the exception, and the lines of its message. */
function exceptionOf(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex((line) => /^\S/.test(line) && !JOINTS.test(line));
  return start === -1 ? [] : lines.slice(start, start + LAST_LINES);
}
