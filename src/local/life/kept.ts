import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readEarlierLog } from '../logging/earlier-log.ts';
import type { EarlierLog } from '../logging/store.ts';
import { FileJournal } from '../resources/file-journal.ts';
import type { Kept } from '../resources/journal.ts';
import { readJournal } from '../resources/read-journal.ts';
import { isTerminal } from '../resources/types.ts';
import type { DataFolder } from './data-folder.ts';

/** What a service begins with. */
export interface Beginning {
  /** Its mark on the engine's containers and networks, the same each time that it is started on a folder. */
  readonly instance: string;
  /** What an earlier process of it left. */
  readonly kept: Kept;
  readonly log: EarlierLog | undefined;
  /** Undefined where nothing will be found again. */
  readonly journal: FileJournal | undefined;
}

interface BeginOptions {
  readonly data: DataFolder;
  readonly logFile: string;
  readonly onNote: (text: string) => void;
}

/** Takes up what an earlier process of the service left in its folder. Throws UserError where that cannot be read. */
export async function begin({ data, logFile, onNote }: BeginOptions): Promise<Beginning> {
  const fresh = randomBytes(8).toString('hex');
  if (!data.isKept) {
    return { instance: fresh, kept: { records: [], models: [], operations: [] }, log: undefined, journal: undefined };
  }
  const file = join(data.path, 'jobs.ndjson');
  const { instance = fresh, ...kept } = readJournal(file, onNote);
  const live = kept.records.filter(({ resource }) => !isTerminal(resource));
  const log = await readEarlierLog(logFile, new Set(live.map(({ id }) => id)));
  return { instance, kept, log, journal: new FileJournal(file, instance, kept) };
}
