import type { Fault } from '../../faults.ts';
import type { FileView } from '../../inputs/files.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { RunContext } from '../../inputs/run-context.ts';
import { isGpu } from '../accelerators.ts';
import { judgeImageName, judgeRegistry } from '../image-name.ts';
import { chooseBase } from './base/choose.ts';
import { compilesCuda } from './base/dockerfile/compiles.ts';
import { judgeDockerfileBase } from './base/judge-dockerfile.ts';
import type { BaseChoice } from './base/types.ts';
import { openReason } from './freshness.ts';
import { readPackages } from './packages.ts';
import type { Requirements } from './requirements/types.ts';
import { judgeSecretMounts } from './secret-mounts.ts';
import { type Source, sourceOf } from './source.ts';
import { type Accelerators, judgeTogether, platformFor, present } from './together.ts';
import { buildArgsOf, type ImagePlan } from './types.ts';

export interface ImageRequest {
  readonly inputs: Pick<
    Inputs,
    'image' | 'context' | 'dockerfile' | 'buildArgs' | 'baseImage' | 'region' | 'build' | 'study' | 'fallbackHardware'
  >;
  /** Of every machine that the image may run on, the first choice's first. */
  readonly accelerators: Accelerators;
  /** containerSpec.command of the job. */
  readonly command: readonly string[];
  /** Whether the job is a tuning job. */
  readonly tuning: boolean;
  readonly context: RunContext;
  readonly files: FileView;
  /** Text of the Dockerfile; undefined where there is none. */
  readonly dockerfileText: string | undefined;
  /** Whether there is one that cannot be read, of which a fault tells already. */
  readonly dockerfileRefused?: boolean | undefined;
}

export interface ImageAnswer {
  readonly image: ImagePlan;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Decides what is built: from which base, by which Dockerfile, under which names. */
export function planImage(request: ImageRequest): ImageAnswer {
  const { inputs } = request;
  const accelerators = present(request.accelerators);
  const read = readPackages({ ...request, ...inputs, target: inputs.build.target });
  const { requirements } = read;
  const compiles = compiled(request);
  const choice = chooseBase({
    asked: inputs.baseImage,
    accelerators,
    requirements,
    driverVersion: inputs.build.driverVersion,
    compilesCuda: compiles,
    platform: platformFor(request.accelerators),
  });
  const gpu = accelerators.some(isGpu);
  const source = sourceOf({ ...request, requirements, choice, gpu });
  const image = imageOf(request, { bases: choice.candidates, source, requirements, gpu });
  const judged =
    source.dockerfile.text === '' ? NOTHING : judgeDockerfile(request, image, { choice, requirements, compiles });
  const named = image.push ? judgeImageName(image.repository) : [];
  return {
    image,
    errors: [...named, ...together(request), ...source.errors, ...read.faults, ...choice.errors, ...judged.errors],
    warnings: [
      ...(image.push && named.length === 0 ? judgeRegistry(image.repository) : []),
      ...source.warnings,
      ...read.warnings,
      ...choice.warnings,
      ...judged.warnings,
    ],
  };
}

const NOTHING = { errors: [], warnings: [] };

/** An image that stays on this machine meets its processor and GPU, whichever the job names. */
function together({ inputs, accelerators }: ImageRequest): readonly Fault[] {
  if (inputs.region === 'local') return [];
  const input = inputs.fallbackHardware.length > 0 ? 'fallback_hardware' : 'config';
  return judgeTogether(accelerators, input, inputs.baseImage !== undefined);
}

function compiled({ inputs, files, dockerfileText }: ImageRequest): boolean {
  const { context, buildArgs, build } = inputs;
  return compilesCuda({
    files,
    context,
    text: dockerfileText,
    buildArgs: Object.fromEntries(buildArgs),
    target: build.target,
  });
}

interface Chosen {
  readonly bases: ImagePlan['bases'];
  readonly source: Source;
  readonly requirements: Requirements | undefined;
  readonly gpu: boolean;
}

function imageOf(
  { inputs, accelerators, context }: ImageRequest,
  { bases, source, requirements, gpu }: Chosen,
): ImagePlan {
  const { build } = inputs;
  const local = inputs.region === 'local';
  return {
    repository: inputs.image?.repository ?? localName(context.repository),
    tags: local ? [] : tagsOf(inputs, context),
    context: inputs.context,
    dockerfile: source.dockerfile,
    bases,
    takesBase: source.takesBase,
    buildArgs: Object.fromEntries(inputs.buildArgs),
    target: build.target,
    platform: local ? undefined : platformFor(accelerators),
    gpu,
    push: !local,
    mode: build.mode,
    maxAge: maxAgeOf(build.maxAgeSeconds, openReason(requirements, source.dockerfile.text)),
    cache: build.cache,
    secrets: build.secrets,
    provenance: build.provenance,
    sbom: build.sbom,
    labels: labelsOf(context),
  };
}

interface Read {
  readonly choice: BaseChoice;
  readonly requirements: Requirements | undefined;
  readonly compiles: boolean;
}

/** What the Dockerfile makes of its base, and of the secrets that it is given. */
function judgeDockerfile(
  { inputs, accelerators }: ImageRequest,
  image: ImagePlan,
  { choice, requirements, compiles }: Read,
) {
  const { path: dockerfile, text } = image.dockerfile;
  const secrets = judgeSecretMounts({ dockerfile, text, given: image.secrets.map(({ id }) => id) });
  const base = judgeDockerfileBase({
    dockerfile,
    text,
    buildArgs: buildArgsOf(image),
    target: image.target,
    accelerators: present(accelerators),
    requirements,
    frameworks: choice.frameworks,
    asked: inputs.baseImage,
    compilesCuda: compiles,
  });
  const told = (faults: readonly Fault[]) =>
    image.dockerfile.written === undefined ? faults : faults.map((fault) => ofWritten(fault, dockerfile));
  return {
    errors: told([...secrets.errors, ...base.errors]),
    warnings: told([...secrets.warnings, ...base.warnings]),
  };
}

/** A Dockerfile that the repository lacks is no place to point at. */
function ofWritten(fault: Fault, dockerfile: string): Fault {
  if (fault.place?.file !== dockerfile) return fault;
  const message = `the Dockerfile that is written, line ${fault.place.line ?? 1}: ${fault.message}`;
  return { ...fault, place: undefined, message };
}

/** The commit's tag and those that are asked for. */
function tagsOf({ image, build }: ImageRequest['inputs'], { sha }: RunContext): readonly string[] {
  const own = [image?.tag, sha.slice(0, 40)].filter((tag) => tag !== undefined && tag !== '');
  return [...new Set([...(own as string[]), ...build.tags])];
}

const WEEK_SECONDS = 7 * 86_400;

/** What the network may change is built anew every week, though nothing of the repository changed. */
function maxAgeOf(asked: number | 'none' | undefined, open: string | undefined): ImagePlan['maxAge'] {
  if (asked === 'none') return undefined;
  if (asked !== undefined) return { seconds: asked, why: 'as max_image_age asks' };
  return open === undefined ? undefined : { seconds: WEEK_SECONDS, why: open };
}

/** OCI's annotation keys (image-spec, annotations.md), which registries show. */
function labelsOf({ repository, sha }: RunContext): Readonly<Record<string, string>> {
  return {
    ...(sha === '' ? {} : { 'org.opencontainers.image.revision': sha }),
    ...(repository === '' ? {} : { 'org.opencontainers.image.source': `https://github.com/${repository}` }),
  };
}

/** A name for an image that never leaves this machine. */
export function localName(repository: string): string {
  const name = repository.toLowerCase().replace(/[^a-z0-9/]+/g, '-');
  return `train-on-vertex/${name
    .split('/')
    .map((part) => part.replace(/^-+|-+$/g, '') || 'x')
    .join('/')}`;
}
