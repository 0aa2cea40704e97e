import { messageOf } from '../../faults.ts';
import { ApiError, serviceWords } from '../../google/api-error.ts';
import { spanText } from '../../span.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { imageText } from './image-text.ts';
import { permissionText } from './permission.ts';
import { quotaText } from './quota.ts';
import { isInternal, isProgramsEnd, isRateLimit, kindOfText } from './texts.ts';
import { type FailureKind, isSpot, type NextStep, type Setting, type Verdict } from './verdict.ts';

/** Kinds by HTTP status, for a refusal whose text tells none. */
const BY_STATUS: Readonly<Record<number, FailureKind>> = { 400: 'bad-request', 403: 'permission' };
/** Kinds by google.rpc.Code, for a job whose text tells none. */
const BY_CODE: Readonly<Record<number, FailureKind>> = { 7: 'permission', 8: 'quota' };

/**
 * Why a request to create a job was refused. What is no refusal (no answer, 5xx, a limit on requests) leaves open whether
 * there is a job now or soon: it is `other`, and no further choice is tried.
 */
export function classifyRefusal(error: unknown, setting: Setting): Verdict {
  const text = serviceWords(messageOf(error));
  const status = error instanceof ApiError ? error.httpStatus : undefined;
  if (status === undefined || status >= 500 || status === 408 || isRateLimit(text))
    return verdict('other', text, setting);
  return verdict(kindOfText(text) ?? BY_STATUS[status] ?? 'other', text, setting);
}

/** Why a job ended otherwise than in success. What its program did is `other`, whatever it printed. */
export function classifyEnd(job: Job, setting: Setting): Verdict {
  const text = endText(job);
  const ran = job.startTime !== undefined;
  if (job.state === 'EXPIRED' && !ran) return verdict('capacity', text, setting);
  if (job.state === 'CANCELLED' || isProgramsEnd(text)) return verdict('other', text, setting);
  const kind = kindOfText(text) ?? BY_CODE[job.error?.code ?? 0] ?? 'other';
  if (kind === 'other' && isInternal(text) && !ran)
    return { ...verdict('other', text, setting), course: 'next-choice' };
  const spot = (kind === 'capacity' || kind === 'preempted') && isSpot(setting);
  const judged = verdict(spot ? (ran ? 'preempted' : 'capacity') : kind, text, setting);
  return hasResults(job) ? { ...judged, course: 'stop' } : judged;
}

/** The job's own words, or those of the trials that it failed for. */
function endText({ state, error, trials }: Job): string {
  const own = error?.message?.trim() ?? '';
  if (kindOfText(own) !== undefined || isProgramsEnd(own)) return own;
  const reasons = trials.flatMap((trial) => trial.infeasibleReason ?? []);
  const [first] = reasons.filter((reason) => kindOfText(reason) !== undefined && !isProgramsEnd(reason));
  const all = reasons.every((reason) => kindOfText(reason) !== undefined && !isProgramsEnd(reason));
  if (first !== undefined && all) return own === '' ? first : `${own} ${first}`;
  return own === '' ? `The job is ${state}; the service names no cause.` : own;
}

/** What some trials have already found out is not thrown away for another region. */
const hasResults = ({ trials }: Job) => trials.some(({ state }) => state === 'SUCCEEDED');

/** A job that waited longer for its machines than `failover_after` allows. */
export function classifyWait({ state }: Job, waitedMs: number, setting: Setting): Verdict {
  const { hardware, region } = setting;
  const message = `${hardware} in ${region}: the job was still ${state} after ${spanText(waitedMs)}, longer than failover_after allows.`;
  return { kind: 'capacity', course: 'next-choice', message };
}

function verdict(kind: FailureKind, text: string, setting: Setting): Verdict {
  return { kind, course: courseOf(kind, setting), message: messageFor(kind, text, setting) };
}

/**
 * A pre-empted job was tried again by the service itself, six times unless disable_retries forbids it (use-spot-vms): after
 * that the next choice is tried, or none where no retry is wanted.
 */
function courseOf(kind: FailureKind, { disableRetries }: Setting): NextStep {
  if (kind === 'capacity') return 'next-choice';
  if (kind === 'quota') return 'next-region';
  if (kind === 'preempted') return disableRetries ? 'stop' : 'next-choice';
  return 'stop';
}

function messageFor(kind: FailureKind, text: string, setting: Setting): string {
  const { hardware, region } = setting;
  switch (kind) {
    case 'capacity':
      return `${region} has no ${hardware} to spare: ${text}`;
    case 'quota':
      return quotaText(text, setting);
    case 'permission':
      return permissionText(text, setting);
    case 'image':
      return imageText(text);
    case 'preempted':
      return `${hardware} in ${region} was taken away (${setting.strategy ?? 'SPOT'} machines can be at any time), and ${setting.disableRetries ? 'disable_retries forbids another attempt' : 'the attempts that Vertex AI makes by itself are used up'}: ${text}`;
    default:
      return text;
  }
}

/** Whether a job's end is one that another choice may mend. */
export const mayMoveOn = (job: Job) => hasEnded(job) && job.state !== 'SUCCEEDED' && job.state !== 'CANCELLED';
