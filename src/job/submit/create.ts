import { untilAborted, within } from '../../abort.ts';
import type { Job, JobResource } from '../../vertex/jobs.ts';
import { type Failure, failureOf } from './answer.ts';
import type { Desk } from './desk.ts';
import type { Lag } from './lag.ts';
import { RUN_LABEL } from './supersede.ts';

/** What became of one request to create. */
type Created =
  | { readonly kind: 'made'; readonly job: Job }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly error: unknown };

/**
 * A step that is cancelled is asked a second time after 7.5 s and killed after 10 s. So long an answer that is on its way
 * is waited for, in milliseconds.
 */
const LAST_ANSWER_MS = 3_000;

/**
 * Asks for the job once. When it is made, the desk knows and tells of it at once, even where the step was cancelled while
 * the answer was on its way. Throws the signal's reason where no answer came in time.
 */
export async function createOnce(desk: Desk, lag: Lag): Promise<Created> {
  const { api, request, clock, signal, runNumber, onStanding } = desk.options;
  const sentAt = clock.now();
  let created: Created | undefined;
  const made = (job: Job): Created => {
    desk.know(job);
    desk.tell(job);
    onStanding?.(job);
    created = { kind: 'made', job };
    return created;
  };
  const failed = (error: unknown): Created => {
    created = { kind: 'failed', error, failure: failureOf(error, { sentAt, now: clock.now(), lag }) };
    return created;
  };
  const resource = withRunNumber(request.resource, runNumber);
  const answer = api.create(request.parent, request.collection, resource).then(made, failed);
  try {
    return await untilAborted(answer, signal);
  } catch (error) {
    await within(LAST_ANSWER_MS, answer, clock);
    if (created !== undefined) return created;
    throw error;
  }
}

const MOST_LABELS = 64;

/** The resource with the label that `supersede` of later runs goes by, where there is a number and room for it. */
export function withRunNumber<T extends JobResource>(resource: T, runNumber: number): T {
  const { labels = {} } = resource;
  const room = RUN_LABEL in labels || Object.keys(labels).length < MOST_LABELS;
  if (!room || !Number.isSafeInteger(runNumber) || runNumber < 0) return resource;
  return { ...resource, labels: { ...labels, [RUN_LABEL]: String(runNumber) } };
}
