import type { Fault } from '../../../faults.ts';
import { readStages, type Stage } from '../../code/dockerfile/stages.ts';
import { type Finding, perhaps } from '../../code/request.ts';
import { compiledBy } from './candidates.ts';
import { gpusOf } from './catalog.ts';
import { judgeCompiler, judgeCudaBase, judgeIdle, judgeWithoutCuda } from './dockerfile/judge-cuda.ts';
import { judgePip } from './dockerfile/judge-pip.ts';
import { judgeRetired } from './dockerfile/judge-retired.ts';
import { withSources } from './dockerfile/reachable.ts';
import type { DockerfileRequest, DockerfileVerdict } from './dockerfile/request.ts';
import { imageFacts } from './known-images.ts';

export { compilesCuda } from './dockerfile/compiles.ts';
export type { DockerfileRequest, DockerfileVerdict } from './dockerfile/request.ts';

/** Judges what a Dockerfile makes of its base: for the stage that is built, and for those that it copies from. */
export function judgeDockerfileBase(request: DockerfileRequest): DockerfileVerdict {
  const built = readStages(request.text, request.buildArgs, request.target)?.built;
  const findings = built === undefined ? [] : judgeStages(built, request);
  const faults = (sure: boolean): Fault[] => findings.filter((one) => one.sure === sure).map(({ fault }) => fault);
  return { errors: faults(true), warnings: faults(false) };
}

function judgeStages(built: Stage, request: DockerfileRequest): readonly Finding[] {
  const stages = withSources(built);
  const [gpu] = gpusOf(request.accelerators);
  const always = [...judgePip(stages, request), ...judgeRetired(stages, request.dockerfile)];
  if (gpu === undefined) return [...always, ...judgeNeedless(built, request)];
  const compiled = compiledBy(request);
  return [
    ...always,
    ...judgeWithoutCuda(built, request, gpu),
    ...judgeIdle(built, request, gpu),
    ...judgeCudaBase(built, request),
    ...judgeCompiler(stages, compiled, request.dockerfile),
  ];
}

function judgeNeedless({ base, line }: Stage, { dockerfile }: DockerfileRequest): readonly Finding[] {
  if (base === undefined || imageFacts(base).hasCuda !== true) return [];
  const message = `${base} holds CUDA, and the job has no GPU: gigabytes are pulled, pushed and started for nothing. Write FROM $BASE_IMAGE, or a slim Python image.`;
  return [perhaps({ rule: 'cuda-base-on-cpu', place: { file: dockerfile, line }, message })];
}
