import { isRecord } from '../../json.ts';
import { StorageError } from './error.ts';

const TEXTS = ['contentType', 'contentEncoding', 'contentDisposition', 'contentLanguage', 'cacheControl'] as const;

/** What whoever writes an object may say of it, beside its content. */
export type Attributes = Readonly<Partial<Record<(typeof TEXTS)[number], string>>> & {
  /** Free keys and texts. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/** As much custom metadata as Cloud Storage takes, in bytes. https://cloud.google.com/storage/quotas#objects */
const MOST_METADATA = 8 * 1024;

const invalid = (message: string) => new StorageError(400, 'invalid', message);

/** A text that can stand in a header of an answer: the content's answer tells some of them there. */
function headerText(name: string, value: unknown): string {
  if (typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value)) return value;
  throw invalid(`Invalid value for ${name}: ${JSON.stringify(value)}`);
}

type Metadata = Readonly<Record<string, string>>;

function changedMetadata(before: Metadata, change: unknown): Metadata {
  if (change === null) return {};
  if (!isRecord(change)) throw invalid('Invalid value for metadata: an object is expected.');
  const after = new Map(Object.entries(before));
  for (const [key, value] of Object.entries(change)) {
    if (value === null) after.delete(key);
    else after.set(key, String(value));
  }
  const metadata = Object.fromEntries(after);
  if (Buffer.byteLength(JSON.stringify(metadata)) > MOST_METADATA) throw invalid('The metadata is larger than 8 KiB.');
  return metadata;
}

/**
 * The attributes of an object after a change as `objects.patch` takes it: what is null is removed, what is not named
 * stays. Fields that this service does not keep are left out. Throws StorageError.
 */
export function changedAttributes(before: Attributes, change: unknown): Attributes {
  if (change === undefined) return before;
  if (!isRecord(change)) throw invalid('An object is expected.');
  const texts = TEXTS.flatMap((name) => {
    const value = change[name] === undefined ? before[name] : change[name];
    return value === undefined || value === null || value === '' ? [] : [[name, headerText(name, value)]];
  });
  const { metadata: former = {} } = before;
  const metadata = change['metadata'] === undefined ? former : changedMetadata(former, change['metadata']);
  return { ...Object.fromEntries(texts), ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
}
