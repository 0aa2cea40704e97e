import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { encodedName, type Fields, listIn, orMissing, restOf, textIn } from './rest.ts';

/** Service Usage's view of a project's quotas (v1beta1, services.consumerQuotaMetrics). Throws ApiError. */
interface ServiceUsageApi {
  /**
   * How much of a metric of Vertex AI's (`custom_model_training_nvidia_t4_gpus`) the project may use in a region; undefined
   * where there is no such metric, or no limit to it.
   */
  limitOf(project: string, metric: string, region: string, signal?: AbortSignal): Promise<number | undefined>;
}

const SERVICE = 'aiplatform.googleapis.com';

/** `url` is the service's base address, such as `https://serviceusage.googleapis.com`. */
export function serviceUsageApi(url: string, credentials: Credentials): ServiceUsageApi {
  const rest = restOf(url, credentials);
  return {
    limitOf: async (project, metric, region, signal) => {
      const quota = encodeURIComponent(`${SERVICE}/${metric}`);
      const path = `/v1beta1/projects/${encodedName(project)}/services/${SERVICE}/consumerQuotaMetrics/${quota}`;
      const answer = await orMissing(rest({ action: `get the quota ${metric}`, path, signal }));
      return answer === undefined ? undefined : limitIn(answer, region);
    },
  };
}

/** Buckets come from the least specific to the most; one without a region holds for those that have none of their own. */
function limitIn(answer: Fields, region: string): number | undefined {
  const limits = listIn(answer, 'consumerQuotaLimits')
    .filter(isRecord)
    .filter((limit) => textIn(limit, 'unit')?.includes('{region}') === true);
  const buckets = limits.flatMap((limit) => listIn(limit, 'quotaBuckets')).filter(isRecord);
  const places = buckets.map((bucket) => ({ place: regionOf(bucket), limit: numberIn(bucket) }));
  return (places.findLast(({ place }) => place === region) ?? places.findLast(({ place }) => place === undefined))
    ?.limit;
}

function regionOf({ dimensions }: Fields): string | undefined {
  return isRecord(dimensions) ? textIn(dimensions, 'region') : undefined;
}

/** An int64 in JSON; -1 means that there is no limit. */
function numberIn(bucket: Fields): number | undefined {
  const text = textIn(bucket, 'effectiveLimit') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
