/** So many lines at the end of a program's output can tell why it ended, where there is no traceback. */
const LAST_LINES = 12;

/** Exceptions of those who started the program that failed: they tell of it, not of the cause. */
const LAUNCHER = /\b(?:ChildFailedError|CalledProcessError|ProcessRaisedException|ProcessExitedException|SystemExit)\b/;
const TRACEBACK = /^(?:\[?\w+\]?:?\s*)*Traceback \(most recent call last\):/;

/**
 * The lines that tell the cause: the last exception of the last traceback, with its message, but for one of a launcher (torchrun
 * and the like) that only tells of the program's; else the last lines. What a program says on the way proves nothing.
 */
export function decisiveLines(lines: readonly string[]): readonly string[] {
  const starts = lines.flatMap((line, index) => (TRACEBACK.test(line) ? [index] : []));
  const tracebacks = starts.map((start, index) => exceptionOf(lines.slice(start + 1, starts[index + 1])));
  const own = tracebacks.findLast((each) => each.length > 0 && !LAUNCHER.test(each[0] ?? ''));
  return own ?? lines.slice(-LAST_LINES);
}

/** What follows the frames, which are indented: the exception, and the lines of its message. */
function exceptionOf(lines: readonly string[]): readonly string[] {
  const start = lines.findIndex(
    (line) => /^\S/.test(line) && !/^\[\.\.\.\]|^During handling|^The above exception/.test(line),
  );
  return start === -1 ? [] : lines.slice(start, start + LAST_LINES);
}
