import { messageOf } from '../../faults.ts';
import { ApiError } from '../api/errors.ts';

/** As much of a broken line as is shown before the place where it breaks. */
const SHOWN = 60;

/** Where JSON.parse stopped, in characters from the start. */
function breakIn(text: string, error: unknown): number {
  const position = /at position (\d+)/.exec(messageOf(error))?.[1];
  return position === undefined ? text.length : Number(position);
}

/** A request's JSON. Throws INVALID_ARGUMENT in the words of Google's front end, with the line and a mark where it breaks. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const at = breakIn(text, error);
    const what = at >= text.trimEnd().length ? 'Unexpected end of string.' : 'Unexpected token.';
    const before = (
      text
        .slice(0, at)
        .split(/[\r\n]/)
        .at(-1) ?? ''
    ).slice(-SHOWN);
    const after = (text.slice(at).split(/[\r\n]/)[0] ?? '').slice(0, SHOWN);
    const message = `Invalid JSON payload received. ${what}\n${before}${after}\n${' '.repeat(before.length)}^`;
    throw new ApiError('INVALID_ARGUMENT', message);
  }
}
