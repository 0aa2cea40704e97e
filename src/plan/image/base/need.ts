import { CUDA, type Gpu } from './catalog.ts';
import { gpuText, rangeOf } from './gpu.ts';
import { compareNumbers, highestNumber, majorOf } from './numbers.ts';
import { defaultTag, type Flavour } from './tags.ts';
import type { Framework } from './types.ts';

/** What the base image of a GPU job has to hold. */
export interface Need {
  readonly flavour: Flavour;
  /** `12.8`, or `12` for any minor version. */
  readonly cuda: string;
  /** The lowest cuDNN that the image must hold; undefined where any, or none, will do. */
  readonly cudnn: string | undefined;
  /** Whether nothing tells: the catalog's default is taken. */
  readonly unknown: boolean;
  readonly why: string;
}

/**
 * What frameworks need of their image: a compiler for CUDA where something is compiled, CUDA's libraries for those that
 * bring none, and the bare base for wheels that bring them.
 */
export function needOf(frameworks: readonly Framework[], compiled: readonly string[], gpus: readonly Gpu[]): Need {
  const image = frameworks.filter(({ source }) => source === 'image');
  const wheels = frameworks.filter(({ source }) => source === 'wheels');
  const compiles = compiled.length > 0;
  const leads = image.length > 0 && !(compiles && wheels.length > 0) ? image : wheels;
  if (leads.length === 0) return unknownNeed(compiled, gpus);
  return {
    flavour: compiles ? 'devel' : image.length > 0 ? 'runtime' : 'base',
    cuda: commonCuda(leads) ?? majorOf(defaultTag(rangeOf(gpus))),
    cudnn: highestNumber(image.flatMap(({ cudnn }) => cudnn ?? [])),
    unknown: false,
    why: [...[...image, ...wheels].map(needText), ...compiledTexts(compiled), gpuText(...gpus)].join('; '),
  };
}

function unknownNeed(compiled: readonly string[], gpus: readonly Gpu[]): Need {
  const tag = defaultTag(rangeOf(gpus));
  const compiles = compiled.length > 0;
  const what = ['no framework with CUDA is named', ...compiledTexts(compiled), gpuText(...gpus)];
  const flavour = compiles ? 'devel' : 'runtime';
  return { flavour, cuda: tag.split('-', 1)[0] ?? tag, cudnn: undefined, unknown: true, why: what.join('; ') };
}

const compiledTexts = (names: readonly string[]) =>
  names.length === 0 ? [] : [`${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} compiled`];

/** The highest CUDA of those of the lowest major version, which runs on the most drivers. */
function commonCuda(frameworks: readonly Framework[]): string | undefined {
  const all = frameworks.flatMap(({ cuda }) => cuda ?? []).toSorted(compareNumbers);
  const [lowest] = all;
  return lowest === undefined ? undefined : all.findLast((one) => majorOf(one) === majorOf(lowest));
}

/** `torch 2.8.0 brings CUDA 12.8 and cuDNN 9`. */
export function needText(framework: Framework): string {
  const { cuda, cudnn, source } = framework;
  const verb = source === 'wheels' ? 'brings' : 'needs';
  if (cuda === undefined) return `${frameworkText(framework)} ${verb} CUDA`;
  const library = source === 'wheels' ? cudnn && majorOf(cudnn) : cudnn;
  return `${frameworkText(framework)} ${verb} CUDA ${cuda}${library === undefined ? '' : ` and cuDNN ${library}`}`;
}

/** `torch 2.8.0+cu126`: the name and version, with the index that the build comes from. */
export function frameworkText({ name, version, index, known }: Framework): string {
  if (version === undefined) return known === 'nightly' && !name.includes('nightly') ? `${name} nightly` : name;
  return index === undefined || version.includes('+') ? `${name} ${version}` : `${name} ${version}+${index}`;
}

/** Packages of the requirements that compile CUDA code when they are installed, or when they run. */
export function compiledPackages(
  packages: ReadonlyMap<string, { readonly url: string | undefined }>,
): readonly string[] {
  const { always, fromSource } = CUDA.compiled;
  return [...packages].flatMap(([name, { url }]) => {
    if (url?.endsWith('.whl')) return [];
    return always.includes(name) || (url !== undefined && fromSource.includes(name)) ? [name] : [];
  });
}
