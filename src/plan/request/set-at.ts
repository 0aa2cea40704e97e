type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A copy of `object` with `value` at a dotted path of fields; what lies on the way and is no object is replaced. */
export function setAt(object: unknown, path: string, value: unknown): Json {
  const [field = '', ...rest] = path.split('.');
  const own = isObject(object) ? object : {};
  return { ...own, [field]: rest.length === 0 ? value : setAt(own[field], rest.join('.'), value) };
}
