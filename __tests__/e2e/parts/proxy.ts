import { type IncomingMessage, type ServerResponse, request as startRequest } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { apiRefusal } from './google-rules.ts';
import { listen, sendJson } from './server.ts';

export interface ProxyOptions {
  /** The service behind it, `http://127.0.0.1:PORT`. */
  readonly target: string;
  /** Whether a bearer token is let in. */
  readonly accepts: (token: string) => boolean;
  /** The token that the service behind it asks for; none is passed on when left out. */
  readonly targetToken?: string | undefined;
}

export interface Passed {
  readonly method: string;
  readonly path: string;
  readonly accepted: boolean;
}

/** A service behind a check of its callers' access token, as Google's services check theirs. */
export interface CheckingProxy {
  readonly url: string;
  requests(): readonly Passed[];
  stop(): Promise<void>;
}

function forward(incoming: IncomingMessage, response: ServerResponse, options: ProxyOptions): Promise<void> {
  const { authorization: _caller, ...headers } = incoming.headers;
  const target = new URL(`${options.target}${incoming.url ?? '/'}`);
  const own = options.targetToken === undefined ? {} : { authorization: `Bearer ${options.targetToken}` };
  const { method } = incoming;
  return new Promise((resolve, reject) => {
    const passed = startRequest(target, { method, headers: { ...headers, ...own, host: target.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response).then(resolve, reject);
    });
    passed.on('error', reject);
    pipeline(incoming, passed).catch(reject);
  });
}

/** Starts the check in front of a service. A caller without a good token gets 401 in the form of Google's APIs. */
export async function startProxy(options: ProxyOptions): Promise<CheckingProxy> {
  const passed: Passed[] = [];
  const server = await listen(async (incoming, response) => {
    const token = /^Bearer (.+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
    const accepted = token !== undefined && options.accepts(token);
    passed.push({ method: incoming.method ?? '', path: incoming.url ?? '', accepted });
    if (accepted) await forward(incoming, response, options);
    else sendJson(response, apiRefusal(401, ['Request had invalid authentication credentials.']));
  });
  return { url: server.url, requests: () => passed, stop: server.stop };
}
