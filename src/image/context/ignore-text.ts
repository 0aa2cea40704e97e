import type { Withheld } from './walk.ts';

/**
 * The ignore file that the builder is given: the user's lines, then our own, which decide as the last match.
 * `withheld` are the paths that were found and are not to be sent; the names they are found by are given besides, for
 * what is made between now and the build.
 */
export function ignoreText(lines: Buffer, withheld: readonly Withheld[]): Buffer {
  const own = [
    '# Never sent by this step:',
    ...['gha-creds-*.json', '.git'].flatMap((name) => [`**/${name}`, `**/${name}/**`]),
    ...withheld.map(({ path }) => escapePath(path.text)).flatMap((pattern) => [pattern, `${pattern}/**`]),
  ];
  return Buffer.concat([lines, Buffer.from(`\n${own.join('\n')}\n`)]);
}

/**
 * A pattern that takes this path alone, for old and new clients. What could act, in the ignore file or in Go's
 * expressions, gets a backslash; white space, which is trimmed from the ends of a line, goes into brackets; control
 * characters are escaped as in expressions, and a byte that is no part of UTF-8 is any one character.
 */
export function escapePath(text: string): string {
  return text
    .toWellFormed()
    .replace(/[!-.:-@[-`{-~]/g, '\\$&')
    .replace(/\p{Cc}/gu, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(/\s/gu, '[$&]')
    .replaceAll('\ufffd', '?');
}
