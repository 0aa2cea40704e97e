import { TRAINING_REGIONS } from '../../../plan/catalog.ts';
import { ApiError } from '../../api/errors.ts';
import { placeOf } from '../../api/ids.ts';
import { resourceFilter } from '../../api/list-filter.ts';
import { pageOf } from '../page.ts';
import type { ApiRequest } from '../request.ts';

/** google.cloud.location.Location, as far as a region has it. */
interface Location {
  readonly name: string;
  readonly locationId: string;
  readonly labels: Readonly<Record<string, string>>;
}

const PATH = /^\/(?:v1|v1beta1|ui)\/projects\/([^/]+)\/locations(?:\/([^/:]+))?$/;

const COMPARATORS = ['=', '!=', ':'];
const FIELDS = {
  texts: {
    name: { read: ({ name }: Location) => name, comparators: COMPARATORS },
    locationId: { read: ({ locationId }: Location) => locationId, comparators: COMPARATORS },
    // A region has no other name than its id here.
    displayName: { read: ({ locationId }: Location) => locationId, comparators: COMPARATORS },
  },
  times: {},
  labels: ({ labels }: Location) => labels,
};

function locationOf(projectNumber: string, locationId: string): Location {
  return {
    name: `projects/${projectNumber}/locations/${locationId}`,
    locationId,
    labels: { 'cloud.googleapis.com/region': locationId },
  };
}

/**
 * google.cloud.location.Locations: the regions that train custom jobs. Jobs may be made in others too, which are as good here.
 * Undefined where a request is for none. Throws INVALID_ARGUMENT, NOT_FOUND.
 */
export function locationsAnswer({ method, path, query }: ApiRequest): object | undefined {
  const [whole, project = '', id] = PATH.exec(path) ?? [];
  if (whole === undefined || method !== 'GET') return undefined;
  const { projectNumber } = placeOf(project, id ?? 'global');
  if (id !== undefined) {
    if (TRAINING_REGIONS.includes(id)) return locationOf(projectNumber, id);
    throw new ApiError('NOT_FOUND', `Location ${id} is not found or access is unauthorized.`);
  }
  const filter = query.get('filter') ?? '';
  const all = TRAINING_REGIONS.map((region) => locationOf(projectNumber, region));
  return pageOf(query, {
    key: 'locations',
    found: all.filter(resourceFilter(filter, FIELDS)),
    keyOf: ({ locationId }) => locationId,
    request: ['locations', projectNumber, filter],
  });
}
