import { type Finding, perhaps } from '../../code/request.ts';
import { CUDA } from './catalog.ts';
import { imageFacts } from './known-images.ts';
import { needText } from './need.ts';
import { compareLoosely, majorOf } from './numbers.ts';
import { cudnnOf, holdsCudnn } from './tags.ts';
import type { Framework } from './types.ts';

/** What an nvidia/cuda image lacks for a framework that takes CUDA from it. */
export interface Lack {
  readonly framework: Framework;
  /** `major` and `cudnn` make the framework go without the GPU; with an older minor version it may work. */
  readonly what: 'major' | 'older' | 'cudnn';
}

/** What an image lacks for the frameworks that take CUDA from it; nothing for an image that is not nvidia/cuda. */
export function lacksOf(image: string, frameworks: readonly Framework[]): readonly Lack[] {
  const { cuda } = imageFacts(image);
  const version = cuda?.version;
  if (cuda === undefined || version === undefined) return [];
  const cudnn = cuda.cudnn ? cudnnOf(version) : undefined;
  return frameworks.flatMap((framework) => {
    const what = lackOf(framework, version, cuda.cudnn, cudnn);
    return framework.source !== 'image' || what === undefined ? [] : [{ framework, what }];
  });
}

function lackOf(
  { cuda, cudnn }: Framework,
  has: string,
  hasCudnn: boolean,
  its: string | undefined,
): Lack['what'] | undefined {
  if (cuda !== undefined && majorOf(has) !== majorOf(cuda)) return 'major';
  if (cudnn !== undefined && (!hasCudnn || (its !== undefined && !holdsCudnn(its, cudnn)))) return 'cudnn';
  return cuda !== undefined && compareLoosely(has, cuda) < 0 ? 'older' : undefined;
}

/** No image has what a framework was built with: the nearest is taken. */
export function judgeNearest(image: string, frameworks: readonly Framework[]): readonly Finding[] {
  return lacksOf(image, frameworks).map(({ framework, what }) => {
    const reason = what === 'cudnn' ? 'has no such cuDNN' : what === 'major' ? 'has another CUDA' : 'is older';
    const message = `${needText(framework)}, and no image for this GPU has both: ${image} is the nearest, and ${reason}.${ownCuda(framework)}`;
    return perhaps({ rule: 'cuda-image-nearest', place: framework.place, message });
  });
}

/** The build that brings its own CUDA, where there is one. */
export function ownCuda({ name, version }: Framework): string {
  const release = version === undefined ? '' : `==${version}`;
  if (name === 'jax') return ' jax[cuda12] brings its own.';
  const brings = CUDA.tensorflow.some(
    ({ andCuda, versions }) => andCuda !== undefined && versions.includes(version ?? ''),
  );
  return name === 'tensorflow' && brings ? ` tensorflow[and-cuda]${release} brings its own.` : '';
}
