import { isRecord, textAt } from '../json.ts';

/** A pull request of the repository that a workflow runs in. */
export interface PullRequest {
  readonly number: number;
  /** Whether its branch is in another repository; undefined where the event does not tell. */
  readonly fromFork: boolean | undefined;
}

/** What is read of the event that started a workflow run. */
export interface Event {
  /** The pull request that the run belongs to, if it belongs to one. */
  readonly pull: PullRequest | undefined;
  /** Name of the repository's default branch; some events (schedule) do not tell it. */
  readonly defaultBranch: string | undefined;
}

const NOTHING: Event = { pull: undefined, defaultBranch: undefined };

/** Reads the event's payload (the file that GITHUB_EVENT_PATH names); a text that is none tells nothing. */
export function readEvent(text: string): Event {
  const payload = parsed(text);
  if (!isRecord(payload)) return NOTHING;
  const repository = payload['repository'];
  const branch = textAt(repository, 'default_branch');
  return {
    pull: pullOf(payload, textAt(repository, 'full_name')),
    defaultBranch: branch === '' ? undefined : branch,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Payload = Readonly<Record<string, unknown>>;

/** A run of the merge queue belongs to several pull requests or parts of them, and so to none. */
function pullOf(payload: Payload, repository: string | undefined): PullRequest | undefined {
  const { pull_request: pull, issue, workflow_run: run } = payload;
  if (isRecord(pull)) return numbered(pull['number'], forkOf(pull));
  // A comment on a pull request is one on its issue, which names the pull request's address.
  if (isRecord(issue) && isRecord(issue['pull_request'])) return numbered(issue['number'], undefined);
  return isRecord(run) ? pullOfRun(run, repository) : undefined;
}

function numbered(number: unknown, fromFork: boolean | undefined): PullRequest | undefined {
  const whole = typeof number === 'number' && Number.isSafeInteger(number) && number > 0;
  return whole ? { number, fromFork } : undefined;
}

/** The head's repository is null once a fork is deleted. */
function forkOf({ head, base }: Payload): boolean | undefined {
  const ofHead = isRecord(head) ? head['repo'] : undefined;
  if (ofHead === null) return true;
  const [from, to] = [idOf(ofHead), idOf(isRecord(base) ? base['repo'] : undefined)];
  return from === undefined || to === undefined ? undefined : from !== to;
}

function idOf(repository: unknown): number | undefined {
  const id = isRecord(repository) ? repository['id'] : undefined;
  return typeof id === 'number' ? id : undefined;
}

/**
 * A workflow_run event that follows a pull request's run names the pull requests of its branch, of forks none; taken where it
 * is the only one into this repository.
 */
function pullOfRun(run: Payload, repository: string | undefined): PullRequest | undefined {
  const pulls: unknown = run['pull_requests'];
  if (!/^pull_request(?:_target)?$/.test(textAt(run, 'event') ?? '') || !Array.isArray(pulls)) return undefined;
  const own = pulls.filter(isRecord).filter(({ base }) => isRepository(base, repository));
  const [only, ...others] = own;
  return only === undefined || others.length > 0 ? undefined : numbered(only['number'], forkOf(only));
}

/** In this event a repository has an id, an address in the API and a name without its owner. */
function isRepository(base: unknown, repository: string | undefined): boolean {
  const url = textAt(isRecord(base) ? base['repo'] : undefined, 'url') ?? '';
  return repository !== undefined && url.toLowerCase().endsWith(`/repos/${repository.toLowerCase()}`);
}
