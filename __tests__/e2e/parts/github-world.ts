import type { Answer, Received } from './server.ts';

/** How a workflow run stands; GitHub has none of an id that is not named. */
export interface RunFact {
  readonly status: string;
  readonly conclusion: string | null;
  /** `push` where it is left out. */
  readonly event?: string;
  /** The default branch where it is left out. */
  readonly head_branch?: string;
}

export interface GithubUser {
  readonly id: number;
  readonly login: string;
  readonly type: 'User' | 'Bot';
}

/** Whose comments a workflow's own token makes. */
export const ACTIONS_BOT: GithubUser = { id: 41898282, login: 'github-actions[bot]', type: 'Bot' };

export interface StoredComment {
  readonly id: number;
  readonly pull: number;
  readonly user: GithubUser;
  body: string;
}

/** What there is in the repository octo-org/digits, and what the token may; tests change it as they go. */
export class GithubWorld {
  /** By run id. */
  readonly runs = new Map<string, RunFact>();
  comments: StoredComment[] = [];
  /** Numbers of pull requests whose conversation is locked. */
  readonly locked = new Set<number>();
  defaultBranch = 'main';
  /** Whose the token is: an app's, or a person's. */
  user: GithubUser = ACTIONS_BOT;
  rights: ReadonlySet<string> = new Set(['actions: read', 'contents: read', 'pull-requests: write']);
  /** Where the hourly rate limit stands; `reset` in seconds since the epoch. */
  rate = { remaining: 4_990, reset: 4_102_444_800 };
  #lastId = 2_400_000_000;

  /** Somebody comments. */
  comment(pull: number, body: string, user: GithubUser = this.user): StoredComment {
    this.#lastId += 1;
    const made = { id: this.#lastId, pull, user, body };
    this.comments.push(made);
    return made;
  }

  bodies(pull: number): string[] {
    return this.comments.filter((each) => each.pull === pull).map(({ body }) => body);
  }
}

export interface GithubAnswer extends Answer {
  readonly headers?: Readonly<Record<string, string>>;
}

const refusal = (status: number, message: string): GithubAnswer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});
const MISSING = refusal(404, 'Not Found');
const DENIED = refusal(403, 'Resource not accessible by integration');
const LOCKED = refusal(403, 'Unable to create comment because issue is locked.');

interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** What the token needs. */
  readonly right?: string;
  readonly answer: (world: GithubWorld, part: string, request: Received, base: string) => GithubAnswer;
}

const REPOSITORY = '/repos/octo-org/digits';

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/user$/,
    answer: ({ user }) => (user.type === 'Bot' ? DENIED : { status: 200, body: user }),
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}$`),
    right: 'contents: read',
    answer: ({ defaultBranch }) => ({
      status: 200,
      body: { id: 700123456, full_name: 'octo-org/digits', default_branch: defaultBranch },
    }),
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/actions/runs/(\\d+)$`),
    right: 'actions: read',
    answer: ({ runs, defaultBranch }, id) => {
      const run = runs.get(id);
      return run === undefined
        ? MISSING
        : {
            status: 200,
            body: { id: Number(id), run_attempt: 1, event: 'push', head_branch: defaultBranch, ...run },
          };
    },
  },
  {
    method: 'GET',
    path: new RegExp(`^${REPOSITORY}/issues/(\\d+)/comments$`),
    answer: listed,
  },
  {
    method: 'POST',
    path: new RegExp(`^${REPOSITORY}/issues/(\\d+)/comments$`),
    right: 'pull-requests: write',
    answer: (world, pull, { body }) => {
      if (world.locked.has(Number(pull))) return LOCKED;
      const text = bodyIn(body);
      return invalid(text) ?? { status: 201, body: told(world.comment(Number(pull), text)) };
    },
  },
  {
    method: 'PATCH',
    path: new RegExp(`^${REPOSITORY}/issues/comments/(\\d+)$`),
    right: 'pull-requests: write',
    answer: (world, id, { body }) =>
      changed(world, id, (comment) => {
        const text = bodyIn(body);
        const refused = invalid(text);
        if (refused !== undefined) return refused;
        comment.body = text;
        return { status: 200, body: told(comment) };
      }),
  },
  {
    method: 'DELETE',
    path: new RegExp(`^${REPOSITORY}/issues/comments/(\\d+)$`),
    right: 'pull-requests: write',
    answer: (world, id) =>
      changed(world, id, (comment) => {
        world.comments = world.comments.filter((each) => each !== comment);
        return { status: 204, body: undefined };
      }),
  },
];

/** A token with the right to write may change a person's comment, but not another app's. */
function changed(world: GithubWorld, id: string, change: (comment: StoredComment) => GithubAnswer): GithubAnswer {
  const comment = world.comments.find((each) => String(each.id) === id);
  if (comment === undefined) return MISSING;
  const foreign = comment.user.type === 'Bot' && comment.user.id !== world.user.id;
  if (foreign || world.locked.has(comment.pull)) return DENIED;
  return change(comment);
}

const told = ({ id, pull, user, body }: StoredComment) => ({
  id,
  html_url: `https://github.com/octo-org/digits/pull/${pull}#issuecomment-${id}`,
  user,
  body,
});

/** The text of a comment in a request's body; '' where that is anything else. */
function bodyIn(text: string): string {
  const { body, ...others } = JSON.parse(text) as { readonly body?: unknown };
  return typeof body === 'string' && Object.keys(others).length === 0 ? body : '';
}

function invalid(text: string): GithubAnswer | undefined {
  const length = [...text].length;
  if (length > 0 && length <= 65_536) return undefined;
  const why = length === 0 ? 'Body cannot be blank' : 'Body is too long (maximum is 65536 characters)';
  const errors = [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message: why }];
  return { status: 422, body: { message: 'Validation Failed', errors } };
}

function listed(world: GithubWorld, pull: string, { query }: Received, base: string): GithubAnswer {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const page = Number(query.get('page') ?? 1);
  const all = world.comments.filter((each) => each.pull === Number(pull));
  const last = Math.max(1, Math.ceil(all.length / size));
  // GitHub's own links name the repository by its id.
  const link = (to: number, rel: string) =>
    `<${base}/repositories/700123456/issues/${pull}/comments?per_page=${size}&page=${to}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    body: all.slice((page - 1) * size, page * size).map(told),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}

/** What GitHub answers to a token that it knows; undefined for what no route has. `base` is the API's own address. */
export function answerOf(world: GithubWorld, request: Received, base: string): GithubAnswer | undefined {
  const route = ROUTES.find(({ method, path }) => method === request.method && path.test(request.path));
  if (route === undefined) return undefined;
  if (world.rate.remaining <= 0) return refusal(403, 'API rate limit exceeded for installation ID 1.');
  world.rate = { ...world.rate, remaining: world.rate.remaining - 1 };
  if (route.right !== undefined && !world.rights.has(route.right)) return DENIED;
  return route.answer(world, route.path.exec(request.path)?.[1] ?? '', request, base);
}
