import { camelCase } from '../../vertex/schema.ts';
import { ApiError } from './errors.ts';

type Reader<R> = (resource: R) => string | undefined;

function refused(text: string, fields: object): ApiError {
  const known = Object.keys(fields).join(', ');
  return new ApiError(
    'INVALID_ARGUMENT',
    `Invalid order_by ${JSON.stringify(text)}: it takes ${known}, with asc or desc.`,
  );
}

/**
 * The order that a list request's `orderBy` (`display_name, create_time desc`) describes, for Array.sort; undefined where
 * it names none. `fields` are those that the method takes, by their camelCase names; times sort as their RFC 3339 texts.
 * Throws INVALID_ARGUMENT.
 */
export function resourceOrder<R>(
  text: string,
  fields: Readonly<Record<string, Reader<R>>>,
): ((left: R, right: R) => number) | undefined {
  if (text.trim() === '') return undefined;
  const keys = text.split(',').map((part) => {
    const [, name = '', direction = 'asc'] = /^([a-zA-Z_]+)(?:\s+(asc|desc))?$/.exec(part.trim()) ?? [];
    const field = camelCase(name);
    const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (read === undefined) throw refused(text, fields);
    return { read, sign: direction === 'desc' ? -1 : 1 };
  });
  return (left, right) => {
    for (const { read, sign } of keys) {
      const [one = '', other = ''] = [read(left), read(right)];
      if (one !== other) return one < other ? -sign : sign;
    }
    return 0;
  };
}
