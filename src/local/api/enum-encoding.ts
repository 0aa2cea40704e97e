import { isRecord } from '../../json.ts';
import { enumSchema, type FieldSchema, messageSchema } from '../../vertex/schema.ts';

/**
 * Whether the answer is to hold enums by their numbers, as the system parameter `$alt` (or `alt`) asks for with
 * `json;enum-encoding=int`: Google's generated clients send it over REST, gcloud does not.
 */
export function wantsNumbers(query: URLSearchParams): boolean {
  const [format = '', ...options] = (query.get('$alt') ?? query.get('alt') ?? '').split(';');
  return format.trim() === 'json' && options.some((option) => option.trim() === 'enum-encoding=int');
}

function fieldValue(value: unknown, { type, repeated, key }: FieldSchema): unknown {
  if (repeated === true) return Array.isArray(value) ? value.map((item) => withNumbers(item, type)) : value;
  if (key === undefined) return withNumbers(value, type);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item, type)]));
}

/**
 * A message of the API in the form of answers, its enums by number. What is no enum stays as it is: so does a
 * google.protobuf.Value, such as a pipeline's inputs, whose content has no types.
 */
export function withNumbers(value: unknown, type: string): unknown {
  const numbers = enumSchema(type);
  if (numbers !== undefined) return typeof value === 'string' && Object.hasOwn(numbers, value) ? numbers[value] : value;
  const fields = messageSchema(type);
  if (fields === undefined || !isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, item]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return [name, field === undefined ? item : fieldValue(item, field)];
  });
  return Object.fromEntries(entries);
}

/** What the collections of resources hold. */
const MESSAGES: Readonly<Record<string, string>> = {
  customJobs: 'CustomJob',
  hyperparameterTuningJobs: 'HyperparameterTuningJob',
  trainingPipelines: 'TrainingPipeline',
  models: 'Model',
};

/** An answer about a collection, be it a resource, a list of them or neither, with its enums as the request's query asks for them. */
export function encoded(answer: unknown, collection: string, query: URLSearchParams): unknown {
  const type = Object.hasOwn(MESSAGES, collection) ? MESSAGES[collection] : undefined;
  if (type === undefined || !wantsNumbers(query) || !isRecord(answer)) return answer;
  const list = answer[collection];
  if (!Array.isArray(list)) return withNumbers(answer, type);
  return { ...answer, [collection]: list.map((item: unknown) => withNumbers(item, type)) };
}
