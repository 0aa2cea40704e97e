import type { ServerResponse } from 'node:http';
import { answerOf, type GithubAnswer, GithubWorld, type RunFact } from './github-world.ts';
import { listen, type Received, received, sendJson } from './server.ts';

export { ACTIONS_BOT, type GithubUser, type RunFact, type StoredComment } from './github-world.ts';

/** How a request goes wrong: another answer, none, a connection that breaks, or an answer that breaks off or is done unheard. */
export type GithubMishap = GithubAnswer | 'hang' | 'reset' | 'cut' | 'unheard';

/** GitHub's REST API on loopback, as far as the actions ask it, for one repository. */
export interface GithubApi {
  readonly url: string;
  /** The environment that points an action at it. */
  readonly env: Readonly<Record<string, string>>;
  readonly world: GithubWorld;
  /** By run id; tests change it as they go. */
  readonly runs: Map<string, RunFact>;
  requests(): readonly Received[];
  /** What was held against any request: empty where all were as GitHub wants them. */
  readonly problems: readonly string[];
  /** Answers otherwise, where the function has an answer for a run id. */
  answer: (runId: string, count: number) => GithubAnswer | undefined;
  /** Requests whose method and path hold `part` go wrong like this, so many times. */
  goWrong(part: string, mishap: GithubMishap, times?: number): void;
  /** Happens before such a request is answered, once. */
  before(part: string, action: () => void): void;
  stop(): Promise<void>;
}

/** Starts it; it lets in nobody but `token`. */
export async function startGithub(token: string): Promise<GithubApi> {
  const requests: Received[] = [];
  const problems: string[] = [];
  const world = new GithubWorld();
  const mishaps = new Plan<GithubMishap>();
  const actions = new Plan<() => void>();
  const answerTo = (request: Received): GithubAnswer => {
    const runId = /\/actions\/runs\/(\d+)$/.exec(request.path)?.[1] ?? '';
    const other = api.answer(runId, requests.length);
    if (other !== undefined) return other;
    if (request.headers['authorization'] !== `token ${token}`)
      return { status: 401, body: { message: 'Bad credentials' } };
    const answer = answerOf(world, request, server.url);
    if (answer === undefined) problems.push(`${request.method} ${request.path}`);
    return answer ?? { status: 404, body: { message: 'Not Found' } };
  };
  const server = await listen(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    problems.push(...problemsOf(request));
    actions.next(request)?.();
    const mishap = mishaps.next(request);
    if (mishap === undefined) send(response, answerTo(request), world);
    else if (typeof mishap === 'object') send(response, mishap, world);
    else {
      if (mishap === 'unheard') answerTo(request);
      fail(response, mishap);
    }
  });
  const api: GithubApi = {
    url: server.url,
    env: { GITHUB_API_URL: server.url },
    world,
    runs: world.runs,
    requests: () => requests,
    problems,
    answer: () => undefined,
    goWrong: (part, mishap, times = 1) => mishaps.add(part, mishap, times),
    before: (part, action) => actions.add(part, action, 1),
    stop: server.stop,
  };
  return api;
}

/** What a test wants to happen at requests. */
class Plan<T> {
  readonly #planned: { readonly part: string; readonly what: T; left: number }[] = [];

  add(part: string, what: T, times: number): void {
    this.#planned.push({ part, what, left: times });
  }

  next({ method, path }: Received): T | undefined {
    const plan = this.#planned.find(({ part, left }) => left > 0 && `${method} ${path}`.includes(part));
    if (plan !== undefined) plan.left -= 1;
    return plan?.what;
  }
}

/** GitHub's rules for any request. */
function problemsOf({ method, path, headers, body, query }: Received): string[] {
  const problems: string[] = [];
  const fault = (what: string) => problems.push(`${method} ${path}: ${what}`);
  if (!headers['user-agent']?.startsWith('train-on-vertex/')) fault('no User-Agent of this action');
  if (!/^(?:token|bearer) \S+$/i.test(headers['authorization'] ?? '')) fault('no Authorization');
  if (!/^application\/(?:vnd\.github[\w.+-]*|json)/.test(headers['accept'] ?? '')) fault('no Accept');
  if (Number(query.get('per_page') ?? 1) > 100) fault('more than 100 a page');
  const unknown = [...query.keys()].filter((name) => !['per_page', 'page'].includes(name));
  if (unknown.length > 0) fault(`the query holds ${unknown.join(', ')}`);
  const sends = method === 'POST' || method === 'PATCH';
  if (sends && !headers['content-type']?.startsWith('application/json')) fault('no JSON');
  if (sends && !isJson(body)) fault('the body is no JSON');
  if (!sends && body !== '') fault('a body');
  return problems;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function send(response: ServerResponse, answer: GithubAnswer, { rate }: GithubWorld): void {
  response.setHeader('x-ratelimit-limit', '5000');
  response.setHeader('x-ratelimit-remaining', String(Math.max(0, rate.remaining)));
  response.setHeader('x-ratelimit-reset', String(rate.reset));
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  if (answer.status === 204) response.writeHead(204).end();
  else sendJson(response, answer);
}

function fail(response: ServerResponse, mishap: 'hang' | 'reset' | 'cut' | 'unheard'): void {
  if (mishap === 'hang') return;
  if (mishap !== 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': '1000' });
  response.write('[{"id": 1, ', () => response.destroy());
}
