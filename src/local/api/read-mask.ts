import { isRecord } from '../../json.ts';
import { camelCase, messageSchema } from '../../vertex/schema.ts';
import { ApiError } from './errors.ts';

function copyPath(source: Record<string, unknown>, target: Record<string, unknown>, path: readonly string[]): void {
  const [first, ...rest] = path;
  if (first === undefined || !Object.hasOwn(source, first)) return;
  const value = source[first];
  if (rest.length === 0 || !isRecord(value)) {
    target[first] = value;
    return;
  }
  const inner = isRecord(target[first]) ? target[first] : {};
  target[first] = inner;
  copyPath(value, inner, rest);
}

const pathsOf = (mask: string | null) => (mask ?? '').split(',').filter((path) => path.trim() !== '');
const partsOf = (path: string) => path.trim().split('.').map(camelCase);

/** Whether messages of that type have the field; what those of Google's common types hold is not looked into. */
function isField([first, ...rest]: readonly string[], type: string): boolean {
  const fields = messageSchema(type);
  if (first === undefined) return true;
  if (fields === undefined) return type.startsWith('google.');
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (field === undefined) return false;
  // Only a whole list can be asked for (google.protobuf.FieldMask).
  if (field.repeated === true) return rest.length === 0;
  return field.key === undefined ? isField(rest, field.type) : rest.length <= 1;
}

/** Throws INVALID_ARGUMENT where a read mask names a field that the message of that name has not. */
export function checkMask(mask: string | null, message: string): void {
  const unknown = pathsOf(mask).filter((path) => path.trim() !== '*' && !isField(partsOf(path), message));
  if (unknown.length === 0) return;
  const names = unknown.map((path) => JSON.stringify(path.trim())).join(', ');
  throw new ApiError('INVALID_ARGUMENT', `Invalid read_mask: ${names} is no field of ${message}.`);
}

/** Only the fields that a read mask (`name,display_name`, either spelling) asks for; none asked for means all. */
export function masked(resource: object, mask: string | null): object {
  const paths = pathsOf(mask);
  if (paths.length === 0 || paths.some((path) => path.trim() === '*')) return resource;
  const target: Record<string, unknown> = {};
  for (const path of paths) copyPath(resource as Record<string, unknown>, target, partsOf(path));
  return target;
}
