import { gunzipSync } from 'node:zlib';
import { messageOf, UserError } from '../faults.ts';
import { ApiError } from '../google/api-error.ts';
import type { ObjectsApi, StoredObject } from '../google/objects.ts';
import type { Metrics } from '../results/types.ts';
import type { Clock } from '../retry.ts';
import { checksumOf } from './checksum.ts';
import { type GsPlace, gsPlace, gsText } from './gs-uri.ts';
import { metricsIn } from './metrics-text.ts';
import { type Patience, patiently } from './patience.ts';
import { refusal } from './refusal.ts';

export interface MetricsFileOptions {
  readonly api: Pick<ObjectsApi, 'get' | 'read'>;
  /** `gs://bucket/path`. */
  readonly uri: string;
  /** When the job was made, in milliseconds since the epoch: what was written before is not the job's. Undefined takes any. */
  readonly writtenAfter: number | undefined;
  /** What was written later is not the job's either; undefined takes any. */
  readonly writtenBefore?: number | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A file of numbers is far smaller. */
const MOST_BYTES = 1024 * 1024;
const FORM = 'a JSON object of numbers such as {"accuracy": 0.93, "loss": 0.21}';

/**
 * The metrics that a job wrote to a file in Cloud Storage: a flat JSON object of finite numbers. Throws UserError where there is no
 * such file, it is not of the job's time, or it holds anything else, all of that told; ApiError where Cloud Storage does not answer.
 */
export async function readMetricsFile(options: MetricsFileOptions): Promise<Metrics> {
  const place = gsPlace(options.uri);
  const where = `metrics_file: ${gsText(place)}`;
  const patience: Patience = { ...options, onRetry: () => {} };
  const object = await foundAt(place, where, options, patience);
  refuseTime(object, where, options);
  if (object.size > MOST_BYTES) {
    throw new UserError(
      `${where} has ${object.size} bytes; at most ${MOST_BYTES} are accepted. Write ${FORM} there, and nothing else.`,
    );
  }
  const bytes = await patiently(() => whole(options.api, place.bucket, object, options.signal), patience).catch(
    (error) => {
      throw refusal(error, place.bucket) ?? error;
    },
  );
  const { metrics, faults } = metricsIn(bytes);
  if (faults.length === 0) return metrics;
  throw new UserError(`${where} ${faults.join('; ')}. Accepted is ${FORM}.`);
}

async function foundAt(
  { bucket, path }: GsPlace,
  where: string,
  { api, signal }: MetricsFileOptions,
  patience: Patience,
): Promise<StoredObject> {
  const object = await patiently(() => api.get(bucket, path, signal), patience).catch((error) => {
    throw refusal(error, bucket) ?? error;
  });
  if (object !== undefined) return object;
  throw new UserError(
    `${where} is not there. The program has to write ${FORM} to it before it ends: the bucket's files are below /gcs/${bucket}/ in the container.`,
  );
}

/** By when the content was written: `updated` is also the time of a change of metadata alone. */
function refuseTime(object: StoredObject, where: string, { writtenAfter, writtenBefore }: MetricsFileOptions): void {
  const written = object.timeCreated ?? object.updated;
  const at = Date.parse(written ?? '');
  const since = (ms: number) => new Date(ms).toISOString();
  const mend = 'Give each run an output folder of its own, such as one with github.run_id in its name.';
  if (writtenAfter !== undefined && !(at >= writtenAfter)) {
    const reason = `was written before this job: at ${written ?? 'an unknown time'}, and the job was made at ${since(writtenAfter)}`;
    throw new UserError(`${where} ${reason}. Did the program write it? ${mend}`);
  }
  if (writtenBefore !== undefined && !(at <= writtenBefore)) {
    const reason = `was written after this job: at ${written ?? 'an unknown time'}, and the job was over at ${since(writtenBefore)}`;
    throw new UserError(`${where} ${reason}. Another job wrote over it. ${mend}`);
  }
}

/** All bytes of a small object, decompressed where they are stored as gzip. */
async function whole(
  api: Pick<ObjectsApi, 'read'>,
  bucket: string,
  object: StoredObject,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const sum = checksumOf(object);
  const parts: Uint8Array[] = [];
  if (object.size > 0) {
    for await (const chunk of (await api.read(bucket, object, { signal })).chunks) {
      sum.update(chunk);
      parts.push(chunk);
    }
  }
  const uri = gsText({ bucket, path: object.name });
  if (!sum.matches())
    throw new ApiError(`read ${uri}: what came does not have the checksum that Cloud Storage tells`, undefined);
  const stored = Buffer.concat(parts);
  if (object.contentEncoding !== 'gzip') return stored;
  try {
    return gunzipSync(stored, { maxOutputLength: MOST_BYTES });
  } catch (cause) {
    throw new UserError(
      `metrics_file: ${uri} is no gzip of at most ${MOST_BYTES} bytes (${messageOf(cause)}), as its Content-Encoding says.`,
      {
        cause,
      },
    );
  }
}
