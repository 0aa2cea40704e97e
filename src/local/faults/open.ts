import { join } from 'node:path';
import type { Clock } from '../../retry.ts';
import type { Backend } from '../containers/backend.ts';
import type { Exchange } from '../http/server.ts';
import type { EarlierLog } from '../logging/store.ts';
import type { UploadCourse } from '../models/uploads.ts';
import type { Journal, Kept } from '../resources/journal.ts';
import type { JobRecord } from '../resources/store.ts';
import { isTerminal } from '../resources/types.ts';
import { Simulation } from './backend.ts';
import { ShiftedClock } from './clock.ts';
import { Control } from './control.ts';
import { readEarlierLog } from './earlier-log.ts';
import { interceptor } from './intercept.ts';
import { FileJournal, keepJson, readJournal, readJson } from './keep.ts';
import { simulatedName, specOf } from './simulated.ts';
import { keptState } from './state.ts';

/** What a service is made of that fails on demand. */
export interface Faults {
  readonly clock: Clock;
  readonly backend: Backend;
  readonly journal: Journal;
  /** What an earlier process of the service left in its folder. */
  readonly kept: Kept;
  readonly earlierLog: EarlierLog | undefined;
  /** How an upload goes that begins now. */
  uploads(): UploadCourse;
  /** Answers the requests; `records` gives all jobs that lists can tell of. */
  intercept(records: () => readonly JobRecord[]): (exchange: Exchange) => Promise<void>;
}

/** The service that is to fail on demand. */
export interface FaultsOptions {
  readonly clock: Clock;
  /** The service's data folder. */
  readonly folder: string;
  /** The file of its log entries. */
  readonly logFile: string;
  /** This process's mark on the engine. */
  readonly instance: string;
}

/** Prepares faults on demand, and takes up what an earlier process left in the folder. */
export async function openFaults({ clock: base, folder, logFile, instance }: FaultsOptions): Promise<Faults> {
  const stateFile = join(folder, 'faults.json');
  const journalFile = join(folder, 'jobs.ndjson');
  const state = keptState(readJson(stateFile));
  const kept = readJournal(journalFile);
  const live = kept.records.filter(({ resource }) => !isTerminal(resource));
  const inContainers = live
    .filter(({ listed, collection }) => listed && collection !== 'trainingPipelines')
    .filter(isInContainers);
  const clock = new ShiftedClock(base, state.clock);
  const simulation = new Simulation({
    scriptOf: (name) => (Object.hasOwn(control.state.scripts, name) ? control.state.scripts[name] : undefined),
    lost: new Set(inContainers),
    earlierInstance: kept.instance,
  });
  const control = new Control(clock, state, simulation, (changed) => keepJson(stateFile, changed));
  return {
    clock,
    backend: simulation,
    journal: new FileJournal(journalFile, instance),
    kept,
    earlierLog: await readEarlierLog(logFile, new Set(live.map(({ id }) => id))),
    uploads: () => control.state.conditions.uploads ?? {},
    intercept: (records) => interceptor({ control, clock, records }),
  };
}

function isInContainers(record: JobRecord): boolean {
  return simulatedName(specOf(record)) === undefined;
}
