import { noObject, StorageError } from './error.ts';
import type { FileFacts } from './files.ts';
import { generationOf, METAGENERATION } from './resource.ts';

const notMet = (header: string) =>
  new StorageError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', {
    where: { locationType: 'header', location: header },
  });

/**
 * Checks what a request asks of the object that it means. Tells whether the object is to be answered with; false where
 * the caller has it already. Throws StorageError.
 */
export function isToBeSent(
  query: URLSearchParams,
  { bucket, name }: { readonly bucket: string; readonly name: string },
  facts: FileFacts,
): boolean {
  const generation = generationOf(facts);
  const asked = (key: string) => query.get(key) ?? undefined;
  const differs = (key: string, value: string) => asked(key) !== undefined && asked(key) !== value;
  // No generation but the live one is kept.
  if (differs('generation', generation)) throw noObject(bucket, name);
  if (differs('ifGenerationMatch', generation) || differs('ifMetagenerationMatch', METAGENERATION)) {
    throw notMet('If-Match');
  }
  return asked('ifGenerationNotMatch') !== generation && asked('ifMetagenerationNotMatch') !== METAGENERATION;
}
