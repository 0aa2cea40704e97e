import type { Job } from '../vertex/jobs.ts';
import { readJob } from '../vertex/read.ts';
import type { Credentials } from './credentials.ts';
import { encodedName, listIn, restOf, textIn } from './rest.ts';
import type { VertexApi } from './vertex.ts';

/** What is asked of Vertex AI where jobs are only looked at and ended. */
export type VertexJobs = Pick<VertexApi, 'list' | 'get' | 'cancel'>;

/** A page has to fit into what one answer may hold, also where each job is one of hundreds of environment variables. */
const PAGE_SIZE = 25;
/** A service that always names a next page would be asked for ever. */
const MOST_PAGES = 2_000;

/**
 * Jobs over REST alone: to list and to end them takes none of the message types that Google's own client brings, which are
 * most of the weight of a bundle. `url` is the base address of a region's service. A pipeline comes without the trials behind
 * it.
 */
export function vertexJobs(url: string, credentials: Credentials): VertexJobs {
  const rest = restOf(url, credentials);
  return {
    list: async (parent, collection, filter) => {
      const jobs: Job[] = [];
      let token: string | undefined;
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const query = new URLSearchParams({ filter, pageSize: String(PAGE_SIZE) });
        if (token !== undefined) query.set('pageToken', token);
        const action = `list ${parent}/${collection}`;
        const answer = await rest({ action, path: `/v1/${encodedName(parent)}/${collection}?${query}` });
        jobs.push(...listIn(answer, collection).map(readJob));
        token = textIn(answer, 'nextPageToken');
        if (token === undefined) return jobs;
      }
      throw new Error(`list ${parent}/${collection}: more than ${MOST_PAGES} pages`);
    },
    get: async (name) => readJob(await rest({ action: `get ${name}`, path: `/v1/${encodedName(name)}` })),
    cancel: async (name) => {
      await rest({ action: `cancel ${name}`, path: `/v1/${encodedName(name)}:cancel`, body: {} });
    },
  };
}
