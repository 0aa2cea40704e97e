import { UserError } from '../../faults.ts';
import type { Builder } from './builder.ts';
import type { BuildRequest } from './types.ts';

/** Which caches a build reads and writes. */
export interface CachePlan {
  readonly kind: 'registry' | 'inline' | 'gha' | 'none';
  /** Values of --cache-from. */
  readonly imports: readonly string[];
  /** Values of --cache-to. */
  readonly exports: readonly string[];
  /** The tag that leads the next build to a cache inside the image; undefined where the cache has a place of its own. */
  readonly imageTag: string | undefined;
  /** What is used and why, in words. */
  readonly words: string;
  /** What was asked for and cannot be, with the mend. */
  readonly warning: string | undefined;
}

export type CacheRequest = Pick<BuildRequest, 'cache' | 'cacheTag' | 'fresh' | 'push' | 'repository' | 'target'>;

type Env = Readonly<Record<string, string>>;

/**
 * Chooses the cache: for `auto` one in the registry beside the image where the builder can export it, inside the image
 * where it cannot. A fresh build reads none and still writes. Throws UserError for `gha` outside of GitHub Actions.
 */
export function planCache(request: CacheRequest, builder: Builder, env: Env): CachePlan {
  const { cache, push } = request;
  if (cache === 'none') return none("no cache but the builder's own, as cache asks");
  if (cache === 'gha') return ghaPlan(request, builder, env);
  if (!push) return none("the builder's own cache: nothing is pushed");
  if (builder.kind === 'podman') {
    return none(
      "podman's own cache",
      cache === 'auto' ? undefined : unable(cache, builder, 'with its own cache alone'),
    );
  }
  if (cache === 'inline') return inlinePlan(request, 'as cache asks');
  if (builder.full) return registryPlan(request);
  return inlinePlan(
    request,
    'this builder can export no other',
    cache === 'registry' ? unable(cache, builder, 'with one inside the image') : undefined,
  );
}

const MEND = 'In a workflow, run docker/setup-buildx-action before this step for a builder that can.';

const unable = (cache: string, builder: Builder, instead: string) =>
  `cache is ${cache}, which ${builder.words} cannot do: this build goes on ${instead}. ${MEND}`;

function none(words: string, warning?: string): CachePlan {
  return { kind: 'none', imports: [], exports: [], imageTag: undefined, words, warning };
}

/** Builders of BuildKit 0.11 and later take `ignore-error`; older ones are built with once more, without the export. */
const EXPORT = 'mode=max,ignore-error=true';

/** Artifact Registry takes a cache as an image manifest with OCI types, and no index of layers. */
function registryPlan({ repository, cacheTag, fresh }: CacheRequest): CachePlan {
  const ref = `type=registry,ref=${repository}:${cacheTag}`;
  return {
    kind: 'registry',
    imports: fresh ? [] : [ref],
    exports: [`${ref},image-manifest=true,oci-mediatypes=true,${EXPORT}`],
    imageTag: undefined,
    words: `${repository}:${cacheTag} beside the image${freshWords(fresh)}`,
    warning: undefined,
  };
}

function inlinePlan({ repository, cacheTag, fresh }: CacheRequest, why: string, warning?: string): CachePlan {
  return {
    kind: 'inline',
    imports: fresh ? [] : [`type=registry,ref=${repository}:${cacheTag}`],
    exports: ['type=inline'],
    imageTag: cacheTag,
    words: `inside the image, found at ${repository}:${cacheTag}: ${why}${freshWords(fresh)}`,
    warning,
  };
}

function ghaPlan(request: CacheRequest, builder: Builder, env: Env): CachePlan {
  if (!hasGhaService(env)) {
    throw new UserError(
      "cache is gha, and this step has no access to the workflow's cache (ACTIONS_RUNTIME_TOKEN with ACTIONS_RESULTS_URL or ACTIONS_CACHE_URL). It works in GitHub Actions only; elsewhere use registry or auto.",
    );
  }
  if (!builder.full) {
    const other = planCache({ ...request, cache: 'auto' }, builder, env);
    const instead = other.kind === 'inline' ? 'with one inside the image' : 'with its own cache alone';
    return { ...other, warning: unable('gha', builder, instead) };
  }
  const scope = `type=gha,scope=${scopeOf(request)}`;
  return {
    kind: 'gha',
    imports: request.fresh ? [] : [scope],
    exports: [`${scope},${EXPORT}`],
    imageTag: undefined,
    words: `the workflow's cache, as cache asks${freshWords(request.fresh)}`,
    warning: undefined,
  };
}

function hasGhaService(env: Env): boolean {
  return Boolean(env['ACTIONS_RUNTIME_TOKEN'] && (env['ACTIONS_RESULTS_URL'] || env['ACTIONS_CACHE_URL']));
}

/** Two images of one repository's workflows, or two stages of one, do not overwrite each other's cache. */
function scopeOf({ repository, target }: CacheRequest): string {
  return [repository, ...(target === undefined ? [] : [target])].join('-').replace(/[^\w.-]+/g, '-');
}

const freshWords = (fresh: boolean) => (fresh ? '; not read, because this build is a fresh one' : '');
