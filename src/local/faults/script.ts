import type { JobStateWord } from '../../vertex/types.ts';
import type { JobErrorReason } from './refusals.ts';

// Times are milliseconds, and whole; those of events count from the start of the program.

/** What a preemption does: the replica alone starts again, or the whole job does, or the job fails. */
export type PreemptedHow = 'replica' | 'job' | 'fail';

/** Something that a simulated program does; each event does one thing. */
export interface ProgramEvent {
  readonly atMs?: number | undefined;
  /** Lines on an output; `{n}` in them is the repetition's number, from 1. */
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** A log entry of any form, past stdout and stderr. */
  readonly entry?:
    | {
        readonly severity?: string | undefined;
        readonly textPayload?: string | undefined;
        readonly jsonPayload?: Readonly<Record<string, unknown>> | undefined;
        /** The entry comes late: its time lies so many milliseconds before that of the event. */
        readonly agoMs?: number | undefined;
      }
    | undefined;
  /** Values by metric, reported through the hypertune file: numbers, or what Python writes for others (`nan`). */
  readonly measure?: Readonly<Record<string, number | string>> | undefined;
  readonly step?: number | undefined;
  /**
   * A file below the job's or the trial's output folder, written at this time by the service's clock: `model/weights.bin`.
   * Nothing where the job has no such folder.
   */
  readonly write?: { readonly path: string; readonly text: string } | undefined;
  /** The replica's machine is taken: it alone starts again, or the whole job does, or the job fails. */
  readonly preempt?: PreemptedHow | undefined;
  /** The event happens so often, once when left out. */
  readonly times?: number | undefined;
  /** Between two repetitions. */
  readonly everyMs?: number | undefined;
}

/** How a replica's program ends by itself. */
export interface ProgramExit {
  /** When left out, with the last event. */
  readonly atMs?: number | undefined;
  readonly code?: number | undefined;
  readonly outOfMemory?: boolean | undefined;
}

/** What a replica's program does. The first program counts whose `trial`, `replica` and `attempt` fit, if given. */
export interface Program {
  /** A trial's id. */
  readonly trial?: string | undefined;
  /** `workerpool0-0` */
  readonly replica?: string | undefined;
  /** 1 is the first start, 2 the one after a preemption. */
  readonly attempt?: number | undefined;
  readonly events?: readonly ProgramEvent[] | undefined;
  /** Code 0 with the last event when left out. */
  readonly exit?: ProgramExit | 'never' | undefined;
}

/** States that a script may end a job in, without the prefix. */
export const END_STATES = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'] as const;

/** How the platform ends a job. */
export interface ScriptedEnd {
  readonly state: (typeof END_STATES)[number] & JobStateWord;
  readonly reason?: JobErrorReason | undefined;
  /** Quota metrics without the service's name, for the reason `quota`. */
  readonly metrics?: readonly string[] | undefined;
  /** In place of a reason. */
  readonly error?: { readonly code: number; readonly message: string } | undefined;
}

/** What the platform does to a job by itself: a state that it shows, or its end. */
export interface Turn {
  /** Counted from the job's creation. */
  readonly atMs: number;
  /** A custom or tuning job, those of pipelines too, when left out. */
  readonly of?: 'job' | 'pipeline' | undefined;
  /** Without the prefix, or a wire number; any word is taken. */
  readonly state?: string | number | undefined;
  readonly end?: ScriptedEnd | undefined;
}

/** The whole course of the jobs whose image is `simulated/NAME`. */
export interface Script {
  /** In QUEUED, from the creation on; 0 when left out. */
  readonly queuedMs?: number | 'forever' | undefined;
  /** In PENDING after that, and again for each trial's own job; 0 when left out. */
  readonly pendingMs?: number | 'forever' | undefined;
  /** From the loss of a machine to the new start; 0 when left out. */
  readonly restartMs?: number | undefined;
  /** In CANCELLING; 0 when left out. */
  readonly cancelMs?: number | undefined;
  readonly turns?: readonly Turn[] | undefined;
  readonly programs?: readonly Program[] | undefined;
}
