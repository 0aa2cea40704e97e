import type { ModelVersion } from '../google/models.ts';
import { JOB_LABEL } from '../plan/labels.ts';
import { modelName } from '../plan/model/upload.ts';
import { idOf } from '../vertex/jobs.ts';
import type { Asking } from './ask.ts';
import type { RegisterOptions } from './options.ts';
import { uploadText, versionText } from './version.ts';

interface Found {
  readonly found: ModelVersion;
  /** Younger ones of the same job. */
  readonly others: readonly ModelVersion[];
  /** Whether this call had asked for it. */
  readonly isLost: boolean;
}

/** How a version came to be the job's, where this call did not see it made. */
export function tellFound({ log }: Pick<RegisterOptions, 'log'>, { found, others, isLost }: Found): void {
  if (isLost) log.info(`What came of the upload was not told, but its version is there: ${versionText(found)}`);
  else log.notice(`The model of this job is uploaded already, as ${versionText(found)}, and no other version is made.`);
  if (others.length === 0) return;
  log.warning(
    `The job has more versions than one: ${[found, ...others].map(versionText).join(', ')}. The first is taken.`,
  );
}

/** What a cancelled step leaves behind. */
export function tellLeft(options: RegisterOptions, { operation, open }: Asking): void {
  const { log, upload, job } = options;
  const label = `${JOB_LABEL}=${idOf(job.name)}`;
  if (operation !== undefined)
    log.warning(
      `The upload of ${uploadText(options)} goes on without this step: ${operation}. Its version carries the label ${label}.`,
    );
  else if (open)
    log.warning(
      `Whether ${uploadText(options)} was uploaded is not known: a version of ${modelName(upload)} with the label ${label} is it.`,
    );
}
