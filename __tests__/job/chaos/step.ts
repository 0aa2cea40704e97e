import { fixedCredentials } from '../../../src/google/credentials.ts';
import type { LoggingApi } from '../../../src/google/logging.ts';
import { modelsApi } from '../../../src/google/models.ts';
import { objectsApi } from '../../../src/google/objects.ts';
import type { VertexApi } from '../../../src/google/vertex.ts';
import { CLOUD_TEMPO } from '../../../src/job/tempo.ts';
import type { Log } from '../../../src/log.ts';
import { nothingButVertex } from '../../../src/preflight/apis.ts';
import { hasLeft, seeToJobs } from '../../../src/run/clean-up.ts';
import type { Edges } from '../../../src/run/edges.ts';
import { trainOn } from '../../../src/run/job.ts';
import { followStanding } from '../../../src/run/standing.ts';
import type { OpenedRegion } from '../../../src/runner/open-region.ts';
import type { Job } from '../../../src/vertex/jobs.ts';
import type { Life } from './life.ts';
import type { Asked } from './request.ts';
import { edgesOf, type Kept, readerOf } from './runner.ts';

/** How a step came to its end by itself. */
export type Outcome =
  /** Exit code 0. */
  { readonly kind: 'ok'; readonly job: Job } | { readonly kind: 'error'; readonly error: unknown };

export interface Surroundings {
  readonly life: Life;
  readonly api: VertexApi;
  readonly logging: LoggingApi;
  readonly log: Log;
  readonly random: () => number;
  readonly kept: Kept;
}

/** A region of Google's as a process reaches it. */
function regionOf({ life, api, logging }: Surroundings): OpenedRegion {
  const vertex = life.vertex(api);
  return {
    vertex,
    vertexIn: () => vertex,
    modelsIn: () => modelsApi('http://localhost', fixedCredentials('TOKEN')),
    objects: objectsApi('http://localhost', fixedCredentials('TOKEN')),
    logging: { list: (request) => life.asks(() => logging.list(request)) },
    tempo: CLOUD_TEMPO,
    onLoopback: false,
    artifactRegistry: undefined,
    preflight: nothingButVertex('http://localhost', fixedCredentials('TOKEN')),
    quotaLimit: async () => undefined,
    accessToken: async () => 'TOKEN',
    close: async () => {},
  };
}

const NOTHING_MADE = { image: undefined, baseline: undefined };

/** The step from where its image is made: src/main.ts does nothing else with a job. */
export async function main(
  { step, plan, requested }: Asked,
  surroundings: Surroundings,
  { signal, env }: { readonly signal: AbortSignal; readonly env: Edges['env'] },
): Promise<Outcome> {
  const { life, log, random, kept } = surroundings;
  const edges = edgesOf(life, kept, random, env);
  const base = { ...edges, step, region: regionOf(surroundings), log, signal, startedAt: edges.clock.now() };
  const { job } = step.inputs.course;
  try {
    const last =
      job === undefined ? await trainOn({ ...base, plan }, requested, NOTHING_MADE) : await followStanding(base, job);
    return { kind: 'ok', job: last };
  } catch (error) {
    return { kind: 'error', error };
  }
}

/** Post's part of the job. Throws where a job may be left. */
export async function post({ step }: Asked, surroundings: Surroundings): Promise<void> {
  const { life, log, random, kept } = surroundings;
  const readState = readerOf(kept);
  if (!hasLeft(readState)) return;
  const region = regionOf(surroundings);
  await seeToJobs(
    { step, region, log, clock: life.clock, random, readState },
    step.inputs.course.onCancel === 'detach',
  );
}
