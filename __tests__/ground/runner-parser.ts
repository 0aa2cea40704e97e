/**
 * The runner's reading of one log line, written from its rules and not from this project's code: a line that names a
 * registered command is one. White space is what .NET trims (Char.IsWhiteSpace).
 */
const REGISTERED = new Set(
  'add-mask add-matcher remove-matcher debug notice warning error group endgroup echo stop-commands set-output save-state set-env add-path'.split(
    ' ',
  ),
);
const DOTNET_SPACE = /^\p{White_Space}+/u;

/** The lines that the runner cuts a program's output into: at \n, \r\n and a lone \r. */
export function runnerLines(output: string): string[] {
  return output.split(/\r\n|\n|\r/);
}

/** The command that a line is, or undefined where it is plain text. */
export function commandOf(line: string): string | undefined {
  return commandV2(line) ?? commandV1(line);
}

function commandV2(line: string): string | undefined {
  const trimmed = line.replace(DOTNET_SPACE, '');
  if (!trimmed.startsWith('::')) return undefined;
  const end = trimmed.indexOf('::', 2);
  return end === -1 ? undefined : registered(trimmed.slice(2, end));
}

function commandV1(line: string): string | undefined {
  const start = line.indexOf('##[');
  const end = line.indexOf(']', start);
  return start === -1 || end === -1 ? undefined : registered(line.slice(start + 3, end));
}

function registered(info: string): string | undefined {
  const name = (info.split(' ', 1)[0] ?? '').toLowerCase();
  return REGISTERED.has(name) ? name : undefined;
}
