import * as core from '@actions/core';
import { asSentence, messageOf, UserError } from '../faults.ts';
import { tokenEnd } from '../jwt.ts';
import { type Clock, retry, systemClock } from '../retry.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether the runner offers OIDC tokens to this step. */
export const offersIdTokens = (env: Env) =>
  Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL'] && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);

/**
 * When the token with which the step asks GitHub for OIDC tokens ends, as milliseconds since the epoch: after it nobody signs
 * in through workload identity federation. Undefined where the runner gives none, or it names no end.
 */
export const requestTokenEnd = (env: Env): number | undefined => tokenEnd(env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '');

/** How the lack of it is mended. */
export const ID_TOKEN_MEND =
  "GitHub offers this step no OIDC token. Give the job 'permissions: { id-token: write, contents: read }'; runs of pull requests from forks get none.";

const AFTER_END =
  "Without one this step can no longer sign in to Google Cloud. A job that it follows runs on: 'job: NAME' follows it to its end in a later step, job or workflow. Next time give a smaller detach_after, so that the step leaves in time.";

/** That the token with which the step asks for OIDC tokens has ended, where it has; `now` in milliseconds since the epoch. */
export function requestTokenEnded(env: Env, now: number): UserError | undefined {
  const end = requestTokenEnd(env);
  if (end === undefined || now < end) return undefined;
  const moment = `${new Date(end).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new UserError(
    `GitHub gives this step no OIDC tokens any more: the token with which this workflow job asks for them ended at ${moment}. ${AFTER_END}`,
  );
}

export interface IdTokenOptions {
  readonly clock?: Clock;
  /** How long one answer is waited for, in milliseconds. */
  readonly answerMs?: number;
}

/** The toolkit itself would wait for three minutes. */
const ANSWER_MS = 20_000;
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/**
 * A fresh OIDC token of this workflow run; the toolkit masks it. It retries 502 to 504 only, so the failures seen in
 * practice besides (403 in passing states of a job, 500, time-outs) are retried here. Throws UserError where GitHub gives none
 * for good, and Error where none came for now.
 */
export async function idToken(audience: string, options: IdTokenOptions = {}): Promise<string> {
  const { clock = systemClock, answerMs = ANSWER_MS } = options;
  const { env } = process;
  if (!offersIdTokens(env)) throw new UserError(ID_TOKEN_MEND);
  try {
    return await retry(() => answered(core.getIDToken(audience), clock, answerMs), {
      clock,
      backoff: { firstMs: 500, capMs: 5_000, attempts: 4 },
      transient: () => requestTokenEnded(env, clock.now()) === undefined,
    });
  } catch (error) {
    throw requestTokenEnded(env, clock.now()) ?? failure(error);
  }
}

async function answered(asked: Promise<string>, clock: Clock, withinMs: number): Promise<string> {
  const over = new AbortController();
  const late = clock.sleep(withinMs, over.signal).then(
    () => Promise.reject(new Error(`no answer within ${Math.round(withinMs / 1_000)} s`)),
    () => asked,
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    over.abort();
  }
}

function failure(error: unknown): Error {
  const { status, text } = answerIn(messageOf(error));
  const told = `GitHub gave this step no OIDC token: ${text}`;
  if (status === undefined) return new Error(told, { cause: error });
  if (!REFUSALS.has(status)) return new Error(told);
  const mend =
    status === 401 ? ` The token with which this workflow job asks for them may have ended. ${AFTER_END}` : '';
  return new UserError(`${asSentence(told)}${mend}`);
}

/** The toolkit keeps the status of an answer, and its words, in its own text alone. */
function answerIn(text: string): { readonly status: number | undefined; readonly text: string } {
  const [, status, words] = /Error Code : (\d{3})\b\s*Error Message:\s*(.*)/s.exec(text) ?? [];
  if (status === undefined) return { status: undefined, text };
  return { status: Number(status), text: `HTTP ${status}: ${words?.trim()}` };
}
