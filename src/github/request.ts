import { untilAborted } from '../abort.ts';
import { isRecord } from '../json.ts';
import type { Log } from '../log.ts';
import { type Backoff, type Clock, retry } from '../retry.ts';
import { GithubError, githubError, permissionMend, type TokenInput } from './error.ts';

export interface GithubAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: unknown;
  /** The body's JSON; '' where there is none. */
  readonly data: unknown;
}

/** A request to GitHub's REST API, as octokit makes it; a refusal is thrown as octokit does. */
export type GithubRequest = (route: string, parameters: Readonly<Record<string, unknown>>) => Promise<GithubAnswer>;

/** How GitHub is asked. */
export interface GithubOptions {
  readonly request: GithubRequest;
  /** `owner/name`. */
  readonly repository: string;
  /** What the requests are signed with: no error shows it. */
  readonly token: string;
  /** The input that it was given in, which errors name. */
  readonly input: TokenInput;
  readonly clock: Clock;
  readonly log: Pick<Log, 'debug' | 'info'>;
  readonly random?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long one answer is waited for, in milliseconds. */
  readonly answerMs?: number | undefined;
}

/** One question to GitHub. */
export interface Question {
  /** `GET /repos/{owner}/{repo}/…`: the repository is put in. */
  readonly route: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** What the token has to have, as a workflow gives it: `actions: read`. */
  readonly permission: string;
  /** What mends a lack of rights, by GitHub's own words for it, where that is more than to give the permission. */
  readonly deniedMend?: ((text: string) => string) | undefined;
  /** Not repeated where no answer came: it may have been heard all the same. */
  readonly once?: boolean;
}

/**
 * Asks, and gives an answer that is JSON or empty. What fails for the time being is repeated, a rate limit that ends soon waited
 * for. Throws GithubError; the signal's reason as soon as it aborts.
 */
export type AskGithub = (question: Question) => Promise<GithubAnswer>;

const ANSWER_MS = 30_000;
const BACKOFF: Backoff = { firstMs: 500, capMs: 5_000, attempts: 4 };
/** The longest that a rate limit is waited for, in milliseconds, and how often for one question. */
const SHORT_LIMIT_MS = 60_000;
const MOST_WAITS = 2;

/**
 * Asks GitHub, and again what may be answered later, unless it is to be asked for once; a short rate limit is waited for. Each call
 * throws GithubError, and the signal's reason.
 */
export function askGithub(options: GithubOptions): AskGithub {
  const { clock, log, random, signal } = options;
  return async (question) => {
    const ask = () => throughLimits(question, options);
    if (question.once) return await ask();
    return await retry(ask, {
      clock,
      random,
      signal,
      backoff: BACKOFF,
      transient: isPassing,
      onRetry: (error, waitMs) => log.debug(`${String(error)} It is asked again in ${waitMs} ms.`),
    });
  };
}

/** Whether the same question may be answered later. */
export const isPassing = (error: unknown): error is GithubError =>
  error instanceof GithubError && error.kind === 'unanswered';

/** What a rate limit refuses has not been done, whatever it was. */
async function throughLimits(question: Question, options: GithubOptions): Promise<GithubAnswer> {
  const { clock, log, signal } = options;
  for (let waits = 0; ; waits += 1) {
    try {
      return await askOnce(question, options);
    } catch (error) {
      const waitMs = error instanceof GithubError ? error.waitMs : undefined;
      if (waitMs === undefined || waitMs > SHORT_LIMIT_MS || waits >= MOST_WAITS) throw error;
      log.info(`GitHub's rate limit is reached: waiting ${Math.ceil(waitMs / 1_000)} s.`);
      await clock.sleep(waitMs, signal);
    }
  }
}

async function askOnce(question: Question, options: GithubOptions): Promise<GithubAnswer> {
  const { request, token, input, clock, signal, answerMs = ANSWER_MS } = options;
  const { route, parameters = {}, permission, deniedMend = () => permissionMend(permission, input) } = question;
  signal?.throwIfAborted();
  const limit = AbortSignal.timeout(answerMs);
  const cut = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  let answer: GithubAnswer;
  try {
    answer = await untilAborted(
      request(route, { ...placed(route, options), ...parameters, request: { signal: cut } }),
      cut,
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.aborted) throw unanswered(`none came within ${answerMs / 1_000} s.`, error);
    throw githubError(error, { input, token, deniedMend, now: clock.now() });
  }
  signal?.throwIfAborted();
  // Octokit gives a body that broke off as an empty text, and one that is no JSON as it came.
  if (answer.status !== 204 && !isRecord(answer.data) && !Array.isArray(answer.data))
    throw unanswered('what came is not whole, or no JSON.');
  return answer;
}

const unanswered = (why: string, cause?: unknown) =>
  new GithubError(`GitHub gave no answer: ${why}`, 'unanswered', cause === undefined ? {} : { cause });

/** Octokit sends what a route has no place for as a query. */
function placed(route: string, { repository }: GithubOptions): Readonly<Record<string, string>> {
  const [owner = '', repo = ''] = repository.split('/');
  return route.includes('{owner}') ? { owner, repo } : {};
}
