import type { CustomJob } from '../../../vertex/types.ts';
import type { LogSource } from '../../logging/store.ts';
import type { JobRecord } from '../../resources/store.ts';
import type { JobContext } from '../replica/environment.ts';
import type { Runtime } from '../runtime.ts';

/** All replicas of a job, to be run. */
export interface PoolsRun {
  readonly record: JobRecord<CustomJob>;
  readonly job: JobContext;
  /** Whose log the output goes to. */
  readonly source: Omit<LogSource, 'task'>;
  readonly withGpus: boolean;
  readonly signal: AbortSignal;
  /** Called when all replicas have been started, each time that they are. */
  readonly onRunning: () => void;
}

/** The job's own log gets what a restart is about. */
export function warn(runtime: Runtime, run: PoolsRun, text: string): void {
  runtime.logs.service(run.source, text, 'WARNING');
}
