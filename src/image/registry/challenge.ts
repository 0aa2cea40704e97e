/** One way to sign in that a registry offers in WWW-Authenticate. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By their names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A parameter `name=token` or `name="text with \"escapes\""`, or the scheme that opens a challenge. */
const PIECE = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+)))?/y;
const BETWEEN = /[\s,]*/y;

/** The challenges of a WWW-Authenticate header (RFC 9110, 11.6.1); what follows something unreadable is left out. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Record<string, string> }[] = [];
  for (const { name, value } of piecesOf(header)) {
    if (value === undefined)
      challenges.push({ scheme: name, parameters: Object.create(null) as Record<string, string> });
    else {
      const last = challenges.at(-1);
      if (last !== undefined) last.parameters[name] ??= value;
    }
  }
  return challenges;
}

function* piecesOf(header: string): Generator<{ readonly name: string; readonly value: string | undefined }> {
  for (let at = 0; at < header.length; ) {
    BETWEEN.lastIndex = at;
    BETWEEN.exec(header);
    PIECE.lastIndex = BETWEEN.lastIndex;
    const match = PIECE.exec(header);
    if (match === null) return;
    const [, name = '', quoted, token] = match;
    if (quoted === undefined && token === undefined && header[PIECE.lastIndex] === '=') return;
    yield { name: name.toLowerCase(), value: quoted?.replace(/\\(.)/g, '$1') ?? token };
    at = PIECE.lastIndex;
  }
}
