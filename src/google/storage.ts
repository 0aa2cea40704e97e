import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { type Fields, orMissing, restOf, textIn, textsIn } from './rest.ts';

/** A bucket, as far as a job cares. */
export interface Bucket {
  /** As the service writes it: `US-CENTRAL1`, `US`, `NAM4`; undefined where the answer did not tell. */
  readonly location: string | undefined;
  /** `region`, `dual-region`, `multi-region`, `zone`. */
  readonly locationType: string | undefined;
  /** The regions of a dual-region that was put together by its owner, as the service writes them. */
  readonly dataLocations: readonly string[];
  /** The number of the project that owns it. */
  readonly projectNumber: string | undefined;
}

/** Cloud Storage's JSON API (v1). Each call throws ApiError. */
export interface StorageApi {
  /** Undefined where there is no bucket of that name. */
  bucket(name: string, signal?: AbortSignal): Promise<Bucket | undefined>;
}

/** `url` is the service's base address without the path of the API, such as `https://storage.googleapis.com`. */
export function storageApi(url: string, credentials: Credentials): StorageApi {
  const rest = restOf(url, credentials);
  const query = 'fields=location,locationType,customPlacementConfig,projectNumber';
  return {
    bucket: (name, signal) => {
      const path = `/storage/v1/b/${encodeURIComponent(name)}?${query}`;
      return orMissing(rest({ action: `get gs://${name}`, path, signal }).then(readBucket));
    },
  };
}

function readBucket(answer: Fields): Bucket {
  const placement = answer['customPlacementConfig'];
  return {
    location: textIn(answer, 'location'),
    locationType: textIn(answer, 'locationType'),
    dataLocations: isRecord(placement) ? textsIn(placement, 'dataLocations') : [],
    projectNumber: /^\d+$/.exec(textIn(answer, 'projectNumber') ?? '')?.[0],
  };
}
