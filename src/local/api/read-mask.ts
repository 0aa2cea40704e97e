import { isRecord } from '../../json.ts';
import { camelCase } from '../../vertex/schema.ts';

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

/** Only the fields that a read mask (`name,display_name`, either spelling) asks for; none asked for means all. */
export function masked(resource: object, mask: string | null): object {
  const paths = (mask ?? '').split(',').filter((path) => path.trim() !== '');
  if (paths.length === 0 || paths.includes('*')) return resource;
  const target: Record<string, unknown> = {};
  for (const path of paths) {
    copyPath(resource as Record<string, unknown>, target, path.trim().split('.').map(camelCase));
  }
  return target;
}
