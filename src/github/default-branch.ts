import { textAt } from '../json.ts';
import { GithubError } from './error.ts';
import type { Event } from './pull-request.ts';
import type { AskGithub } from './request.ts';

/** The repository's default branch, by the event or, where that does not tell it, by GitHub's API. Throws GithubError. */
export async function defaultBranchOf(
  { defaultBranch }: Pick<Event, 'defaultBranch'>,
  ask: AskGithub,
): Promise<string> {
  if (defaultBranch !== undefined) return defaultBranch;
  const { data } = await ask({ route: 'GET /repos/{owner}/{repo}', permission: 'contents: read' });
  const branch = textAt(data, 'default_branch');
  if (branch === undefined || branch === '')
    throw new GithubError('GitHub answered with something that names no default branch.', 'refused');
  return branch;
}
