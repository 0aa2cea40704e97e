/** One variable of a git configuration. */
interface Variable {
  readonly section: string;
  /** In quotes in the file, and with its case; `https://github.com/` in `[http "https://github.com/"]`. */
  readonly subsection: string | undefined;
  readonly name: string;
  /** Undefined for a name alone, which means true. */
  readonly value: string | undefined;
}

/**
 * The configuration without credentials: headers and helpers, includes (actions/checkout 6 and later keeps its token in
 * a file that an includeIf names), the ssh command, passwords and tokens, and the user and password of every URL. It is
 * written anew from what was understood, so that comments and anything else go too. Throws SyntaxError where git
 * would not read it either (git-config(1), Syntax).
 */
export function withoutCredentials(text: string): string {
  let lines = '';
  let current = '';
  for (const variable of parseConfig(text)) {
    if (isCredential(variable)) continue;
    const head = headOf(variable);
    if (head !== current) lines += `${head}\n`;
    current = head;
    const { name, value } = variable;
    lines += value === undefined ? `\t${name}\n` : `\t${name} = ${quoted(withoutUserInfo(value))}\n`;
  }
  return lines;
}

const SECTIONS = new Set(['credential', 'include', 'includeif']);
const NAMES = /^(?:extraheader|cookiefile|sshcommand|askpass)$|(?:pass|passwd|password|token|secret)$/;

function isCredential({ section, subsection, name }: Variable): boolean {
  if (SECTIONS.has(section) || NAMES.test(name)) return true;
  return subsection !== undefined && withoutUserInfo(subsection) !== subsection;
}

/**
 * The text with its URLs as anybody may know them. Over HTTP the user's name is often the token; elsewhere
 * (`ssh://git@host`) only a password is a secret.
 */
export function withoutUserInfo(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*):\/\/([^/\s?#'"]*)@/gi, (_, scheme: string, userInfo: string) => {
    const user = /^(?:https?|ftps?)$/i.test(scheme) ? '' : (userInfo.split(':', 1)[0] ?? '');
    return `${scheme}://${user === '' ? '' : `${user}@`}`;
  });
}

function headOf({ section, subsection }: Variable): string {
  return subsection === undefined ? `[${section}]` : `[${section} "${subsection.replace(/["\\]/g, '\\$&')}"]`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\b': '\\b', '"': '\\"', '\\': '\\\\' };

const quoted = (value: string) => `"${value.replace(/[\n\t\b"\\]/g, (character) => ESCAPES[character] ?? '')}"`;

const HEAD = /\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\\n]|\\[^\n])*)")?\s*\]/y;
const NAME = /([A-Za-z][A-Za-z0-9-]*)[^\S\n]*(=?)[^\S\n]*/y;
const BLANK = /(?:\s|[#;][^\n]*)+/y;

function parseConfig(text: string): readonly Variable[] {
  const variables: Variable[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  let around: Pick<Variable, 'section' | 'subsection'> | undefined;
  for (take(BLANK); at < text.length; take(BLANK)) {
    const head = take(HEAD);
    if (head !== null) {
      around = sectionOf(head[1] ?? '', head[2]);
      continue;
    }
    const name = take(NAME);
    if (name === null || around === undefined)
      throw new SyntaxError(`line ${lineAt(text, at)} is no git configuration`);
    const value = name[2] === '=' ? readValue(text, at) : undefined;
    if (value !== undefined) at = value.end;
    variables.push({ ...around, name: (name[1] ?? '').toLowerCase(), value: value?.text });
  }
  return variables;
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length;

/** `[http.https://github.com/]` is the old way to write a subsection, its case lost. */
function sectionOf(name: string, subsection: string | undefined): Pick<Variable, 'section' | 'subsection'> {
  if (subsection !== undefined) return { section: name.toLowerCase(), subsection: subsection.replace(/\\(.)/g, '$1') };
  const [section = '', ...rest] = name.toLowerCase().split('.');
  return { section, subsection: rest.length === 0 ? undefined : rest.join('.') };
}

/** What a value is made of, one after the other. */
const VALUE_PART = /(?<space>[^\S\n]+)|\\(?<escaped>\r?\n|.)|(?<quote>")|(?<comment>[#;])|(?<plain>[^\s"\\#;]+)/sy;

interface Part {
  readonly space?: string;
  readonly escaped?: string;
  readonly quote?: string;
  readonly comment?: string;
  readonly plain?: string;
}

function partText({ space, escaped, comment, plain }: Part, keepsSpace: boolean, text: string, at: number): string {
  if (space !== undefined) return keepsSpace ? space : '';
  if (escaped !== undefined) return unescaped(escaped, text, at);
  return plain ?? comment ?? '';
}

/** A value to the end of its line: quotes keep white space, a backslash escapes, also the end of the line. */
function readValue(text: string, start: number): { readonly text: string; readonly end: number } {
  let value = '';
  let kept = 0;
  let isQuoted = false;
  let at = start;
  VALUE_PART.lastIndex = at;
  for (let found = VALUE_PART.exec(text); found !== null; found = VALUE_PART.exec(text)) {
    const part: Part = found.groups ?? {};
    if (part.comment !== undefined && !isQuoted) return { text: value.slice(0, kept), end: endOfLine(text, at) };
    at = VALUE_PART.lastIndex;
    if (part.quote !== undefined) isQuoted = !isQuoted;
    value += partText(part, isQuoted || value !== '', text, at);
    if (isQuoted || part.space === undefined) kept = value.length;
  }
  if (isQuoted) throw new SyntaxError(`line ${lineAt(text, start)} opens a quote that is not closed`);
  return { text: value.slice(0, kept), end: at };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

const UNESCAPED: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  b: '\b',
  '"': '"',
  '\\': '\\',
  '\n': '',
  '\r\n': '',
};

function unescaped(character: string, text: string, at: number): string {
  const meant = UNESCAPED[character];
  if (meant === undefined) throw new SyntaxError(`line ${lineAt(text, at)} has a backslash before ${character}`);
  return meant;
}
