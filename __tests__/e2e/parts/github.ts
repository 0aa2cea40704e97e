import { type Answer, listen, type Received, received, sendJson } from './server.ts';

/** How a workflow run stands; GitHub has none of an id that is not named. */
export interface RunFact {
  readonly status: string;
  readonly conclusion: string | null;
}

/** GitHub's REST API on loopback, as far as workflow runs go. */
export interface GithubApi {
  /** The environment that points an action at it. */
  readonly env: Readonly<Record<string, string>>;
  /** By run id; tests change it as they go. */
  readonly runs: Map<string, RunFact>;
  requests(): readonly Received[];
  /** What was held against any request: empty where all were as GitHub wants them. */
  readonly problems: readonly string[];
  /** Answers otherwise, where the function has an answer for a run id. */
  answer: (runId: string, count: number) => (Answer & { readonly headers?: Record<string, string> }) | undefined;
  stop(): Promise<void>;
}

const RUN = /^\/repos\/octo-org\/digits\/actions\/runs\/(\d+)$/;
const NOT_FOUND = { message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' };

/** Starts it; it lets in nobody but `token`. */
export async function startGithub(token: string): Promise<GithubApi> {
  const requests: Received[] = [];
  const problems: string[] = [];
  const runs = new Map<string, RunFact>();
  const server = await listen(async (incoming, response) => {
    const request = await received(incoming);
    requests.push(request);
    const runId = RUN.exec(request.path)?.[1] ?? '';
    if (request.method !== 'GET' || runId === '') problems.push(`${request.method} ${request.path}`);
    if (!request.headers['user-agent']) problems.push('no User-Agent');
    if (!/^(?:token|bearer) /i.test(request.headers['authorization'] ?? '')) problems.push('no Authorization');
    const { headers = {}, ...answer } =
      api.answer(runId, requests.length) ?? answerTo(request, runId, token, runs.get(runId));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, answer);
  });
  const api: GithubApi = {
    env: { GITHUB_API_URL: server.url },
    runs,
    requests: () => requests,
    problems,
    answer: () => undefined,
    stop: server.stop,
  };
  return api;
}

function answerTo(
  { headers }: Received,
  runId: string,
  token: string,
  run: RunFact | undefined,
): Answer & { readonly headers?: Record<string, string> } {
  if (!headers['authorization']?.endsWith(` ${token}`)) return { status: 401, body: { message: 'Bad credentials' } };
  if (run === undefined) return { status: 404, body: NOT_FOUND };
  return { status: 200, body: { id: Number(runId), ...run, run_attempt: 1, event: 'push' } };
}
