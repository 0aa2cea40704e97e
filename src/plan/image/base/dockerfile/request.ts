import type { Fault } from '../../../../faults.ts';
import type { AcceleratorType } from '../../../../vertex/types.ts';
import type { Requirements } from '../../requirements/types.ts';
import type { Framework } from '../types.ts';

export interface DockerfileRequest {
  /** Path of the Dockerfile, relative to the workspace. */
  readonly dockerfile: string;
  readonly text: string;
  /** Every build argument, BASE_IMAGE with the chosen base included. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage that is built; undefined is the last. */
  readonly target: string | undefined;
  /** All that the image will meet; none without accelerators. */
  readonly accelerators: readonly AcceleratorType[];
  readonly requirements: Requirements | undefined;
  /** Those that `chooseBase` recognised. */
  readonly frameworks: readonly Framework[];
  /** `base_image`; undefined where the base in BASE_IMAGE was chosen here, and has been judged. */
  readonly asked: string | undefined;
  /** Whether the Dockerfile or the repository compiles CUDA code. */
  readonly compilesCuda: boolean;
}

export interface DockerfileVerdict {
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}
