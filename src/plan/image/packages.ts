import { normalize } from 'node:path/posix';
import type { FileView } from '../../inputs/files.ts';
import { imageFiles } from '../code/dockerfile/image-files.ts';
import { readStages } from '../code/dockerfile/stages.ts';
import { namedRequirements } from '../code/install/named.ts';
import { type RequirementsRead, readRequirements } from './requirements/read.ts';

export interface PackagesRequest {
  readonly files: FileView;
  /** Relative to the workspace. */
  readonly context: string;
  /** Relative to the workspace. */
  readonly dockerfile: string;
  /** Undefined where there is none. */
  readonly dockerfileText: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly target: string | undefined;
}

/** The Python packages of the image: those that its Dockerfile installs where it can be read, else the repository's. */
export function readPackages(request: PackagesRequest): RequirementsRead {
  return readRequirements(request.files, { folder: normalize(request.context), named: namedIn(request) });
}

function namedIn({ files, context, dockerfile, dockerfileText, buildArgs, target }: PackagesRequest) {
  const built =
    dockerfileText === undefined ? undefined : readStages(dockerfileText, Object.fromEntries(buildArgs), target)?.built;
  if (built === undefined) return undefined;
  const path = normalize(dockerfile);
  return namedRequirements(built, (stage) => imageFiles(files, stage, normalize(context), path), path);
}
