import { type Fault, InputError, messageOf, shown } from '../../faults.ts';
import type { IgnoreRule } from './matcher.ts';
import { cleanPath, decode } from './paths.ts';
import { compilePattern } from './pattern.ts';

/** Go's bufio.Scanner, which Docker reads the file with, refuses a longer line. */
const LONGEST_LINE = 64 * 1024 - 1;

const BOM = '\ufeff';

/**
 * The rules of an ignore file, read as BuildKit reads it (moby/patternmatcher, ignorefile.go). `name` is the file in
 * messages. Throws InputError with every line that is no pattern.
 */
export function readIgnoreFile(bytes: Buffer, name: string): readonly IgnoreRule[] {
  const faults: Fault[] = [];
  const rules = decode(bytes)
    .toWellFormed()
    .split('\n')
    .flatMap((line, index) => {
      const fault = (message: string) => {
        const place = { file: name, line: index + 1 };
        faults.push({ rule: 'ignore-pattern', place, message: `the pattern ${shown(line.trim())} ${message}` });
        return [];
      };
      if (Buffer.byteLength(line) > LONGEST_LINE) return fault(`is longer than ${LONGEST_LINE} bytes. Shorten it.`);
      try {
        return readRule(index === 0 && line.startsWith(BOM) ? line.slice(1) : line);
      } catch (error) {
        return fault(`is refused by Docker: ${messageOf(error)}. Mend or remove it.`);
      }
    });
  if (faults.length > 0) throw new InputError(faults);
  return rules;
}

/** White space as Go's strings.TrimSpace knows it: U+0085 belongs to it, U+FEFF does not. */
const trimSpace = (text: string) =>
  text.replace(/^(?:(?!\ufeff)[\s\u0085])+/, '').replace(/(?:(?!\ufeff)[\s\u0085])+$/, '');

// biome-ignore lint/suspicious/noControlCharactersInRegex: clients are given patterns as HTTP/2 headers, and take none
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/** The rule of a line; none where it is empty or a comment. */
function readRule(line: string): readonly IgnoreRule[] {
  if (line.startsWith('#')) return [];
  const text = trimSpace(line);
  if (text === '') return [];
  const inverted = text.startsWith('!');
  const path = withoutRoot(inverted ? trimSpace(text.slice(1)) : text);
  if (CONTROL.test(path)) throw new SyntaxError('it holds a control character');
  // The walker takes the line apart once more, so that `/!name` is an exception as well.
  const pattern = cleanPath(trimSpace(inverted ? `!${path}` : path));
  if (!pattern.startsWith('!')) return [{ pattern, exception: false, matches: compilePattern(pattern) }];
  const excepted = pattern.slice(1);
  if (excepted === '') throw new SyntaxError('an exception needs a pattern behind the exclamation mark');
  return [{ pattern: excepted, exception: true, matches: compilePattern(excepted) }];
}

function withoutRoot(pattern: string): string {
  if (pattern === '') return '';
  const clean = cleanPath(pattern);
  return clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
}
