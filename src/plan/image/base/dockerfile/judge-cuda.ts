import type { Stage } from '../../../code/dockerfile/stages.ts';
import { type Finding, perhaps, surely } from '../../../code/request.ts';
import type { Requirements } from '../../requirements/types.ts';
import type { Gpu } from '../catalog.ts';
import { type Lack, lacksOf, ownCuda } from '../judge-image.ts';
import { imageFacts } from '../known-images.ts';
import { needText } from '../need.ts';
import { cudnnOf } from '../tags.ts';
import type { DockerfileRequest } from './request.ts';

/** What a RUN or COPY that brings CUDA names. */
const BRINGS = /\bcuda[-_]|\bcuda\d|nvidia-cuda|libcudnn|cudatoolkit|\/usr\/local\/cuda|developer\.download\.nvidia/i;
/** What may bring CUDA in a way that is not followed. */
const MAY_BRING = /conda|mamba|\.sh\b|\bmake\b|nvidia|cuda|torch|tensorflow|jax|cupy|rapids|git\+/i;
/** Packages that may compute on a GPU by themselves. */
const MAY_COMPUTE =
  /cuda|cu1\d$|gpu|nvidia|catboost|lightgbm|tensorrt|vllm|numba|warp-lang|taichi|triton|onnxruntime|mxnet|paddle|jittor|mindspore|faiss|ctranslate2|llama-cpp|bitsandbytes|torch|tensorflow|keras|jax/;

/** A GPU job on an image that surely has no CUDA. */
export function judgeWithoutCuda(stage: Stage, request: DockerfileRequest, gpu: Gpu): readonly Finding[] {
  const { base, line } = stage;
  if (base === undefined || imageFacts(base).hasCuda !== false || bringsCuda(stage)) return [];
  const { frameworks, dockerfile } = request;
  const mend = baseMend(stage, request);
  const finding = (sure: boolean, message: string) => [
    (sure ? surely : perhaps)({ rule: 'base-without-cuda', place: { file: dockerfile, line }, message }),
  ];
  const needing = frameworks.find(({ source }) => source === 'image');
  if (needing !== undefined) {
    const sure = needing.known === 'pinned';
    return finding(
      sure,
      `${base} has no CUDA, and ${needText(needing)}: it would compute on the CPU.${ownCuda(needing)} ${mend}`,
    );
  }
  const bringing = frameworks.find(({ source }) => source === 'wheels');
  if (bringing !== undefined) {
    return finding(
      false,
      `${base} has no CUDA; ${needText(bringing)}. /usr/local/nvidia/lib64, where Vertex AI has the driver, is added to the image's LD_LIBRARY_PATH.`,
    );
  }
  const sure = request.requirements !== undefined && !mayCompute(request.requirements) && !mayBring(stage);
  const seen = sure ? 'nothing that is installed uses one' : 'nothing is seen that brings it';
  return finding(
    sure,
    `${base} has no CUDA, the job has ${gpu.name}, and ${seen}: the GPU would be paid for and idle. ${mend} Or leave the accelerator away.`,
  );
}

/** What gets a chosen image in. */
function baseMend({ base }: Stage, { buildArgs }: DockerfileRequest): string {
  if (buildArgs['BASE_IMAGE'] === base) return 'Leave base_image out, and an image with CUDA is chosen.';
  return 'Write ARG BASE_IMAGE and FROM $BASE_IMAGE, and an image with CUDA is chosen.';
}

function bringsCuda({ runs, copies }: Stage): boolean {
  if (runs.some(({ text }) => BRINGS.test(text.replace(/\bjax\[cuda[^\]]*\]|\[and-cuda\]|cupy-cuda\w+/g, ''))))
    return true;
  return copies.some(({ from, fromContext, sources }) => {
    const ofCuda = from?.base !== undefined && imageFacts(from.base).hasCuda === true;
    return ofCuda || (!fromContext && sources.some((source) => source === undefined || /cuda|nvidia/.test(source)));
  });
}

const mayBring = ({ runs }: Stage) => runs.some(({ text }) => MAY_BRING.test(text));
const mayCompute = ({ packages }: Requirements) =>
  packages.size === 0 || [...packages.values()].some(({ name, url }) => url !== undefined || MAY_COMPUTE.test(name));

/** A GPU job on a plain nvidia/cuda image, into which nothing is seen to be installed that would use the GPU. */
export function judgeIdle(stage: Stage, request: DockerfileRequest, gpu: Gpu): readonly Finding[] {
  const { base, line } = stage;
  const { requirements, frameworks, compilesCuda, dockerfile } = request;
  if (base === undefined || imageFacts(base).cuda === undefined || bringsCuda(stage)) return [];
  const mayUse = frameworks.length > 0 || compilesCuda || mayBring(stage);
  if (requirements === undefined || mayUse || mayCompute(requirements)) return [];
  const message = `nothing that is installed computes on a GPU, and the job has ${gpu.name}: it would be paid for and idle. Name the framework that uses it in the requirements, or leave the accelerator away.`;
  return [perhaps({ rule: 'gpu-idle', place: { file: dockerfile, line }, message })];
}

/** An nvidia/cuda image of the user's own that has not what frameworks take from it. */
export function judgeCudaBase(stage: Stage, request: DockerfileRequest): readonly Finding[] {
  const { base } = stage;
  const chosen = request.asked === undefined && request.buildArgs['BASE_IMAGE'] === base;
  if (base === undefined || chosen || bringsCuda(stage)) return [];
  return lacksOf(base, request.frameworks).map((lack) => mismatch(lack, base, stage, request));
}

function mismatch({ framework, what }: Lack, base: string, stage: Stage, request: DockerfileRequest): Finding {
  const sure = what !== 'older' && framework.known === 'pinned';
  const effect = what === 'older' ? 'is older' : `has ${what === 'major' ? `CUDA ${cudaOf(base)}` : cudnnText(base)}`;
  const end = what === 'older' ? 'it may fail' : 'it would compute on the CPU';
  const message = `${needText(framework)}, and ${base} ${effect}: ${end}.${ownCuda(framework)} ${baseMend(stage, request)}`;
  const place = { file: request.dockerfile, line: stage.line };
  return (sure ? surely : perhaps)({ rule: 'base-cuda-mismatch', place, message });
}

const cudaOf = (base: string) => imageFacts(base).cuda?.version ?? '';

function cudnnText(base: string): string {
  const { cuda } = imageFacts(base);
  const version = cuda?.cudnn === true && cuda.version !== undefined ? cudnnOf(cuda.version) : undefined;
  return version === undefined ? 'no cuDNN' : `cuDNN ${version}`;
}

/** Packages that compile CUDA code, and no stage with a compiler for it. */
export function judgeCompiler(stages: readonly Stage[], compiled: readonly string[], file: string): readonly Finding[] {
  const [last] = stages;
  if (compiled.length === 0 || last === undefined || stages.some(mayCompile)) return [];
  const message = `${compiled.join(', ')} is compiled with CUDA, and no stage has nvcc: ${last.base} is no devel image. Build on one (FROM nvidia/cuda:…-cudnn-devel-…), in a stage of its own where the final image is to stay small.`;
  return [perhaps({ rule: 'compiler-missing', place: { file, line: last.line }, message })];
}

function mayCompile(stage: Stage): boolean {
  if (stage.base === undefined) return true;
  const { cuda, hasCuda } = imageFacts(stage.base);
  const image = cuda === undefined ? hasCuda !== false : cuda.flavour === 'devel';
  return image || stage.runs.some(({ text }) => /nvcc|cuda-toolkit|nvidia-cuda|cuda-compiler|conda/i.test(text));
}
