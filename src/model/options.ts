import type { ModelsApi } from '../google/models.ts';
import type { Lag } from '../job/submit/lag.ts';
import type { Pace } from '../job/watch/interval.ts';
import type { Log } from '../log.ts';
import type { ModelUpload } from '../plan/model/upload.ts';
import type { Clock } from '../retry.ts';
import type { Job } from '../vertex/jobs.ts';

/** Which model is uploaded, and how that is asked for. */
export interface RegisterOptions {
  /** Of the region that the job ran in. */
  readonly api: ModelsApi;
  readonly upload: ModelUpload;
  /** Folder of the model's files: `gs://bucket/path`. */
  readonly artifactUri: string;
  /** The job that trained it: it has one version of the model, whoever uploads it and in whichever attempt. */
  readonly job: Pick<Job, 'name'>;
  /** Whether an earlier attempt may have asked for the upload; by the attempt's label where it is not given. */
  readonly earlier?: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Once it aborts, what is left behind is told, and its reason thrown. */
  readonly signal: AbortSignal;
  readonly random?: () => number;
  /** How often the upload is looked at; CLOUD_PACE where it is not given. */
  readonly pace?: Pace;
  /** CLOUD_LAG where it is not given. */
  readonly lag?: Lag;
}
