import type { Log } from '../../log.ts';
import { type Backoff, type Clock, retry } from '../../retry.ts';
import { USER_AGENT } from '../../version.ts';
import { type Actions, Authorization, type Authorized } from './authorization.ts';
import { RegistryError } from './errors.ts';
import type { Http, HttpRequest } from './http.ts';
import { type Followed, followed, headersFor } from './redirects.ts';
import { registryUrl } from './reference.ts';
import { refusal } from './refusal.ts';
import type { Credential } from './token.ts';
import type { Asked } from './told.ts';

/** What every call to a registry needs. */
export interface RegistryOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** The login for a registry; asked again where the last one is refused. Undefined is nobody. */
  readonly credentials: (registry: string) => Promise<Credential | undefined>;
  /** Hears of every token that is obtained, before it is used. */
  readonly mask: (secret: string) => void;
  readonly signal?: AbortSignal | undefined;
  readonly backoff?: Backoff | undefined;
  readonly random?: (() => number) | undefined;
  /** Hears of every failure that is followed by another attempt. */
  readonly log?: Pick<Log, 'info'> | undefined;
}

/** How patient a request is; as the client is where nothing is given. */
export interface Patience {
  /** How often it is tried. */
  readonly attempts?: number | undefined;
  /** The longest that one request of an attempt may take, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** How long after the first attempt another one may follow, in milliseconds; the last is cut short there. */
  readonly withinMs?: number | undefined;
}

/** One request to a registry. */
export interface Ask extends Patience, Asked {
  readonly method: HttpRequest['method'];
  readonly actions: Actions;
  /** Below `/v2/PATH/`, or the whole address that the registry gave for an upload. */
  readonly at: string | URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  /** The most bytes that the answer's body may have. */
  readonly limit?: number | undefined;
  /** Statuses beside 2xx that are answers and no failures. */
  readonly accept?: readonly number[] | undefined;
}

/** Sends a request. Throws RegistryError, or the signal's reason. */
export type Transport = (ask: Ask) => Promise<Followed>;

const BACKOFF: Backoff = { firstMs: 500, capMs: 8_000, attempts: 5 };
const SMALL = 64 * 1024;
/** An attempt has this time at least, in milliseconds, or is not made. */
const LEAST_MS = 1_000;
/** Unsigned, signed, and signed anew. */
const MOST_TURNS = 3;

/** Requests with sign-in, redirects and other attempts after failures that may pass. */
export function registryTransport(options: RegistryOptions): Transport {
  const { http, clock, signal, backoff = BACKOFF } = options;
  const authorization = new Authorization({ ...options, signal });
  return (ask) => {
    const { doing, attempts = backoff.attempts, withinMs = Number.POSITIVE_INFINITY } = ask;
    const untilMs = clock.now() + withinMs;
    const once = () => attempt(cutShort(ask, untilMs - clock.now()), { http, authorization, signal });
    return patiently(once, { ...options, doing, untilMs, backoff: { ...backoff, attempts } });
  };
}

/** The request with no more time than is left for all of them, in whole seconds. */
function cutShort(ask: Ask, leftMs: number): Ask {
  const { timeoutMs } = ask;
  if (timeoutMs === undefined) return ask;
  return { ...ask, timeoutMs: Math.min(timeoutMs, Math.max(Math.floor(leftMs / 1000) * 1000, LEAST_MS)) };
}

export interface PatientOptions extends Omit<RegistryOptions, 'http'>, Pick<Asked, 'doing'> {
  /** Milliseconds since the Unix epoch after which no attempt begins. */
  readonly untilMs?: number | undefined;
}

/** Runs an action until it succeeds or fails for good, waiting at least as long as the registry asks to; every wait is told. */
export function patiently<T>(action: () => Promise<T>, options: PatientOptions): Promise<T> {
  const { clock, backoff = BACKOFF, signal, random, log, doing, untilMs = Number.POSITIVE_INFINITY } = options;
  let asked = 0;
  const sleep: Clock['sleep'] = (ms, waitSignal) => clock.sleep(Math.max(ms, asked), waitSignal);
  return retry(action, {
    clock: { now: () => clock.now(), sleep },
    backoff,
    transient: (error) =>
      error instanceof RegistryError &&
      error.transient &&
      clock.now() + (error.retryAfterMs ?? 0) + LEAST_MS <= untilMs,
    signal,
    random,
    onRetry: (error, waitMs) => {
      if (!(error instanceof RegistryError)) return;
      asked = error.retryAfterMs ?? 0;
      const seconds = (Math.max(waitMs, asked) / 1000).toFixed(1);
      log?.info(`${doing} failed, and is tried again in ${seconds} s: ${error.reason}`);
    },
  });
}

interface Parts {
  readonly http: Http;
  readonly authorization: Authorization;
  readonly signal: AbortSignal | undefined;
}

async function attempt(ask: Ask, parts: Parts): Promise<Followed> {
  const url = urlOf(ask);
  // What stands in an address that a registry gave may be a secret.
  const action = `${ask.method} ${url.origin}${url.pathname}`;
  const answer = await named(action, () => signedIn(ask, url, parts));
  const good = answer.status >= 200 && answer.status < 300;
  if (good || ask.accept?.includes(answer.status)) return answer;
  throw refusal(action, answer);
}

async function named(action: string, body: () => Promise<Followed>): Promise<Followed> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const message = error.message.startsWith(action) ? error.message : `${action}: ${error.message}`;
    throw new RegistryError(message, { ...error, reason: undefined, cause: error.cause });
  }
}

async function signedIn(ask: Ask, url: URL, { http, authorization, signal }: Parts): Promise<Followed> {
  const { repository, actions } = ask;
  const origin = new URL(registryUrl(repository.registry)).origin;
  let authorized: Authorized | undefined = await authorization.first(repository, actions);
  for (let turn = 1; ; turn += 1) {
    const request = requestOf(ask, url, origin, authorized);
    const answer = await followed(http, { ...request, signal });
    const refused = answer.status === 401 || answer.status === 403;
    // Only the registry itself may ask for its login.
    if (!refused || answer.url.origin !== origin || turn === MOST_TURNS) return answer;
    authorized = await authorization.next(repository, actions, answer, authorized);
    if (authorized === undefined) return answer;
  }
}

function requestOf(ask: Ask, url: URL, origin: string, { header }: Authorized): HttpRequest {
  const { method, body, limit = SMALL, timeoutMs } = ask;
  const all = {
    'user-agent': USER_AGENT,
    ...ask.headers,
    ...(header === undefined ? {} : { authorization: header }),
  };
  return { method, url, body, limit, timeoutMs, headers: headersFor(url, { url: new URL(origin), headers: all }) };
}

function urlOf({ at, repository: { registry, path } }: Ask): URL {
  return typeof at === 'string' ? new URL(`${registryUrl(registry)}/v2/${path}/${at}`) : at;
}
