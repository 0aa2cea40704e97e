import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { byAge } from './age.ts';
import { type Claim, type Relation, relationOf } from './claim.ts';

/** What the jobs that were found mean for a step. */
export type Verdict =
  /** No job stands for the step: one is to be made. `spent` are those of earlier attempts that came to nothing. */
  | { readonly kind: 'create'; readonly spent: readonly Job[] }
  /** The job that stands for the step, by its own attempt or an earlier one; `others` are live and must end. */
  | { readonly kind: 'take'; readonly job: Job; readonly own: boolean; readonly others: readonly Job[] }
  /** None stands for the step, but earlier attempts left these: they have to end before one is made. */
  | { readonly kind: 'end-first'; readonly jobs: readonly Job[] }
  /** Another step has the same identity and came first; `mine` are live and must end. */
  | { readonly kind: 'clash'; readonly job: Job; readonly mine: readonly Job[] }
  /** A later attempt is at work: this one's time is over. */
  | { readonly kind: 'overtaken'; readonly job: Job };

/** Whether nothing has been asked of the job that ends it, nor has it ended. PAUSED and unknown states live. */
export const isLive = (job: Pick<Job, 'state'>) => !hasEnded(job) && job.state !== 'CANCELLING';

/**
 * What becomes of a step, from all jobs that carry its key.
 *
 * Of the jobs that count the oldest stands, so that whoever looks comes to the same one; a succeeded one stands before all,
 * as nothing is paid twice. In one attempt one job counts, whatever its end. Of earlier attempts' only those count that
 * live or have succeeded, and with `on_rerun: new` none does. PARTIALLY_SUCCEEDED starts anew like FAILED: the step failed
 * with it, and a re-run that took it again could never do better.
 */
export function decide(found: readonly Job[], claim: Claim): Verdict {
  const jobs = related(found, claim);
  const chosen = chosenOf(jobs, claim);
  const clash = clashOf(jobs, chosen);
  if (clash !== undefined) return { kind: 'clash', job: clash, mine: jobs.mine.filter(isLive) };
  if (chosen !== undefined) {
    const beside = [...jobs.mine, ...jobs.clash, ...jobs.earlier, ...jobs.outdated];
    const others = beside.filter((job) => job !== chosen && isLive(job));
    return { kind: 'take', job: chosen, own: jobs.mine.includes(chosen), others };
  }
  const [later] = jobs.later;
  if (later !== undefined) return { kind: 'overtaken', job: later };
  const before = [...jobs.earlier, ...jobs.outdated];
  const unended = before.filter((job) => !hasEnded(job));
  return unended.length > 0 ? { kind: 'end-first', jobs: unended } : { kind: 'create', spent: before };
}

type Related = Readonly<Record<Relation, readonly Job[]>>;

/** The jobs by how they stand to the claim, the oldest first. */
function related(found: readonly Job[], claim: Claim): Related {
  const groups: Record<Relation, Job[]> = { mine: [], clash: [], earlier: [], outdated: [], later: [], none: [] };
  for (const job of [...found].sort(byAge)) groups[relationOf(job, claim)].push(job);
  return groups;
}

function chosenOf({ mine, earlier }: Related, { onRerun }: Claim): Job | undefined {
  const standing = onRerun === 'attach' ? earlier.filter((job) => job.state === 'SUCCEEDED' || isLive(job)) : [];
  const counting = [...mine, ...standing].sort(byAge);
  return (
    counting.find(({ state }) => state === 'SUCCEEDED') ??
    // A cancelled one may have been a double of one that lists do not show yet.
    counting.find(({ state }) => state !== 'CANCELLED' && state !== 'CANCELLING') ??
    counting[0]
  );
}

/** The other step's job, unless this step's own was there before it: then the other one has to give way. */
function clashOf({ mine, clash }: Related, chosen: Job | undefined): Job | undefined {
  const [theirs] = clash;
  const [own] = mine;
  if (theirs === undefined) return undefined;
  const mineStands = chosen !== undefined && own !== undefined && mine.includes(chosen);
  return mineStands && byAge(own, theirs) < 0 ? undefined : theirs;
}
