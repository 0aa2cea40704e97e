import { noObject, StorageError } from './error.ts';
import type { FileFacts } from './files.ts';
import type { Note, ObjectName } from './notes.ts';
import { generationOf, metagenerationOf } from './resource.ts';

/** What an object is at the moment. */
interface Current {
  readonly facts: FileFacts;
  readonly note: Note;
}

const notMet = (header: string) =>
  new StorageError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', {
    where: { locationType: 'header', location: header },
  });

/**
 * Checks what a request asks of the object that it means. Tells whether the object is to be answered with; false where
 * the caller has it already. Throws StorageError.
 */
export function isToBeSent(query: URLSearchParams, { bucket, name }: ObjectName, { facts, note }: Current): boolean {
  const [generation, metageneration] = [generationOf(facts), metagenerationOf(note)];
  const asked = (key: string) => query.get(key) ?? undefined;
  const differs = (key: string, value: string) => asked(key) !== undefined && asked(key) !== value;
  // No generation but the live one is kept.
  if (differs('generation', generation)) throw noObject(bucket, name);
  if (differs('ifGenerationMatch', generation) || differs('ifMetagenerationMatch', metageneration)) {
    throw notMet('If-Match');
  }
  return asked('ifGenerationNotMatch') !== generation && asked('ifMetagenerationNotMatch') !== metageneration;
}

/**
 * Checks what a request asks of the object in whose place another is to be put, or of there being none (generation 0).
 * Throws StorageError.
 */
export function mustBeReplaceable(query: URLSearchParams, current: Current | undefined): void {
  const generation = current === undefined ? '0' : generationOf(current.facts);
  const metageneration = current === undefined ? undefined : metagenerationOf(current.note);
  const asked = (key: string) => query.get(key) ?? undefined;
  const differs = (key: string, value: string | undefined) => asked(key) !== undefined && asked(key) !== value;
  const equals = (key: string, value: string | undefined) => asked(key) !== undefined && asked(key) === value;
  if (differs('ifGenerationMatch', generation) || differs('ifMetagenerationMatch', metageneration)) {
    throw notMet('If-Match');
  }
  if (equals('ifGenerationNotMatch', generation) || equals('ifMetagenerationNotMatch', metageneration)) {
    throw notMet('If-None-Match');
  }
}
