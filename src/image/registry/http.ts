import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestHttp,
} from 'node:http';
import { Agent as AgentTls, request as requestTls } from 'node:https';
import { messageOf } from '../../faults.ts';
import { isLoopback } from '../../google/endpoints.ts';
import { textAt } from '../../json.ts';
import { RegistryError } from './errors.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** The most bytes that the body of a good answer may have. */
  readonly limit: number;
  /** The longest that the request may take, in milliseconds; the client's own limit where it is not given. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  /** By their names in lower case; several of one name stand in one text, with commas between them. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** One request, as it is: no redirect is followed. Throws RegistryError where no answer comes, or too long a one. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpOptions {
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read from (Node 24.5 and later). */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The longest that one request may take, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 30_000;
/** As much of a refusal's body as is read. */
const REFUSAL_LIMIT = 64 * 1024;

/** HTTP by Node's own client, with connections that are kept for the next request. */
export function nodeHttp({ env, timeoutMs = TIMEOUT_MS }: HttpOptions): Http {
  const agents = agentsOf(env);
  return async (asked) => {
    const limitMs = asked.timeoutMs ?? timeoutMs;
    const deadline = AbortSignal.timeout(limitMs);
    const signal = AbortSignal.any([deadline, ...(asked.signal === undefined ? [] : [asked.signal])]);
    try {
      const response = await responseTo(asked, agents(asked.url), signal);
      return {
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        body: await bodyOf(response, asked.limit),
      };
    } catch (error) {
      asked.signal?.throwIfAborted();
      if (error instanceof RegistryError) throw error;
      if (deadline.aborted) {
        throw new RegistryError(`no answer in ${limitMs / 1000} s`, { transient: true, kind: 'connection' });
      }
      throw new RegistryError(messageOf(error), { transient: mayPass(error), kind: 'connection', cause: error });
    }
  };
}

/** An idle connection is not trusted for longer than this, in milliseconds: a build may lie between two requests. */
const IDLE_MS = 20_000;

/** Connections to this machine go through no proxy, as docker's do not. */
function agentsOf(env: HttpOptions['env']) {
  const kept = { keepAlive: true, timeout: IDLE_MS };
  const proxied = { ...kept, proxyEnv: env };
  const [here, plain, tlsHere, tls] = [new Agent(kept), new Agent(proxied), new AgentTls(kept), new AgentTls(proxied)];
  return ({ protocol, hostname }: URL) => {
    const onMachine = isLoopback(hostname);
    if (protocol === 'http:') return onMachine ? here : plain;
    return onMachine ? tlsHere : tls;
  };
}

function responseTo(asked: HttpRequest, agent: Agent, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, url, body } = asked;
  const length = body === undefined && method !== 'POST' ? {} : { 'content-length': `${body?.length ?? 0}` };
  const options: RequestOptions = { method, agent, signal, headers: { ...asked.headers, ...length } };
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = url.protocol === 'http:' ? requestHttp(url, options) : requestTls(url, options);
    sent.on('response', resolve);
    sent.on('error', reject);
    sent.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
}

async function bodyOf(response: IncomingMessage, limit: number): Promise<Buffer> {
  const refused = (response.statusCode ?? 0) >= 300;
  const most = refused ? REFUSAL_LIMIT : limit;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most && !refused) throw new RegistryError(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
    // Leaving the loop closes the connection.
    if (size > most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

/** Connections that break, are refused while a server restarts, or names that cannot be looked up for now. */
const PASSING = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function mayPass(error: unknown): boolean {
  for (let each = error, depth = 0; each !== undefined && depth < 5; depth += 1) {
    // Both of a host's addresses tried and failed are an AggregateError, which carries the code of the first.
    if (PASSING.has(textAt(each, 'code') ?? '')) return true;
    each = each instanceof Error ? each.cause : undefined;
  }
  // Node's word for a connection that ended inside an answer.
  return error instanceof Error && error.message === 'aborted';
}
