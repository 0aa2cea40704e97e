import { ApiError } from '../../google/api-error.ts';
import type { VertexApi } from '../../google/vertex.ts';
import { type Collection, type Job, locationOf } from '../../vertex/jobs.ts';
import type { Place } from './options.ts';

/** A service's jobs of one kind in one region. */
interface Shelf {
  readonly api: VertexApi;
  readonly parent: string;
  readonly collection: Collection;
  /** Whether it may be passed over where the account may not read it. */
  readonly optional: boolean;
}

/** Whoever runs others comes first: what a pipeline or study runs ends with it. */
export const OUTER_FIRST: readonly Collection[] = ['trainingPipelines', 'hyperparameterTuningJobs', 'customJobs'];

/** The places where the jobs of a step are. */
export interface Places {
  /**
   * All jobs of whichever kind that pass the filter. A kind or region that the account may not list is passed over, as it
   * can hardly create there; not so the one where the step's job is to be. Throws ApiError.
   */
  list(filterOf: (collection: Collection) => string): Promise<readonly Job[]>;
  /** The client of the job's own region. */
  apiOf(name: string): VertexApi;
}

/** `own` is where the step's job is to be; `run` makes each call, with the patience that the caller has. */
export function placesOf(
  own: Place & { readonly collection: Collection },
  elsewhere: readonly Place[],
  run: <T>(call: () => Promise<T>) => Promise<T>,
): Places {
  const places = [own, ...elsewhere.filter(({ parent }) => parent !== own.parent)];
  const shelves = OUTER_FIRST.flatMap((collection) =>
    places.map(({ api, parent }): Shelf => {
      const optional = parent !== own.parent || collection !== own.collection;
      return { api, parent, collection, optional };
    }),
  );
  return {
    list: async (filterOf) => {
      const lists = shelves.map((shelf) => run(() => listShelf(shelf, filterOf(shelf.collection))));
      return (await Promise.all(lists)).flat();
    },
    // Names in answers carry the project's number where the request gave its id: only the location compares.
    apiOf: (name) => places.find(({ parent }) => locationOf(parent) === locationOf(name))?.api ?? own.api,
  };
}

async function listShelf({ api, parent, collection, optional }: Shelf, filter: string): Promise<readonly Job[]> {
  try {
    return await api.list(parent, collection, filter);
  } catch (error) {
    if (optional && error instanceof ApiError && (error.httpStatus === 403 || error.httpStatus === 404)) return [];
    throw error;
  }
}
