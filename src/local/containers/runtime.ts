import type { Clock } from '../../retry.ts';
import { timestampOf } from '../api/timestamps.ts';
import type { Left } from '../life/left.ts';
import type { LogStore } from '../logging/store.ts';
import type { Journal } from '../resources/journal.ts';
import type { JobRecord } from '../resources/store.ts';
import type { ResourceFields } from '../resources/types.ts';
import type { Folders } from '../storage/folders.ts';
import type { Backend } from './backend.ts';
import type { Engine } from './engine/engine.ts';
import type { Networks } from './engine/networks.ts';

/** What the runners of jobs stand on. */
export interface Runtime {
  readonly backend: Backend;
  /** Present where the jobs are to outlive this process. */
  readonly journal: Journal | undefined;
  readonly engine: Engine;
  readonly networks: Networks;
  /** What an earlier process of the service left on the engine; undefined where there was none. */
  readonly left: Left | undefined;
  readonly clock: Clock;
  readonly logs: LogStore;
  readonly folders: Folders;
  /** Marks this service's containers and networks. */
  readonly instance: string;
  /** Docker's config.json with the registries' credentials, if there is one. */
  readonly dockerConfig: string | undefined;
  /** Between the request to end and the kill. The real service's grace is not documented. */
  readonly graceSeconds: number;
}

/** Puts a new version of the resource in the record, with the time of the change. */
export function update<R extends ResourceFields>(runtime: Runtime, record: JobRecord<R>, change: Partial<R>): void {
  const whole = { ...change, updateTime: timestampOf(runtime.clock.now()) };
  record.resource = { ...record.resource, ...whole };
  runtime.journal?.changed(record, whole);
}

/** A timer holds at most 2^31 milliseconds (24 days). */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

/** `clock.sleep` for any length of time. */
export async function sleepLong(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const end = clock.now() + ms;
  for (let left = ms; left > 0; left = end - clock.now()) {
    await clock.sleep(Math.min(left, LONGEST_SLEEP_MS), signal);
  }
}
