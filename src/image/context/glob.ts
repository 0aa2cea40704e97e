/**
 * The check that Docker makes first: filepath.Match of the pattern and `.` must be no error. It looks at the part before
 * the first `*` alone, or at the next part as well where that one takes the point. Throws SyntaxError.
 */
export function checkGlob(pattern: string): void {
  const [first = [], second = []] = partsOf(pattern);
  if (checkPart(first)) checkPart(second);
}

/** The parts between stars, those in brackets left alone. */
function partsOf(pattern: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let inBrackets = false;
  // A backslash goes with what it escapes.
  for (const token of pattern.replace(/^\*+/, '').match(/\\.|\*+|./gsu) ?? []) {
    if (token.startsWith('*') && !inBrackets) parts.push([]);
    else parts.at(-1)?.push(...token);
    if (token === '[' || token === ']') inBrackets = token === '[';
  }
  return parts;
}

/** Whether the part takes `.` and nothing else. */
function checkPart(part: readonly string[]): boolean {
  let takes = false;
  let elements = 0;
  for (let at = 0; at < part.length; elements += 1) {
    const element = part[at] === '[' ? checkBrackets(part, at + 1) : checkCharacter(part, at);
    takes = element.takes;
    at = element.end;
  }
  return elements === 1 && takes;
}

interface Element {
  readonly takes: boolean;
  readonly end: number;
}

function checkCharacter(part: readonly string[], at: number): Element {
  const escaped = part[at] === '\\';
  const end = at + (escaped ? 2 : 1);
  if (end > part.length) throw new SyntaxError('a backslash ends it');
  return { takes: part[end - 1] === '.' || (!escaped && part[at] === '?'), end };
}

function checkBrackets(part: readonly string[], start: number): Element {
  const negated = part[start] === '^';
  let at = negated ? start + 1 : start;
  let takes = false;
  do {
    const from = readMember(part, at);
    const to = part[from.end] === '-' ? readMember(part, from.end + 1) : from;
    takes ||= from.point <= '.' && '.' <= to.point;
    at = to.end;
  } while (part[at] !== ']');
  return { takes: takes !== negated, end: at + 1 };
}

function readMember(part: readonly string[], at: number): { readonly point: string; readonly end: number } {
  const point = part[at];
  if (point === '-' || point === ']') throw new SyntaxError(`${point} stands in brackets without a backslash`);
  const end = at + (point === '\\' ? 2 : 1);
  // The closing bracket must still come.
  if (end >= part.length) throw new SyntaxError('a bracket is not closed');
  return { point: part[end - 1] ?? '', end };
}
