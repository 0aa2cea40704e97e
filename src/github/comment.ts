import { messageOf } from '../faults.ts';
import { type Backoff, retry } from '../retry.ts';
import { type Comment, type Comments, commentsOf } from './comments.ts';
import { GithubError, permissionMend, type TokenInput } from './error.ts';
import type { PullRequest } from './pull-request.ts';
import { askGithub, type GithubOptions, isPassing } from './request.ts';

/** The most characters that GitHub takes in a comment. */
export const COMMENT_LIMIT = 65_536;

export interface UpsertOptions extends GithubOptions {
  readonly pull: PullRequest;
  /** See markerOf. */
  readonly marker: string;
  /** Begins with the marker; at most COMMENT_LIMIT characters. */
  readonly body: string;
}

/** What became of the comment. */
export type CommentOutcome =
  | { readonly kind: 'created' | 'updated' | 'unchanged'; readonly url: string | undefined }
  /** There is none, or an old one: why, and what mends it. */
  | { readonly kind: 'refused'; readonly message: string };

/** A comment was asked for, and nobody knows whether it was made. */
class LostCreation extends Error {}

const LOOK_AGAIN: Backoff = { firstMs: 1_000, capMs: 5_000, attempts: 3 };

/**
 * Puts the body into the one comment of the pull request that begins with the marker, or into a new one; of several, as runs
 * that race make them, the oldest is kept. Throws Error where the body breaks the rules above; the signal's reason.
 */
export async function upsertComment(options: UpsertOptions): Promise<CommentOutcome> {
  const { pull, marker, clock, random, signal, input } = options;
  // A lone half of a character is no UTF-8.
  const body = options.body.toWellFormed();
  if (!body.startsWith(marker)) throw new Error('the comment does not begin with its marker');
  if ([...body].length > COMMENT_LIMIT) throw new Error(`the comment has more than ${COMMENT_LIMIT} characters`);
  const comments = commentsOf(askGithub(options), pull.number, (text) => commentMend(text, pull, input));
  const desk: Desk = { comments, marker, body, log: options.log };
  try {
    const transient = (error: unknown) => error instanceof LostCreation;
    return await retry(() => upserted(desk), { clock, random, signal, backoff: LOOK_AGAIN, transient });
  } catch (error) {
    const told = error instanceof LostCreation ? error.cause : error;
    if (!(told instanceof GithubError)) throw told;
    return { kind: 'refused', message: told.message };
  }
}

interface Desk {
  readonly comments: Comments;
  readonly marker: string;
  readonly body: string;
  readonly log: UpsertOptions['log'];
}

async function upserted(desk: Desk): Promise<CommentOutcome> {
  return (await putIntoOne(await standing(desk), desk)) ?? (await created(desk));
}

/**
 * The comments that begin with the marker and that this token's owner may have made, oldest first. Anybody may write the
 * marker, and a token with the right to write may change other people's comments, who can change them back: a person's
 * comment counts only for that person's own token.
 */
async function standing({ comments, marker }: Desk): Promise<readonly Comment[]> {
  const marked = (await comments.list()).filter(({ body }) => body.startsWith(marker));
  const people = marked.some(({ author }) => author !== undefined && author.type !== 'Bot');
  const user = people ? await comments.user() : undefined;
  return marked.filter(({ author }) => author !== undefined && (author.type === 'Bot' || author.id === user));
}

/** Undefined where none of them may be changed. */
async function putIntoOne(found: readonly Comment[], desk: Desk): Promise<CommentOutcome | undefined> {
  for (const [index, comment] of found.entries()) {
    const kind = await put(comment, desk);
    if (kind === undefined) continue;
    await removeDoubles(comment, found.slice(index + 1), desk);
    return { kind, url: comment.url };
  }
  return undefined;
}

async function put(
  { id, body: before }: Comment,
  { comments, body }: Desk,
): Promise<'updated' | 'unchanged' | undefined> {
  if (shape(before) === shape(body)) return 'unchanged';
  try {
    await comments.update(id, body);
    return 'updated';
  } catch (error) {
    if (error instanceof GithubError && (error.kind === 'denied' || error.kind === 'missing')) return undefined;
    throw error;
  }
}

/** GitHub may give line ends and white space at the end otherwise than it took them. */
const shape = (text: string) => text.replaceAll('\r\n', '\n').trimEnd();

async function created(desk: Desk): Promise<CommentOutcome> {
  const made = await desk.comments.create(desk.body).catch((error: unknown) => {
    throw isPassing(error) ? new LostCreation('the comment may be there', { cause: error }) : error;
  });
  return await settled(made, desk);
}

/** Another run may have made one at the same time: both keep the older one. The comment is there in any case. */
async function settled(made: Comment, desk: Desk): Promise<CommentOutcome> {
  try {
    const found = (await desk.comments.list()).filter(
      ({ id, body, author }) => id !== made.id && body.startsWith(desk.marker) && isBySame(author, made),
    );
    const older = found.filter(({ id }) => BigInt(id) < BigInt(made.id));
    const younger = found.filter((each) => !older.includes(each));
    const kept = await putIntoOne(older, desk);
    await removeDoubles(made, kept === undefined ? younger : [made, ...younger], desk);
    if (kept !== undefined) return kept;
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    desk.log.debug(`Whether another run has made a comment too could not be seen: ${error.message}`);
  }
  return { kind: 'created', url: made.url };
}

const isBySame = (author: Comment['author'], other: Comment) => author !== undefined && author.id === other.author?.id;

/** Those of the same author as `one`. What is left over does no harm. */
async function removeDoubles(one: Comment, others: readonly Comment[], { comments, log }: Desk): Promise<void> {
  for (const { id, author } of others) {
    if (!isBySame(author, one)) continue;
    try {
      await comments.remove(id);
    } catch (error) {
      if (!(error instanceof GithubError)) throw error;
      log.debug(`The comment ${id}, which another one stands for, could not be deleted: ${messageOf(error)}`);
    }
  }
}

function commentMend(text: string, { fromFork }: PullRequest, input: TokenInput): string {
  if (/\blocked\b/i.test(text))
    return 'The conversation of the pull request is locked: unlock it, or set comment: false.';
  const fork =
    'To the run of a pull request from a fork GitHub gives a read-only token, whatever its permissions say: what the comment would say is in the job summary.';
  if (fromFork) return fork;
  const mend = permissionMend('pull-requests: write', input);
  return fromFork === undefined ? `${mend} ${fork}` : mend;
}
