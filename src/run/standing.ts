import { untilAborted } from '../abort.ts';
import { type Fault, faultText, InputError, messageOf, UserError } from '../faults.ts';
import { ApiError, isTransient, serviceWords } from '../google/api-error.ts';
import type { Inputs, JobName } from '../inputs/inputs.ts';
import { permissionText } from '../job/failover/permission.ts';
import { type Followed, followJob } from '../job/follow.ts';
import { uploadFaults } from '../plan/model/planned.ts';
import { isGated, planUpload, uploaderOf } from '../plan/model/upload.ts';
import { resultFaults, resultWarnings } from '../plan/results.ts';
import { retry } from '../retry.ts';
import { collectionOf, hasEnded, idOf, type Job, locationOf } from '../vertex/jobs.ts';
import { lookUpBaseline } from './baseline.ts';
import { type About, conclude, tellJob } from './conclude.ts';
import { type Detach, detachOf, followOptions } from './follow.ts';
import { checkDownload } from './preflight.ts';
import { principalOf } from './principal.ts';
import type { Base } from './run.ts';
import { newTrail } from './trail.ts';

/**
 * Follows a job that stands already to its end and reports, as the step that made it would. Throws UserError where there is
 * no such job.
 */
export async function followStanding(base: Base, { name, region }: JobName): Promise<Job> {
  const { step, signal } = base;
  const trail = newTrail([], base.saveState);
  // A job that the step does not follow is none of post's business.
  if (step.inputs.wait) trail.heardOf({ name });
  const job = await standing(base, name, region).catch((error: unknown) => {
    if (!signal.aborted) trail.settled();
    throw error;
  });
  tellJob(base, { job, how: 'found' }, undefined);
  const { study } = job;
  const { baseline, upload } = await prepared(base, job).catch((error: unknown) => {
    // The job goes on: what was asked of its results is wrong, not the job.
    trail.settled();
    throw error;
  });
  // Of one that has ended there is nothing to wait for, and all to tell.
  const followed: Followed<Detach> =
    step.inputs.wait || hasEnded(job)
      ? await followJob<Detach>(job, {
          ...followOptions<never>(base, job, detachOf(base), {
            study: study && { ...study, onMissingMetric: step.inputs.course.onMissingMetric, tagsInCode: [] },
            limit: undefined,
            until: undefined,
          }),
        })
      : { job, stopped: { kind: 'detach', because: 'wait' }, cause: undefined };
  if (followed.stopped !== undefined || hasEnded(followed.job)) trail.settled();
  await conclude(base, followed, { metrics: study?.metrics ?? [], machines: [], image: undefined, baseline, upload });
  return followed.job;
}

/** What is to be made of the job's results, judged before it is waited for. Throws InputError. */
async function prepared(base: Base, job: Job): Promise<Pick<About, 'baseline' | 'upload'>> {
  const { inputs } = base.step;
  const leaving = { outputUri: job.spec?.outputUri, metrics: job.study?.metrics };
  const uploader = uploaderAfter(inputs, job);
  const faults = [
    ...resultFaults(inputs, leaving),
    ...uploadFaults(inputs, leaving, uploader),
    ...tooLateFaults(inputs, job),
  ];
  if (faults.length > 0) throw new InputError(faults, 'checked');
  for (const warning of resultWarnings(inputs, leaving)) {
    if (!inputs.ignore.includes(warning.rule)) base.log.warning(faultText(warning));
  }
  await checkDownload(base.step);
  const parent = job.name.split('/').slice(0, 4).join('/');
  const baseline = await lookUpBaseline(base, {
    parents: [parent, ...parentsElsewhere(inputs, job)],
    collection: collectionOf(job.name),
    followed: job,
  });
  return { baseline, upload: uploader === 'step' ? uploadOf(base.step, job, parent) : undefined };
}

/** Where the step that made the job may have made others: the regions that this one is given too. */
const parentsElsewhere = ({ regions }: Inputs, { name }: Job): string[] =>
  regions
    .filter((region) => region !== 'local' && region !== locationOf(name))
    .map((region) => `${name.split('/').slice(0, 3).join('/')}/${region}`);

/** Who uploads the model that is asked for: the job is made by now, and what it does is no matter of the inputs any more. */
function uploaderAfter({ model }: Inputs, { uploads }: Job): ReturnType<typeof uploaderOf> {
  if (model === undefined) return undefined;
  return uploads ? 'pipeline' : 'step';
}

/** What is to become of a model before it is uploaded, where the pipeline uploads it by itself. */
function tooLateFaults(inputs: Inputs, { name, uploads }: Job): Fault[] {
  if (!uploads || uploaderOf(inputs) !== 'step') return [];
  const input = inputs.model?.register === undefined ? 'gate' : 'register';
  const message = `comes too late for the model: ${name} uploads it by itself once training has succeeded, and another version would be made of it. Give ${input} to the step that makes the job, or remove model here.`;
  return [{ rule: 'model-uploaded', input, message }];
}

/** A version is labelled as its job is, whichever step uploads it. */
function uploadOf({ inputs }: Base['step'], { displayName, labels, name }: Job, parent: string): About['upload'] {
  const { model, kmsKey } = inputs;
  if (model === undefined) return undefined;
  return planUpload({ parent, model, displayName: displayName ?? idOf(name), labels, kmsKey, gated: isGated(inputs) });
}

async function standing({ region, signal, step, clock, random }: Base, name: string, location: string): Promise<Job> {
  try {
    return await retry(() => untilAborted(region.vertexIn(location).get(name), signal), {
      clock,
      random,
      signal,
      backoff: { firstMs: 1_000, capMs: 60_000, attempts: 12 },
      transient: isTransient,
    });
  } catch (error) {
    throw unreadable(error, name, step);
  }
}

/** Why a job cannot be read, and the mend. */
function unreadable(error: unknown, name: string, { inputs }: Base['step']): unknown {
  if (!(error instanceof ApiError)) return error;
  const { projectId, signIn } = inputs;
  if (error.httpStatus === 404) {
    const mend = 'Give the input job what the output job of the earlier step gives.';
    return new UserError(`There is no job ${name}. ${mend}`, { cause: error });
  }
  if (error.httpStatus !== 403) return error;
  const words = serviceWords(messageOf(error));
  const told = permissionText(words, { projectId, principal: principalOf(signIn), serviceAccount: undefined });
  return new UserError(`${name} cannot be read: ${told}`, { cause: error });
}
