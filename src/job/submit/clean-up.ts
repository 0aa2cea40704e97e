import { isTransient } from '../../google/api-error.ts';
import { orMissing } from '../../google/rest.ts';
import { KEY_LABEL } from '../../plan/labels.ts';
import { type Backoff, retry } from '../../retry.ts';
import { hasEnded, type Job } from '../../vertex/jobs.ts';
import { ask } from '../watch/ask.ts';
import { type Claim, claimOf, keyFilter, relationOf } from './claim.ts';
import { decide, isLive } from './decide.ts';
import { askToEnd } from './end.ts';
import type { EndOursOptions } from './options.ts';
import { type Places, placesOf } from './places.ts';

/** The clearing away of a step's jobs. */
interface CleanUp {
  /** One look, and a cancel of each job that lives; gives the first error that left something to be done. */
  round(): Promise<Trouble | undefined>;
  /** The same, but for the job that stands for the step, and what earlier attempts left where none does. */
  roundButStanding(): Promise<Trouble | undefined>;
  /** What was not ended, as `roundButStanding` saw it last. */
  left(): readonly Job[];
  /** Waits for the ends of what was cancelled while time lasts; gives the jobs as last seen. */
  ends(): Promise<readonly Job[]>;
}

/** What kept a round from its work. */
export interface Trouble {
  readonly error: unknown;
}

/** Some seconds: what fails is tried again in the next round. */
const PATIENCE: Backoff = { firstMs: 500, capMs: 5_000, attempts: 4 };
/** Between two looks whether a job has ended. */
const POLL_MS = 1_000;
/** A request without an answer for so long is made again: all of post has but some minutes. */
const ANSWER_MS = 10_000;

/** The clearing away of the jobs that the traces lead to and of those that are named, as far as they carry the step's key. */
export function newCleanUp(options: EndOursOptions): CleanUp {
  const { api, clock, random, traces, elsewhere = [] } = options;
  const { signal } = new AbortController();
  const answered = <T>(call: () => Promise<T>) => ask('clean up', call, { clock, signal, withinMs: ANSWER_MS });
  const run = <T>(call: () => Promise<T>) =>
    retry(() => answered(call), { clock, random, backoff: PATIENCE, transient: isTransient });
  const places = placesOf({ ...traces, api }, elsewhere, run);
  const claim = claimOf(traces, { givenUp: new Set(options.givenUp), onRerun: options.onRerun ?? 'attach' });
  let left: readonly Job[] = [];
  /** Jobs that main knew, whether lists show them or not. */
  const named = new Set(options.names);
  const { end, ending } = endingOnce(async ({ name, state }) => {
    options.log.info(`A job of this step is ${state} and is cancelled: ${name}`);
    await run(() => askToEnd(places.apiOf(name), name));
  });
  const see = (name: string): Promise<Job | undefined> => orMissing(run(() => places.apiOf(name).get(name)));
  // Names reach post through a file that others may write to: a job without the step's key is none of its business.
  const isKeyed = (job: Job) => job.labels[KEY_LABEL] === claim.key;
  const endNamed = async (name: string): Promise<void> => {
    const job = await see(name);
    if (job !== undefined && isKeyed(job) && !hasEnded(job)) await end(job);
    named.delete(name);
  };
  const endEach = async (jobs: readonly Job[]): Promise<void> => {
    const failures: unknown[] = [];
    // One after the other: whoever runs others comes first, and takes them with it.
    for (const job of jobs) await end(job).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  const endOthers = async (): Promise<void> => {
    const seen = (await Promise.all([...named].map(see))).filter((job) => job !== undefined).filter(isKeyed);
    const listed = await listedIn(places, claim);
    const found = [...new Map([...listed, ...seen].map((job) => [job.name, job])).values()];
    const verdict = decide(found, claim);
    const standing = verdict.kind === 'take' ? verdict.job : undefined;
    const beside = verdict.kind === 'take' ? verdict.others : verdict.kind === 'clash' ? verdict.mine : [];
    const unwanted = seen.filter((job) => isLive(job) && job.name !== standing?.name);
    // What earlier attempts left is ended to make way for a job, of which there will be none.
    const earlier = verdict.kind === 'end-first' ? verdict.jobs.filter((job) => !named.has(job.name)) : [];
    left = standing === undefined ? earlier : [standing];
    await endEach([...new Set([...beside, ...unwanted])]);
  };
  const awaitEnd = async (name: string, until: number): Promise<readonly Job[]> => {
    for (;;) {
      const job = await see(name);
      if (job === undefined) return [];
      if (hasEnded(job) || clock.now() >= until) return [job];
      await clock.sleep(POLL_MS);
    }
  };
  return {
    round: () => troubleOf([...[...named].map(endNamed), unendedIn(places, claim).then(endEach)]),
    roundButStanding: () => troubleOf([endOthers()]),
    left: () => left,
    ends: async () => {
      const until = clock.now() + options.waitMs;
      return (await Promise.all([...ending].map((name) => awaitEnd(name, until)))).flat();
    },
  };
}

/** Ends each job once, though it is met by its name and in a list at the same time; a request that failed is made again. */
function endingOnce(ask: (job: Job) => Promise<void>) {
  /** Names of jobs on their way to their end. */
  const ending = new Set<string>();
  const asked = new Map<string, Promise<void>>();
  const askOnce = async (job: Job): Promise<void> => {
    if (isLive(job)) await ask(job);
    ending.add(job.name);
  };
  const end = async (job: Job): Promise<void> => {
    if (ending.has(job.name)) return;
    const answer = asked.get(job.name) ?? askOnce(job).finally(() => asked.delete(job.name));
    asked.set(job.name, answer);
    await answer;
  };
  return { end, ending };
}

async function troubleOf(all: readonly Promise<void>[]): Promise<Trouble | undefined> {
  const failed = (await Promise.allSettled(all)).find((result) => result.status === 'rejected');
  return failed && { error: failed.reason };
}

const listedIn = (places: Places, claim: Claim) => places.list(() => keyFilter(claim));

/** The jobs of the claim's step that have not ended, of its attempt and the earlier ones, as lists show them now. */
async function unendedIn(places: Places, claim: Claim): Promise<readonly Job[]> {
  const found = await listedIn(places, claim);
  return found.filter((job) => !hasEnded(job) && OURS.has(relationOf(job, claim)));
}

const OURS: ReadonlySet<string> = new Set(['mine', 'earlier', 'outdated']);
