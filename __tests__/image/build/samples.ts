import type { Builder } from '../../../src/image/build/builder.ts';
import { Progress } from '../../../src/image/build/progress.ts';
import type { BuildRequest } from '../../../src/image/build/types.ts';
import { parseVersion } from '../../../src/image/build/versions.ts';

export const REQUEST: BuildRequest = {
  repository: 'gcr.io/p/i',
  tag: 'abc',
  folder: '/temp/context',
  dockerfile: '/temp/Dockerfile',
  buildArgs: {},
  target: undefined,
  platform: undefined,
  labels: {},
  push: true,
  cache: 'none',
  cacheTag: 'buildcache',
  fresh: false,
  pull: false,
  secrets: [],
  provenance: 'false',
  sbom: false,
};

function builder(kind: Builder['kind'], driver: string, full: boolean, version: string): Builder {
  const inEngine = driver === 'docker' || driver === 'podman';
  const words = `${kind} ${driver}`;
  return { kind, driver, inEngine, full, version: parseVersion(version), platforms: ['linux/amd64'], words };
}

/** One of each kind. */
export const BUILDERS = {
  container: builder('buildx', 'docker-container', true, '0.37.0'),
  engine: builder('buildx', 'docker', false, '0.13.1'),
  containerd: builder('buildx', 'docker', true, '0.37.0'),
  plain: builder('plain', 'docker', false, '20.10.24'),
  podman: builder('podman', 'podman', false, '4.3.1'),
} as const;

export type BuilderName = keyof typeof BUILDERS;

/** What docker told in these lines. */
export function told(lines: string | readonly string[]): Progress {
  const progress = new Progress();
  for (const line of typeof lines === 'string' ? lines.split('\n') : lines) progress.add(line);
  return progress;
}
