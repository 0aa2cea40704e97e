import { normalize } from 'node:path/posix';
import type { FileView, RepositoryFiles } from '../inputs/files.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { ContainerSpec, ParameterSpec } from '../vertex/types.ts';
import { type CodeVerdict, judgeCode } from './code/judge.ts';
import type { Outputs } from './code/request.ts';
import type { Draft } from './draft.ts';
import type { ImageAnswer } from './image/plan-image.ts';
import { buildArgsOf, type PlannedDockerfile } from './image/types.ts';
import { prebuiltSuggestion } from './prebuilt.ts';

/** The program that the built image starts, read with the arguments that the job gives it. */
export function judgeProgram(
  inputs: Inputs,
  files: RepositoryFiles,
  { spec, study }: Draft,
  [pool]: readonly number[],
  image: ImageAnswer | undefined,
): CodeVerdict {
  if (pool === undefined || image === undefined || image.errors.length > 0)
    return { errors: [], warnings: [], tagsInCode: [] };
  const container = spec.workerPoolSpecs[pool]?.containerSpec;
  return judgeCode({
    files: withWritten(files.view, image.image.dockerfile),
    dockerfile: normalize(inputs.dockerfile),
    context: normalize(inputs.context),
    buildArgs: buildArgsOf(image.image),
    target: image.image.target,
    command: container?.command ?? [],
    args: container?.args ?? [],
    study: study && {
      metrics: study.studySpec.metrics.map(({ metricId }) => metricId),
      parameters: study.studySpec.parameters.flatMap(parameterIds),
    },
    // Only the chief, the first pool, leaves something behind.
    outputs: pool === 0 ? outputsOf(inputs, container) : undefined,
  });
}

function outputsOf({ model, results }: Inputs, { env = [], args = [] }: Partial<ContainerSpec> = {}): Outputs {
  return {
    model: model !== undefined || results.download !== undefined,
    metricsFile: results.metricsFile,
    texts: [...args, ...env.map(({ value }) => value)],
  };
}

/** The repository, with the Dockerfile that was written for it where it has none. */
function withWritten(view: FileView, { path, text, written }: PlannedDockerfile): FileView {
  return written === undefined
    ? view
    : { ...view, text: (asked) => (asked === normalize(path) ? text : view.text(asked)) };
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
