/** A workflow command as the runner reads it from a line of output (actions/runner, ActionCommand.cs). */
export interface Command {
  readonly name: string;
  /** Property names are in lower case: the runner compares them without regard to case. */
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What the runner registers; a name beside these makes a line plain text. `stop-commands` adds its token. */
export const COMMANDS: readonly string[] = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

type Escapes = readonly (readonly [escaped: string, plain: string])[];

const LINE_ENDS: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
];
const PERCENT: Escapes = [['%25', '%']];
const DATA_V2: Escapes = [...LINE_ENDS, ...PERCENT];
const PROPERTY_V2: Escapes = [...LINE_ENDS, ['%3A', ':'], ['%2C', ','], ...PERCENT];
const V1: Escapes = [['%3B', ';'], ...LINE_ENDS, ['%5D', ']'], ...PERCENT];

function unescaped(text: string, escapes: Escapes): string {
  return escapes.reduce((result, [escaped, plain]) => result.replaceAll(escaped, plain), text);
}

/** .NET's white space: unlike JavaScript's it holds U+0085 and not U+FEFF. */
const LEADING_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;

/**
 * The runner compares by the rules of its culture, which pass over invisible characters: one before `::` or inside `##[`
 * does not stop the command. Taking all of them out first finds at least the commands that a runner finds.
 */
const IGNORED = /(?![\t-\r\u0085])[\p{Cc}\p{Cf}]/gu;

function splitAt(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + separator.length)];
}

function readProperties(text: string, separator: string, escapes: Escapes): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const part of text.split(separator)) {
    // As the runner splits it, `=a=b` is the name a and the value b.
    const [name, value] = splitAt(part.replace(/^=+/, ''), '=');
    if (name !== '' && value !== undefined && value !== '') properties[name.toLowerCase()] = unescaped(value, escapes);
  }
  return properties;
}

/** `::name key=value,key=value::data`, after leading white space. */
function parseV2(line: string, isRegistered: (name: string) => boolean): Command | undefined {
  const text = line.replace(LEADING_SPACE, '');
  if (!text.startsWith('::')) return undefined;
  const [info, data] = splitAt(text.slice(2), '::');
  const [name, properties = ''] = splitAt(info, ' ');
  if (data === undefined || !isRegistered(name)) return undefined;
  return { name, properties: readProperties(properties.trim(), ',', PROPERTY_V2), data: unescaped(data, DATA_V2) };
}

/** `##[name key=value;key=value]data`, anywhere in the line; only the first `##[` counts. */
function parseV1(line: string, isRegistered: (name: string) => boolean): Command | undefined {
  const [, after] = splitAt(line, '##[');
  const [info, data] = splitAt(after ?? '', ']');
  const [name, properties = ''] = splitAt(info, ' ');
  if (data === undefined || !isRegistered(name)) return undefined;
  return { name, properties: readProperties(properties, ';', V1), data: unescaped(data, V1) };
}

/** The command that the runner takes a line for; undefined for plain text. `tokens` are names registered besides. */
export function parseCommand(line: string, tokens: readonly string[] = []): Command | undefined {
  const known = new Set([...COMMANDS, ...tokens.map((token) => token.toLowerCase())]);
  const isRegistered = (name: string) => known.has(name.toLowerCase());
  const visible = line.replace(IGNORED, '');
  return parseV2(visible, isRegistered) ?? parseV1(visible, isRegistered);
}
