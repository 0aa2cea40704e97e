import { isTransient } from '../google/api-error.ts';
import type { VertexJobs } from '../google/vertex-jobs.ts';
import { OUTER_FIRST } from '../job/submit/places.ts';
import { notEnded } from '../job/submit/supersede.ts';
import { repositoryHash } from '../plan/identity.ts';
import { REPOSITORY_LABEL } from '../plan/labels.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import { hasEnded, type Job } from '../vertex/jobs.ts';
import { type Asker, type Refusal, refusalTexts } from './refusals.ts';

/** A region that is swept. */
export interface SweptPlace {
  readonly region: string;
  readonly api: VertexJobs;
}

/** A job, and the region that it was found in. */
export interface PlacedJob {
  readonly job: Job;
  readonly place: SweptPlace;
}

/** Whose jobs are listed, and where. */
export interface ListOptions extends Asker {
  readonly places: readonly SweptPlace[];
  readonly repositoryId: string;
  readonly clock: Clock;
}

interface Listed {
  /** All of the repository's jobs that had not ended. */
  readonly jobs: readonly PlacedJob[];
  /** What could not be listed, and why. */
  readonly faults: readonly string[];
}

const BACKOFF: Backoff = { firstMs: 500, capMs: 8_000, attempts: 5 };

/** A request to Vertex AI, repeated where that may help. */
export const patiently = <T>(clock: Clock, request: () => Promise<T>): Promise<T> =>
  retry(request, { clock, backoff: BACKOFF, transient: isTransient });

/** Lists the jobs of the repository, of every kind in every region; what cannot be listed hinders nothing else. */
export async function listJobs(options: ListOptions): Promise<Listed> {
  const { places, projectId, clock } = options;
  const repository = repositoryHash(options.repositoryId);
  const refusals: Refusal[] = [];
  const shelves = places.flatMap((place) => OUTER_FIRST.map((collection) => ({ place, collection })));
  const lists = shelves.map(async ({ place, collection }): Promise<readonly PlacedJob[]> => {
    const parent = `projects/${projectId}/locations/${place.region}`;
    const filter = `labels.${REPOSITORY_LABEL}="${repository}" AND ${notEnded(collection)}`;
    try {
      const jobs = await patiently(clock, () => place.api.list(parent, collection, filter));
      return jobs.filter((job) => isOurs(job, repository)).map((job) => ({ job, place }));
    } catch (error) {
      refusals.push({ about: place.region, error });
      return [];
    }
  });
  const jobs = (await Promise.all(lists)).flat();
  const told = (regions: readonly string[]) => `The jobs in ${regions.join(', ')} could not all be listed`;
  return { jobs, faults: refusalTexts(refusals, options, told) };
}

/** Other repositories' jobs are nobody's to end here, whatever the service makes of the filter. */
const isOurs = (job: Job, repository: string) => job.labels[REPOSITORY_LABEL] === repository && !hasEnded(job);
