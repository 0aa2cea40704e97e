import type { Credentials } from './credentials.ts';
import { orMissing, restOf, textsIn } from './rest.ts';

/** What the caller may do with buckets, by Cloud Storage's JSON API (v1). Each call throws ApiError. */
export interface BucketPermissionsApi {
  /** Those of the permissions that the caller has on the bucket and its objects; undefined where there is no such bucket. */
  granted(bucket: string, permissions: readonly string[], signal?: AbortSignal): Promise<readonly string[] | undefined>;
}

/** `url` is the service's base address without the path of the API, such as `https://storage.googleapis.com`. */
export function bucketPermissionsApi(url: string, credentials: Credentials): BucketPermissionsApi {
  const rest = restOf(url, credentials);
  return {
    granted: async (bucket, permissions, signal) => {
      const query = new URLSearchParams(permissions.map((permission): [string, string] => ['permissions', permission]));
      const path = `/storage/v1/b/${encodeURIComponent(bucket)}/iam/testPermissions?${query}`;
      const answer = await orMissing(rest({ action: `test permissions on gs://${bucket}`, path, signal }));
      return answer && textsIn(answer, 'permissions');
    },
  };
}
