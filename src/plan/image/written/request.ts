import type { FileView } from '../../../inputs/files.ts';
import type { BaseImage } from '../base/types.ts';
import type { Requirements } from '../requirements/types.ts';

/** What a Dockerfile is written from. */
export interface WrittenRequest {
  readonly files: FileView;
  /** The build context, relative to the workspace; `.` is its root. */
  readonly context: string;
  /** containerSpec.command of the job: where given, the job starts the program itself. */
  readonly command: readonly string[];
  /** Undefined where no file of the repository names packages. */
  readonly requirements: Requirements | undefined;
  /** The base that is taken: where the registry lacks the first candidate, the file is written anew for the next. */
  readonly base: WrittenBase;
  /** The Python to install where the base has none: `3.12`, or `3.12.4`. */
  readonly python: string;
  /** A tuning job: its programs report metrics with cloudml-hypertune. */
  readonly tuning: boolean;
  /** Ids of the build secrets that the build is given. */
  readonly secrets: readonly string[];
  readonly gpu: boolean;
}

/** What the writer has to know of the base image. */
export type WrittenBase = Pick<BaseImage, 'image' | 'bringsPython'>;

export interface WrittenDockerfile {
  readonly text: string;
  /** What ENTRYPOINT starts, in words. */
  readonly program: string;
  /** What was decided on the way, a sentence each. */
  readonly notes: readonly string[];
}

/** Where the context lies in the image. */
export const APP = '/app';
/** The environment that packages are installed into. */
export const VENV = '/opt/venv';
