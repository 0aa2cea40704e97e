import { join } from 'node:path';
import { Notes } from './notes.ts';
import { Objects } from './objects.ts';
import { Sessions } from './sessions.ts';
import { Writer } from './writer.ts';

/** Cloud Storage on this machine's files. */
export interface Storage {
  readonly objects: Objects;
  readonly writer: Writer;
  readonly sessions: Sessions;
}

/** `gcs` holds a folder for each bucket, `uploads` what is not yet whole; neither need be there yet. */
export function openStorage(gcs: string, uploads: string): Storage {
  const notes = new Notes(join(uploads, 'notes.ndjson'));
  const objects = new Objects(gcs, notes);
  const writer = new Writer(gcs, uploads, objects, notes);
  return { objects, writer, sessions: new Sessions(writer) };
}
