import type { Fault } from '../../faults.ts';
import type { FileView } from '../../inputs/files.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import { readDockerfile } from '../dockerfile.ts';
import type { BaseChoice, BaseImage } from './base/types.ts';
import type { Requirements } from './requirements/types.ts';
import type { PlannedDockerfile } from './types.ts';
import { type Written, writeDockerfile } from './written/write.ts';

export interface SourceRequest {
  readonly inputs: Pick<Inputs, 'context' | 'dockerfile' | 'build'>;
  readonly files: FileView;
  /** Text of the Dockerfile; undefined where there is none. */
  readonly dockerfileText: string | undefined;
  readonly dockerfileRefused?: boolean | undefined;
  /** containerSpec.command of the job. */
  readonly command: readonly string[];
  readonly tuning: boolean;
  readonly requirements: Requirements | undefined;
  readonly choice: BaseChoice;
  readonly gpu: boolean;
}

/** The Dockerfile that is built: the repository's, or one that is written. */
export interface Source {
  readonly dockerfile: PlannedDockerfile;
  readonly takesBase: boolean;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

export function sourceOf(request: SourceRequest): Source {
  const { inputs, dockerfileText } = request;
  if (request.dockerfileRefused) return nothing(inputs.dockerfile, []);
  if (dockerfileText !== undefined) return given(request, dockerfileText);
  return inputs.build.dockerfileGiven || inputs.build.target !== undefined ? missing(inputs) : written(request);
}

function given({ inputs, choice }: SourceRequest, text: string): Source {
  const path = inputs.dockerfile;
  const { takesBaseImage: takesBase, finalFrom } = readDockerfile(text);
  const dockerfile = { path, text, written: undefined };
  if (finalFrom === undefined) {
    const empty = { path, text: '', written: undefined };
    const message = 'the Dockerfile has no FROM with an image. Begin it with one.';
    const error: Fault = { rule: 'dockerfile-from', place: { file: path, line: 1 }, message };
    return { dockerfile: empty, takesBase, errors: [error], warnings: [] };
  }
  const { image } = choice.candidates[0];
  const message = `the Dockerfile does not take BASE_IMAGE and is built as written, not on ${image}. To use it, write ARG BASE_IMAGE=… and FROM \${BASE_IMAGE}.`;
  const unused: Fault = { rule: 'base-image-unused', place: { file: path, line: finalFrom.line }, message };
  return { dockerfile, takesBase, errors: [], warnings: takesBase ? [] : [unused] };
}

function missing({ dockerfile, context, build }: SourceRequest['inputs']): Source {
  const asked = build.dockerfileGiven ? '' : ', and target names a stage of it';
  const message = `there is no Dockerfile at ${dockerfile} (context ${context})${asked}. Name it, relative to the workspace, and check the repository out before this step.`;
  return nothing(dockerfile, [{ rule: 'dockerfile-missing', input: 'dockerfile', message }]);
}

const nothing = (path: string, errors: readonly Fault[]): Source => ({
  dockerfile: { path, text: '', written: undefined },
  takesBase: true,
  errors,
  warnings: [],
});

function written(request: SourceRequest): Source {
  const { inputs, choice } = request;
  const [first, ...others] = choice.candidates;
  const { dockerfile, errors, warnings } = writeFor(request, first);
  if (dockerfile === undefined) return nothing(inputs.dockerfile, errors);
  const { text, program, notes } = dockerfile;
  const texts = new Map(others.map((base) => [base.image, writeFor(request, base).dockerfile?.text ?? text]));
  const told = { texts, program, notes };
  return { dockerfile: { path: inputs.dockerfile, text, written: told }, takesBase: true, errors, warnings };
}

function writeFor(request: SourceRequest, base: BaseImage): Written {
  return writeDockerfile({
    ...request,
    context: request.inputs.context,
    base,
    python: request.choice.python,
    secrets: request.inputs.build.secrets.map(({ id }) => id),
  });
}
