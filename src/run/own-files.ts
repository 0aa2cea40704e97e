import { type GsPlace, gsPlace, gsText } from '../artifacts/gs-uri.ts';
import { objectsOf } from '../artifacts/listing.ts';
import { messageOf, shown, UserError } from '../faults.ts';
import type { StoredObject } from '../google/objects.ts';
import type { RESULT_RULES } from '../plan/network-rules.ts';
import type { Job } from '../vertex/jobs.ts';
import { epochOf } from '../vertex/times.ts';
import type { Base } from './run.ts';

/** No message names more files. */
const MOST_NAMED = 5;
const RULE: (typeof RESULT_RULES)[number] = 'model-files-earlier';
const MEND = 'Give each run an output folder of its own, such as one with github.run_id in its name.';

/**
 * Whether the model's folder holds what this job has written: one that all runs share may hold what an earlier job left.
 * Throws UserError where nothing in it is as young as the job; warns where only some of it is; `ignore` may take the weight off
 * both. An empty folder, and one that may not be listed, is for whoever reads it to tell.
 */
export async function checkOwnFiles(base: Base, { createTime }: Job, uri: string): Promise<void> {
  const { log, signal, step } = base;
  const made = epochOf(createTime);
  if (made === undefined) return;
  const place = gsPlace(uri);
  const objects = await listed(base, place).catch((error: unknown) => {
    signal.throwIfAborted();
    log.info(`Whether the files in ${gsText(place)}/ are this job's is not known: ${messageOf(error)}`);
    return [];
  });
  const earlier = objects.filter((object) => (writtenAt(object) ?? made) < made);
  if (earlier.length === 0) return;
  const ignored = step.inputs.ignore.includes(RULE);
  if (earlier.length === objects.length && !ignored) throw nothingOwn(place, earlier, made);
  const names = earlier.slice(0, MOST_NAMED).map(({ name }) => shown(name.slice(place.path.length + 1)));
  const more = earlier.length - names.length;
  const which = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const [were, go] = earlier.length === 1 ? ['was', 'goes'] : ['were', 'go'];
  const text = `${earlier.length} of ${objects.length} files in ${gsText(place)}/ ${were} there before this job was made, and ${go} along with its model: ${which}. ${MEND} [${RULE}]`;
  if (ignored) log.info(`Ignored: ${text}`);
  else log.warning(text);
}

const listed = ({ region, clock, random, signal }: Base, place: GsPlace) =>
  objectsOf(region.objects, place, { clock, random, signal, onRetry: () => {} });

/** `updated` is also the time of a change of metadata alone. */
const writtenAt = ({ timeCreated, updated }: StoredObject) => epochOf(timeCreated ?? updated);

function nothingOwn(place: GsPlace, objects: readonly StoredObject[], made: number): UserError {
  const last = new Date(Math.max(...objects.map((object) => writtenAt(object) ?? 0))).toISOString();
  const since = `before the job was made at ${new Date(made).toISOString()}`;
  const files =
    objects.length === 1
      ? `its one file was written ${since}, at ${last}`
      : `all ${objects.length} files were written ${since}, the last at ${last}`;
  return new UserError(
    `Nothing in ${gsText(place)}/ is of this job, so that nothing of it is uploaded or downloaded: ${files}. Does the program write its model to the folder that AIP_MODEL_DIR names? ${MEND} [${RULE}]`,
  );
}
