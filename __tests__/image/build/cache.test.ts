import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/faults.ts';
import { type CacheRequest, planCache } from '../../../src/image/build/cache.ts';
import { BUILDERS, type BuilderName, REQUEST } from './samples.ts';

const GITHUB = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'https://r/' };
const plan = (changes: Partial<CacheRequest>, builder: BuilderName, env: Record<string, string> = {}) =>
  planCache({ ...REQUEST, ...changes }, BUILDERS[builder], env);

describe('the cache that is used', () => {
  test.each<{ cache: CacheRequest['cache']; builder: BuilderName; push?: boolean; kind: string; warns?: boolean }>([
    { cache: 'auto', builder: 'container', kind: 'registry' },
    { cache: 'auto', builder: 'containerd', kind: 'registry' },
    { cache: 'auto', builder: 'engine', kind: 'inline' },
    { cache: 'auto', builder: 'plain', kind: 'inline' },
    { cache: 'auto', builder: 'podman', kind: 'none' },
    { cache: 'auto', builder: 'container', push: false, kind: 'none' },
    { cache: 'registry', builder: 'container', kind: 'registry' },
    { cache: 'registry', builder: 'engine', kind: 'inline', warns: true },
    { cache: 'registry', builder: 'plain', kind: 'inline', warns: true },
    { cache: 'registry', builder: 'podman', kind: 'none', warns: true },
    { cache: 'registry', builder: 'container', push: false, kind: 'none' },
    { cache: 'inline', builder: 'container', kind: 'inline' },
    { cache: 'inline', builder: 'plain', kind: 'inline' },
    { cache: 'inline', builder: 'podman', kind: 'none', warns: true },
    { cache: 'inline', builder: 'engine', push: false, kind: 'none' },
    { cache: 'gha', builder: 'container', kind: 'gha' },
    { cache: 'gha', builder: 'container', push: false, kind: 'gha' },
    { cache: 'gha', builder: 'engine', kind: 'inline', warns: true },
    { cache: 'gha', builder: 'podman', kind: 'none', warns: true },
    { cache: 'none', builder: 'container', kind: 'none' },
    { cache: 'none', builder: 'plain', kind: 'none' },
  ])('$cache with $builder, push $push: $kind', ({ cache, builder, push = true, kind, warns = false }) => {
    const found = plan({ cache, push }, builder, GITHUB);
    expect([found.kind, found.warning !== undefined]).toEqual([kind, warns]);
    expect(found.imageTag).toBe(kind === 'inline' ? 'buildcache' : undefined);
  });

  test('a builder that cannot is told with what it does instead, and the mend', () => {
    expect(plan({ cache: 'registry' }, 'engine').warning).toBe(
      'cache is registry, which buildx docker cannot do: this build goes on with one inside the image. In a workflow, run docker/setup-buildx-action before this step for a builder that can.',
    );
    expect(plan({ cache: 'gha' }, 'podman', GITHUB).warning).toMatch(
      /goes on with its own cache alone\. In a workflow/,
    );
  });
});

test.each(['registry', 'inline', 'gha'] as const)('a fresh build writes a %s cache and reads none', (cache) => {
  const { imports, exports, words } = plan({ cache, fresh: true }, 'container', GITHUB);
  expect([imports, exports.length]).toEqual([[], 1]);
  expect(words).toMatch(/; not read, because this build is a fresh one$/);
});

describe("the workflow's cache", () => {
  test('is kept by image and stage', () => {
    const { imports, exports } = plan(
      { cache: 'gha', repository: 'europe-docker.pkg.dev/p/r/i', target: 'gpu' },
      'container',
      GITHUB,
    );
    const scope = 'type=gha,scope=europe-docker.pkg.dev-p-r-i-gpu';
    expect([imports, exports]).toEqual([[scope], [`${scope},mode=max,ignore-error=true`]]);
  });

  test.each([
    { name: 'no service', env: {} },
    { name: 'no token', env: { ACTIONS_RESULTS_URL: 'https://r/' } },
    { name: 'no address', env: { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: '' } },
  ])('is an error where there is $name', ({ env }) => {
    expect(() => plan({ cache: 'gha' }, 'container', env)).toThrow(UserError);
    expect(() => plan({ cache: 'gha' }, 'container', env)).toThrow(
      /^cache is gha, and this step has no access .* use registry or auto\.$/,
    );
  });

  test('is there with the older service too', () => {
    const env = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'https://c/' };
    expect(plan({ cache: 'gha' }, 'container', env).kind).toBe('gha');
  });
});
