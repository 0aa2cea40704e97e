import { normalize } from 'node:path/posix';
import type { RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { ParameterSpec } from '../vertex/types.ts';
import { type CodeVerdict, judgeCode } from './code/judge.ts';
import type { Draft } from './draft.ts';
import type { ImageAnswer } from './image.ts';
import { prebuiltSuggestion } from './prebuilt.ts';

/** The program that the built image starts, read with the arguments that the job gives it. */
export function judgeProgram(
  inputs: Inputs,
  files: RepositoryFiles,
  { spec, study }: Draft,
  [pool]: readonly number[],
  image: ImageAnswer | undefined,
): CodeVerdict {
  if (pool === undefined || image === undefined || image.faults.length > 0) return { errors: [], warnings: [] };
  const container = spec.workerPoolSpecs[pool]?.containerSpec;
  return judgeCode({
    files: files.view,
    dockerfile: normalize(inputs.dockerfile),
    context: normalize(inputs.context),
    buildArgs: image.image.buildArgs,
    target: undefined,
    command: container?.command ?? [],
    args: container?.args ?? [],
    study: study && {
      metrics: study.studySpec.metrics.map(({ metricId }) => metricId),
      parameters: study.studySpec.parameters.flatMap(parameterIds),
    },
  });
}

/** The ids of a parameter and of all that depend on it: each may become an argument. */
function parameterIds({ parameterId, conditionalParameterSpecs = [] }: ParameterSpec): string[] {
  return [parameterId, ...conditionalParameterSpecs.flatMap(({ parameterSpec }) => parameterIds(parameterSpec))];
}

/** Only where an image is built, and the requirements stand where a Dockerfile usually takes them from. */
export function suggestions({ context }: Inputs, { view }: RepositoryFiles, { spec }: Draft, today: string): string[] {
  const requirements = view.text(context === '.' ? 'requirements.txt' : `${context}/requirements.txt`);
  const gpu = spec.workerPoolSpecs.some(({ machineSpec }) => machineSpec?.acceleratorType?.startsWith('NVIDIA_'));
  const found = requirements === undefined ? undefined : prebuiltSuggestion(requirements, gpu, today);
  return found === undefined ? [] : [found];
}
