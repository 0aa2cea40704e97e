import type { Credentials } from './credentials.ts';
import { encodedName, orMissing, restOf, textIn } from './rest.ts';

export interface Dataset {
  /** As the service writes it: `US`, `EU`, `us-central1`; undefined where the answer did not tell. */
  readonly location: string | undefined;
}

/** BigQuery's datasets (v2). Each call throws ApiError. */
export interface BigQueryApi {
  /** Undefined where the project has no dataset of that name. */
  dataset(project: string, dataset: string, signal?: AbortSignal): Promise<Dataset | undefined>;
}

/** `url` is the service's base address without the path of the API, such as `https://bigquery.googleapis.com`. */
export function bigQueryApi(url: string, credentials: Credentials): BigQueryApi {
  const rest = restOf(url, credentials);
  return {
    dataset: (project, dataset, signal) => {
      const path = `/bigquery/v2/${encodedName(`projects/${project}/datasets/${dataset}`)}`;
      const asked = rest({ action: `get bq://${project}.${dataset}`, path, signal });
      return orMissing(asked.then((answer) => ({ location: textIn(answer, 'location') })));
    },
  };
}
