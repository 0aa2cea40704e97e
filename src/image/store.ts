/** Where images are kept between runs: a registry, or this machine's engine. */
export interface ImageStore {
  /** The image under a tag; undefined where there is none. */
  find(tag: string): Promise<KeptImage | undefined>;
  /** What a build has just pushed, or left in the engine. Throws UserError where it is for another platform than was asked for. */
  built(reference: string, pushed: string | undefined): Promise<KeptImage>;
  /** Whether a build could be kept; throws InputError or UserError with the mend where it could not. */
  checkAccess(): Promise<void>;
  /** Makes an image ready for the job and puts the other tags on it; gives what the job runs. */
  finish(image: KeptImage, contentTag: string): Promise<string>;
}

export interface KeptImage {
  /** `repository@sha256:…`, or the engine's image id. */
  readonly reference: string;
  /** Digest of the index around it, where provenance or an SBOM made one. */
  readonly indexDigest: string | undefined;
  /** Whether it is known to have the content's tag. */
  readonly tagged: boolean;
  /** Whether nothing is left to be done to the image itself before a job runs it. */
  readonly ready: boolean;
  /** Milliseconds since the Unix epoch; undefined where it was not asked for, or is not known. */
  readonly createdMs: number | undefined;
}
