import type { BuildInputs } from '../../inputs/inputs.ts';
import type { BaseImage } from './base/types.ts';

/** The image that will be built. */
export interface ImagePlan {
  /** Name without tag. */
  readonly repository: string;
  /** Tags beside the content's own, which only the build's inputs give. */
  readonly tags: readonly string[];
  /** Relative to the workspace. */
  readonly context: string;
  readonly dockerfile: PlannedDockerfile;
  /** The base, and what takes its place where the registry has it no more; the best first. */
  readonly bases: readonly [BaseImage, ...BaseImage[]];
  /** Whether the Dockerfile takes the base as the build argument BASE_IMAGE. */
  readonly takesBase: boolean;
  /** The build arguments that were given; BASE_IMAGE comes on top. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** Docker's platform, such as `linux/amd64`; undefined is the engine's own. */
  readonly platform: string | undefined;
  /** Whether the program is to use a GPU. */
  readonly gpu: boolean;
  /** False in `region: local`: the engine's image id is used. */
  readonly push: boolean;
  readonly mode: BuildInputs['mode'];
  /** The age past which the image is built anew, and why there is one; undefined is never. */
  readonly maxAge: { readonly seconds: number; readonly why: string } | undefined;
  readonly cache: BuildInputs['cache'];
  readonly secrets: BuildInputs['secrets'];
  readonly provenance: BuildInputs['provenance'];
  readonly sbom: boolean;
  /** Labels of the image, by OCI's names. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface PlannedDockerfile {
  /** Where it stands, or would stand, relative to the workspace. */
  readonly path: string;
  /** For the first of the bases. */
  readonly text: string;
  /** Present where the repository has none and this one was written for it. */
  readonly written: WrittenNotes | undefined;
}

/** A Dockerfile that was written, with what is to be told of it. */
export interface WrittenNotes {
  /** Its text for each of the bases: where Python comes from differs with the operating system. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the image starts, in words. */
  readonly program: string;
  readonly notes: readonly string[];
}

/** The Dockerfile's text for one of the bases. */
export const textFor = ({ text, written }: PlannedDockerfile, base: string): string => written?.texts.get(base) ?? text;

/** Every build argument, the base included where the Dockerfile takes it. */
export function buildArgsOf(
  { buildArgs, takesBase, bases }: Pick<ImagePlan, 'buildArgs' | 'takesBase' | 'bases'>,
  base: string = bases[0].image,
): Readonly<Record<string, string>> {
  return takesBase ? { ...buildArgs, BASE_IMAGE: base } : buildArgs;
}
