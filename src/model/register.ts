import { messageOf, UserError } from '../faults.ts';
import { ApiError } from '../google/api-error.ts';
import type { ModelVersion, UploadOperation } from '../google/models.ts';
import { attemptOf } from '../job/submit/claim.ts';
import { CLOUD_LAG } from '../job/submit/lag.ts';
import { modelName } from '../plan/model/upload.ts';
import type { RegisteredModel } from '../results/types.ts';
import { withAliases } from './aliases.ts';
import { type Asking, askOnce, newAsking, setBack } from './ask.ts';
import { followUpload } from './follow.ts';
import type { RegisterOptions } from './options.ts';
import { patiently, pause } from './patience.ts';
import { uploadError } from './refusal.ts';
import { tellFound, tellLeft } from './say.ts';
import { uploadText, versionsOfJob, versionText } from './version.ts';

export type { RegisterOptions } from './options.ts';
export { uploadedBy } from './uploaded.ts';

/** How long the upload is asked for while the service puts it off or gives no clear answer, in milliseconds. */
const PATIENCE_MS = 20 * 60_000;
/** Operations that fail for the service's own sake: so many in all. */
const MOST_FAILED = 3;
/** How long a version is looked for whose upload cannot be looked at, in milliseconds. */
const UNSEEN_MS = 10 * 60_000;
/** google.rpc.Code of what may go by: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE. */
const PASSING: ReadonlySet<number | undefined> = new Set([4, 8, 10, 13, 14]);

/**
 * The version of the model that the job trained: uploaded, or found where it has been uploaded before. The service takes no
 * request id, so that the version is looked for by its labels before it is asked for, and after every unclear answer; one that
 * is on its way is waited for. Throws UserError where it is refused or fails, with what mends that, and the signal's reason
 * after telling what a cancelled step leaves behind.
 */
export async function registerModel(options: RegisterOptions): Promise<RegisteredModel> {
  const asking = newAsking(options.clock.now());
  try {
    return await withAliases(options, await versionOfJob(options, asking));
  } catch (error) {
    if (options.signal.aborted) {
      tellLeft(options, asking);
      throw options.signal.reason;
    }
    throw error instanceof ApiError ? uploadError(options, error.message, { cause: error }) : error;
  }
}

async function versionOfJob(options: RegisterOptions, asking: Asking): Promise<ModelVersion> {
  const { api, clock } = options;
  const joined = new Set<string>();
  for (;;) {
    const lookedAt = clock.now();
    const [found, ...others] = await patiently(options, () => versionsOfJob(api, options));
    if (found !== undefined) {
      tellFound(options, { found, others, isLost: asking.sent > 0 });
      return found;
    }
    const mayCome = asking.sent > 0 || isLater(options);
    if (mayCome && (await waited(options, asking, { joined, lookedAt }))) continue;
    asking.open = false;
    giveUp(options, asking);
    const made = await uploaded(options, asking);
    if (made !== undefined) return made;
    if (clock.now() >= asking.lookUntil) giveUp(options, asking);
    options.log.info(`The upload of ${uploadText(options)} did not go through: ${messageOf(asking.setback?.error)}`);
    await pause(options, asking);
  }
}

interface Sight {
  /** Uploads that were waited for. */
  readonly joined: Set<string>;
  /** When versions were last looked for. */
  readonly lookedAt: number;
}

/** Waits for what was asked for before; false where nothing of it can turn up any more that was not there at the last look. */
async function waited(options: RegisterOptions, asking: Asking, { joined, lookedAt }: Sight): Promise<boolean> {
  const { clock, lag = CLOUD_LAG } = options;
  if (await joinUnderWay(options, asking, joined)) return true;
  if (asking.lookUntil === Number.NEGATIVE_INFINITY) asking.lookUntil = clock.now() + lag.listMs;
  if (lookedAt >= asking.lookUntil) return false;
  await pause(options, asking);
  return true;
}

/** Whether an attempt came before this one, which may have been killed a moment ago, its upload behind it. */
const isLater = ({ upload, earlier = (attemptOf(upload) ?? 1) > 1 }: RegisterOptions) => earlier;

/** Throws the last setback's error where asking again is vain. */
function giveUp(options: RegisterOptions, { setback, startedAt, failed }: Asking): void {
  if (setback === undefined) return;
  const spent = options.clock.now() - startedAt >= PATIENCE_MS || failed >= MOST_FAILED;
  if (setback.again && !spent) return;
  const { error } = setback;
  throw error instanceof UserError ? error : uploadError(options, messageOf(error), { cause: error });
}

/**
 * Waits for an upload to the model that is under way, once for each, where one may be this job's: asked for by an attempt that
 * was killed, or by a request whose answer was lost. Where the service does not list them, lists of versions have to do.
 */
async function joinUnderWay(options: RegisterOptions, asking: Asking, joined: Set<string>): Promise<boolean> {
  const { api, upload, clock, log, signal, lag = CLOUD_LAG } = options;
  const running = await patiently(options, () => api.uploads(modelName(upload))).catch((error: unknown) => {
    signal.throwIfAborted();
    log.debug(`Uploads under way are not known: ${messageOf(error)}`);
    return [];
  });
  const next = running.find(({ name }) => !joined.has(name));
  if (next === undefined) return false;
  joined.add(next.name);
  log.info(`An upload to ${modelName(upload)} is under way already, and is waited for: ${next.name}`);
  try {
    await followUpload(next.name, options);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    log.debug(`That upload is not to be seen: ${messageOf(error)}`);
  }
  asking.lookUntil = Math.max(asking.lookUntil, clock.now() + lag.listMs);
  return true;
}

/** One request, and its upload to the end; undefined after a setback. */
async function uploaded(options: RegisterOptions, asking: Asking): Promise<ModelVersion | undefined> {
  const { api, upload, clock, log, signal } = options;
  const exists = (await patiently(options, () => api.get(modelName(upload)))) !== undefined;
  const begun = await askOnce(options, asking, exists);
  if (begun === undefined) return undefined;
  log.info(`Uploading ${uploadText(options)}: ${begun.name}`);
  try {
    const ended = begun.done ? begun : await followUpload(begun.name, options);
    return await outcome(options, asking, ended);
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) throw error;
    asking.open = true;
    return setBack(asking, { error, again: false }, clock.now() + UNSEEN_MS);
  }
}

async function outcome(
  options: RegisterOptions,
  asking: Asking,
  { name, error, made }: UploadOperation,
): Promise<ModelVersion | undefined> {
  const { clock, log, lag = CLOUD_LAG } = options;
  const seen = clock.now() + lag.listMs;
  if (error !== undefined) {
    asking.failed += 1;
    const failure = uploadError(options, error.message ?? '');
    return setBack(asking, { error: failure, again: PASSING.has(error.code) }, PASSING.has(error.code) ? seen : 0);
  }
  if (made === undefined) {
    const untold = new UserError(`The upload has ended, but the service does not tell what it made: ${name}`);
    return setBack(asking, { error: untold, again: false }, seen);
  }
  asking.operation = undefined;
  log.info(`Uploaded ${options.artifactUri} as ${versionText(made)}`);
  return await readMade(options, made);
}

/** How often a version is looked for that was made a moment ago. */
const LOOKS = 5;

/** The version as the service tells of it; as it was asked for where it is not to be seen yet. */
async function readMade(
  options: RegisterOptions,
  made: { readonly name: string; readonly version: string },
): Promise<ModelVersion> {
  const { api, upload, artifactUri, clock, signal } = options;
  for (let look = 1; look <= LOOKS; look += 1) {
    const found = await patiently(options, () => api.get(`${made.name}@${made.version}`));
    if (found !== undefined) return found;
    await clock.sleep(look * 1_000, signal);
  }
  return { ...made, artifactUri, aliases: upload.aliases, labels: {}, createTime: undefined };
}
