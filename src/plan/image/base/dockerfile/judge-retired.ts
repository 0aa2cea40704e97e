import type { Stage } from '../../../code/dockerfile/stages.ts';
import { type Finding, perhaps } from '../../../code/request.ts';
import { CUDA } from '../catalog.ts';
import { type ImageFacts, imageFacts } from '../known-images.ts';
import { majorOf } from '../numbers.ts';

/** Base images that have no support any more, each once. */
export function judgeRetired(stages: readonly Stage[], dockerfile: string): readonly Finding[] {
  const first = new Map(stages.flatMap(({ base, line }) => (base === undefined ? [] : [[base, line] as const])));
  return [...first].flatMap(([base, line]) => {
    const why = endOf(imageFacts(base));
    const message = `${base} ${why}. Take a later one.`;
    return why === undefined ? [] : [perhaps({ rule: 'base-retired', place: { file: dockerfile, line }, message })];
  });
}

function endOf({ cuda, release }: ImageFacts): string | undefined {
  const { cudaMajors, ubuntu, debian, python } = CUDA.retired;
  if (cuda !== undefined) {
    if (cuda.version === undefined) return 'names no CUDA release, and nvidia/cuda has no tag latest';
    if (cudaMajors.includes(majorOf(cuda.version))) {
      return `has CUDA ${majorOf(cuda.version)}, which NVIDIA has ended: its tags are deleted six months later`;
    }
  }
  if (release === undefined) return undefined;
  const ended = { ubuntu, debian, python }[release.of].includes(release.version);
  const name = { ubuntu: 'Ubuntu', debian: 'Debian', python: 'Python' }[release.of];
  return ended ? `has ${name} ${release.version}, which gets no security fixes any more` : undefined;
}
