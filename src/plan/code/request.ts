import type { Fault } from '../../faults.ts';
import type { FileView } from '../../inputs/files.ts';

export type { FileView } from '../../inputs/files.ts';

export interface CodeRequest {
  readonly files: FileView;
  /** Path of the Dockerfile, relative to the workspace. */
  readonly dockerfile: string;
  /** The build context, relative to the workspace. */
  readonly context: string;
  /** Every build argument, BASE_IMAGE included. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage that is built (`--target`); undefined is the last. */
  readonly target: string | undefined;
  /** containerSpec.command; empty is the image's ENTRYPOINT. */
  readonly command: readonly string[];
  /** containerSpec.args; empty is the image's CMD. */
  readonly args: readonly string[];
  /** Metric and parameter ids of a tuning job. */
  readonly study: { readonly metrics: readonly string[]; readonly parameters: readonly string[] } | undefined;
  /** Undefined where nothing is read of it. */
  readonly outputs?: Outputs | undefined;
}

/** What is read of the job once it has ended. */
export interface Outputs {
  /** Whether a model is uploaded or downloaded. */
  readonly model: boolean;
  /** Path of the metrics file below the output folder. */
  readonly metricsFile: string | undefined;
  /** What the program is told beside its arguments: values of variables, of the job's and of the image's. */
  readonly texts: readonly string[];
}

export interface CodeVerdict {
  /** What surely fails, or surely spends money for nothing. */
  readonly errors: readonly Fault[];
  /** What looks wrong. */
  readonly warnings: readonly Fault[];
  /** Tags that a tuning job's program was seen to report, in code that may not be the whole of it. */
  readonly tagsInCode: readonly string[];
}

/** A fault and how sure it is. */
export interface Finding {
  readonly sure: boolean;
  readonly fault: Fault;
}

export function surely(fault: Fault): Finding {
  return { sure: true, fault };
}

export function perhaps(fault: Fault): Finding {
  return { sure: false, fault };
}
