import type { GithubRequest } from '../github/request.ts';
import type { Log } from '../log.ts';
import { USER_AGENT } from '../version.ts';

/** GitHub's REST API through the toolkit's client, which is loaded only where it is asked something. */
export function githubRequest(token: string, log: Pick<Log, 'debug'>): GithubRequest {
  let client: Promise<GithubRequest> | undefined;
  const open = async (): Promise<GithubRequest> => {
    const { getOctokit } = await import('@actions/github');
    const octokit = getOctokit(token, { log: quietly(log), userAgent: USER_AGENT });
    return (route, parameters) => octokit.request(route, { ...parameters });
  };
  return async (route, parameters) => {
    client ??= open();
    return (await client)(route, parameters);
  };
}

/** The client's own warnings hold text from answers. */
function quietly({ debug }: Pick<Log, 'debug'>) {
  return { debug: () => {}, info: () => {}, warn: debug, error: debug };
}
