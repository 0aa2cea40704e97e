import type { Log } from '../../log.ts';
import type { Clock } from '../../retry.ts';
import type { Programs } from '../programs.ts';

/** A secret of the build, mounted by `RUN --mount=type=secret,id=ID`; no part of the image, its history or the log. */
export type BuildSecret =
  /** The variable's value in the environment of docker. */
  | { readonly id: string; readonly from: 'env'; readonly name: string }
  /** The file's content; an absolute path. */
  | { readonly id: string; readonly from: 'file'; readonly path: string }
  /** The text itself; the caller has it masked. */
  | { readonly id: string; readonly from: 'value'; readonly value: string };

/** Where the build keeps its layers for the next one. */
export type CacheChoice = 'auto' | 'registry' | 'inline' | 'gha' | 'none';

/** SLSA provenance, as `docker buildx build --provenance` takes it. */
export type Provenance = 'false' | 'true' | 'mode=min' | 'mode=max';

/** One image to build. */
export interface BuildRequest {
  /** Name without tag. */
  readonly repository: string;
  /** The content tag. A builder that pushes by itself pushes by digest: the tag is put on it afterwards, by the caller. */
  readonly tag: string;
  /** The context, prepared: everything in it is sent. Absolute. */
  readonly folder: string;
  /** The Dockerfile; its ignore file lies beside it as `NAME.dockerignore`. Absolute. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** The stage to build; the last one where undefined. */
  readonly target: string | undefined;
  /** Docker's platform, such as `linux/amd64`; the builder's own where undefined. */
  readonly platform: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** False leaves the image in the engine (region: local): it is named by the engine's id. */
  readonly push: boolean;
  readonly cache: CacheChoice;
  /** Tag of the cache beside the image, such as `buildcache`. */
  readonly cacheTag: string;
  /** No cached layer is used. */
  readonly fresh: boolean;
  /** Base images come from their registries, although the builder may hold some of those names. */
  readonly pull: boolean;
  readonly secrets: readonly BuildSecret[];
  readonly provenance: Provenance;
  /** Whether a software bill of materials is attached. */
  readonly sbom: boolean;
}

/** What a build touches outside of itself. */
export interface BuildEdges {
  /** Environment of docker, its DOCKER_CONFIG private. */
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly log: Log;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Folder for temporary files, which are gone when the build ends. */
  readonly tempFolder: string;
  /** Writes a login that is good now into DOCKER_CONFIG; does nothing where the user's own logins are to do. */
  signIn(): Promise<void>;
  /**
   * Called once everything of the context was read, before anything has the name that the next run looks for. What it
   * throws ends the build.
   */
  verify(): Promise<void>;
}

/** What was built. */
export interface BuiltImage {
  /** `repository@sha256:…` of the image's own manifest; the engine's image id where nothing was pushed. */
  readonly reference: string;
  /** Digest of what was pushed, an index where there are attestations; undefined where nothing was. */
  readonly pushed: string | undefined;
  /** What built it, in words. */
  readonly builder: string;
  /** Which cache it used, in words. */
  readonly cache: string;
}
