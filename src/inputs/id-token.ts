import * as core from '@actions/core';
import { UserError } from '../faults.ts';
import { tokenEnd } from '../jwt.ts';
import { retry, systemClock } from '../retry.ts';

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

/**
 * A fresh OIDC token of this workflow run; the toolkit masks it. It retries 502 to 504 only, so the failures seen in
 * practice besides (403 in passing states of a job, time-outs) are retried here. Throws UserError.
 */
export async function idToken(audience: string): Promise<string> {
  if (!offersIdTokens(process.env)) throw new UserError(ID_TOKEN_MEND);
  try {
    return await retry(() => core.getIDToken(audience), {
      clock: systemClock,
      backoff: { firstMs: 500, capMs: 5_000, attempts: 4 },
      transient: () => true,
    });
  } catch (cause) {
    throw new UserError('GitHub did not issue an OIDC token for this step.', { cause });
  }
}
