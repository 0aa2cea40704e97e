import { messageOf } from '../../faults.ts';
import { ApiError } from '../api/errors.ts';

/** As much of a broken line as is shown on either side of the place where it breaks. */
const SHOWN = 60;

/** The line where the text breaks with a mark below, where JSON.parse has told the place. */
function mark(text: string, told: string): string {
  const position = /at position (\d+)/.exec(told)?.[1];
  if (position === undefined) return '';
  const at = Number(position);
  const before = (
    text
      .slice(0, at)
      .split(/[\r\n]/)
      .at(-1) ?? ''
  ).slice(-SHOWN);
  const after = (text.slice(at).split(/[\r\n]/)[0] ?? '').slice(0, SHOWN);
  return `\n${before}${after}\n${' '.repeat(before.length)}^`;
}

/** A request's JSON. Throws INVALID_ARGUMENT in the words of Google's front end. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const told = messageOf(error);
    const what = told.includes('end of JSON input') ? 'Unexpected end of string.' : 'Unexpected token.';
    throw new ApiError('INVALID_ARGUMENT', `Invalid JSON payload received. ${what}${mark(text, told)}`);
  }
}
