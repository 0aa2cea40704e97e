import { join } from 'node:path';
import type { Clock } from '../../retry.ts';
import type { Backend } from '../containers/backend.ts';
import type { Exchange } from '../http/server.ts';
import { keepJson, readJson } from '../life/kept-file.ts';
import type { UploadCourse } from '../models/uploads.ts';
import type { JobRecord } from '../resources/store.ts';
import { Simulation } from './backend.ts';
import { ShiftedClock } from './clock.ts';
import { Control } from './control.ts';
import { interceptor } from './intercept.ts';
import { simulatedName, specOf } from './simulated.ts';
import { keptState } from './state.ts';

/** What a service is made of that fails on demand. */
export interface Faults {
  readonly clock: Clock;
  readonly backend: Backend;
  /** Whether a job needs no engine. */
  simulates(record: JobRecord): boolean;
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
}

/** Prepares faults on demand, as an earlier process was left with in the folder. */
export function openFaults({ clock: base, folder }: FaultsOptions): Faults {
  const stateFile = join(folder, 'faults.json');
  const state = keptState(readJson(stateFile));
  const clock = new ShiftedClock(base, state.clock);
  const simulation = new Simulation({
    scriptOf: (name) => (Object.hasOwn(control.state.scripts, name) ? control.state.scripts[name] : undefined),
  });
  const control = new Control(clock, state, simulation, (changed) => keepJson(stateFile, changed));
  return {
    clock,
    backend: simulation,
    simulates: (record) => simulatedName(specOf(record)) !== undefined,
    uploads: () => control.state.conditions.uploads ?? {},
    intercept: (records) => interceptor({ control, clock, records }),
  };
}
