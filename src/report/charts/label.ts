import { harmless, splitLines } from '../../log.ts';

/** What Mermaid may read as more than text, in any of its grammars or in its reading of comments, directives and entities. */
const SIGNS = /[!-'*:-<>-@[-^`{-~]/g;
const FULL_WIDTH = 0xfee0;

/**
 * Text from outside as it may stand between double quotes in a Mermaid diagram. Every ASCII sign but `( ) + , - . / = _` is
 * drawn in its full-width form (U+FF01 to U+FF5E), which no grammar reads: quotes, brackets, `#`, `;`, `%`, `:`, `\`, HTML
 * and Markdown stay what they look like. One line of at most `length` characters, never empty.
 */
export function label(text: string, length = 32): string {
  const line = splitLines(text).map(harmless).join(' ').toWellFormed().replace(/\s+/gu, ' ').trim();
  const shown = line.replace(SIGNS, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + FULL_WIDTH));
  const signs = [...shown];
  return (signs.length > length ? `${signs.slice(0, length - 1).join('')}…` : shown) || '?';
}

/** The same in quotes. */
export const quoted = (text: string, length?: number) => `"${label(text, length)}"`;
