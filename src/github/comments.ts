import { isRecord, textAt } from '../json.ts';
import { GithubError } from './error.ts';
import type { AskGithub, GithubAnswer, Question } from './request.ts';

/** A comment on a pull request, which GitHub keeps as its issue's. */
export interface Comment {
  /** A decimal number; a lower one is older. */
  readonly id: string;
  readonly body: string;
  readonly author: Author | undefined;
  /** Its page. */
  readonly url: string | undefined;
}

interface Author {
  readonly id: string;
  /** `User`, `Bot`, `Organization`. */
  readonly type: string;
}

/** The comments of one pull request. Each call throws GithubError. */
export interface Comments {
  /** Oldest first. */
  list(): Promise<readonly Comment[]>;
  /** Asked for once: where no answer comes, it may be there all the same. */
  create(body: string): Promise<Comment>;
  update(id: string, body: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Id of the user that the token belongs to; undefined for an app's token, which belongs to none. */
  user(): Promise<string | undefined>;
}

const PERMISSION = 'pull-requests: write';
const PAGE_SIZE = 100;
/** GitHub lets an issue have 2,500 comments. */
const MOST_PAGES = 30;

/** `deniedMend`: see Question. */
export function commentsOf(ask: AskGithub, pull: number, deniedMend: Question['deniedMend']): Comments {
  const asked = (route: string, parameters: Readonly<Record<string, unknown>>, once = false) =>
    ask({ route, parameters, permission: PERMISSION, deniedMend, once });
  const ofPull = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
  const one = '/repos/{owner}/{repo}/issues/comments/{comment_id}';
  return {
    list: async () => {
      const found: Comment[] = [];
      let query: Readonly<Record<string, string>> | undefined = {};
      for (let page = 0; page < MOST_PAGES && query !== undefined; page += 1) {
        const answer = await asked(`GET ${ofPull}`, { ...query, issue_number: pull, per_page: PAGE_SIZE });
        if (Array.isArray(answer.data)) found.push(...answer.data.flatMap((each) => readComment(each) ?? []));
        query = nextQuery(answer);
      }
      return found.sort(byId);
    },
    create: async (body) => {
      const made = readComment((await asked(`POST ${ofPull}`, { issue_number: pull, body }, true)).data);
      if (made === undefined) throw new GithubError('GitHub answered with something that is no comment.', 'refused');
      return made;
    },
    update: async (id, body) => {
      await asked(`PATCH ${one}`, { comment_id: id, body });
    },
    remove: async (id) => {
      await asked(`DELETE ${one}`, { comment_id: id });
    },
    user: async () => {
      try {
        const { data } = await ask({ route: 'GET /user', permission: 'contents: read' });
        return idIn(data);
      } catch (error) {
        if (error instanceof GithubError && (error.kind === 'denied' || error.kind === 'missing')) return undefined;
        throw error;
      }
    },
  };
}

const byId = (a: Comment, b: Comment) => a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/**
 * What the next page is asked for by, out of the header Link (RFC 8288); undefined after the last one. Its address is not
 * followed: the token goes nowhere else.
 */
export function nextQuery({ headers }: Pick<GithubAnswer, 'headers'>): Readonly<Record<string, string>> | undefined {
  const link = (textAt(headers, 'link') ?? '').slice(0, 10_000);
  for (const [, address = '', rest = ''] of link.matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (!/;\s*rel="?next"?\s*(?:[,;]|$)/i.test(rest) || !URL.canParse(address)) continue;
    const query = new URL(address).searchParams;
    const kept = ['page', 'after'].flatMap((name): [string, string][] => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return undefined;
}

function readComment(value: unknown): Comment | undefined {
  const id = idIn(value);
  if (id === undefined || !isRecord(value)) return undefined;
  const { user } = value;
  const authorId = idIn(user);
  return {
    id,
    body: textAt(value, 'body') ?? '',
    author: authorId === undefined ? undefined : { id: authorId, type: textAt(user, 'type') ?? '' },
    url: textAt(value, 'html_url'),
  };
}

function idIn(value: unknown): string | undefined {
  const id = isRecord(value) ? String(value['id']) : '';
  return /^[1-9]\d{0,19}$/.test(id) ? id : undefined;
}
