import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { byAge } from '../../../src/job/submit/age.ts';
import { type Claim, claimOf, relationOf, tracesOf } from '../../../src/job/submit/claim.ts';
import { decide, isLive, type Verdict } from '../../../src/job/submit/decide.ts';
import { hasEnded, type Job } from '../../../src/vertex/jobs.ts';
import { JOB_STATES } from '../../../src/vertex/types.ts';
import { requestOf, stepJob } from './scene.ts';

const claim = claimOf(tracesOf(requestOf(2)));
const NEW: Claim = { ...claim, onRerun: 'new' };

/** `1 RUNNING` is job 1 of attempt 2, `1 RUNNING @1` of attempt 1; ids rise with age; `other` marks another request. */
function jobs(...texts: readonly string[]): Job[] {
  return texts.map((text) => {
    const [, id = '', state = '', attempt = '2', other] = /^(\d) (\w+)(?: @(\d))?( other)?$/.exec(text) ?? [];
    const request = other === undefined ? 'asked' : 'other';
    return stepJob(id, state, { attempt: Number(attempt), request, at: `2026-11-01T00:00:0${id}Z` });
  });
}

const id = ({ name }: Job) => name.slice(-1);
function said(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'create':
      return verdict.spent.length === 0 ? 'create' : `create after ${verdict.spent.map(id)}`;
    case 'take':
      return `take ${id(verdict.job)}${verdict.others.length === 0 ? '' : `, end ${verdict.others.map(id)}`}`;
    case 'end-first':
      return `end ${verdict.jobs.map(id)} first`;
    case 'clash':
      return `clash with ${id(verdict.job)}${verdict.mine.length === 0 ? '' : `, end ${verdict.mine.map(id)}`}`;
    case 'overtaken':
      return `overtaken by ${id(verdict.job)}`;
  }
}

describe('attempt 2 with on_rerun: attach', () => {
  test.each<[found: string, verdict: string]>([
    ['', 'create'],
    // Its own attempt's.
    ['1 QUEUED', 'take 1'],
    ['1 PAUSED', 'take 1'],
    ['1 MIGRATING', 'take 1'],
    ['1 RUNNING, 2 PENDING', 'take 1, end 2'],
    ['2 PENDING, 1 RUNNING, 3 QUEUED', 'take 1, end 2,3'],
    ['1 SUCCEEDED, 2 RUNNING', 'take 1, end 2'],
    ['1 RUNNING, 2 SUCCEEDED', 'take 2, end 1'],
    ['1 SUCCEEDED, 2 SUCCEEDED', 'take 1'],
    // In one attempt one job counts, whatever its end.
    ['1 FAILED', 'take 1'],
    ['1 EXPIRED, 2 RUNNING', 'take 1, end 2'],
    ['1 PARTIALLY_SUCCEEDED', 'take 1'],
    ['1 CANCELLED', 'take 1'],
    ['1 CANCELLING', 'take 1'],
    // But for one that may have been a double.
    ['1 CANCELLED, 2 RUNNING', 'take 2'],
    ['1 CANCELLING, 2 FAILED', 'take 2'],
    ['1 CANCELLED, 2 CANCELLING', 'take 1'],
    // An earlier attempt's.
    ['1 RUNNING @1', 'take 1'],
    ['1 PAUSED @1', 'take 1'],
    ['1 RUNNING @1, 2 RUNNING @1', 'take 1, end 2'],
    ['1 RUNNING @1, 2 QUEUED', 'take 1, end 2'],
    ['1 QUEUED, 2 RUNNING @1', 'take 1, end 2'],
    ['1 SUCCEEDED @1', 'take 1'],
    ['1 SUCCEEDED @1, 2 RUNNING', 'take 1, end 2'],
    ['1 FAILED @1', 'create after 1'],
    ['1 CANCELLED @1', 'create after 1'],
    ['1 EXPIRED @1', 'create after 1'],
    ['1 PARTIALLY_SUCCEEDED @1', 'create after 1'],
    ['1 CANCELLING @1', 'end 1 first'],
    ['1 CANCELLING @1, 2 RUNNING @1', 'take 2'],
    ['1 FAILED @1, 2 RUNNING', 'take 2'],
    ['1 FAILED @1, 2 FAILED', 'take 2'],
    // An earlier attempt's for another request.
    ['1 RUNNING @1 other', 'end 1 first'],
    ['1 SUCCEEDED @1 other', 'create after 1'],
    ['1 RUNNING @1 other, 2 RUNNING @1', 'take 2, end 1'],
    ['1 RUNNING @1 other, 2 RUNNING', 'take 2, end 1'],
    // Another step of this attempt.
    ['1 RUNNING other', 'clash with 1'],
    ['1 SUCCEEDED other', 'clash with 1'],
    ['1 CANCELLED other', 'clash with 1'],
    ['1 RUNNING other, 2 RUNNING', 'clash with 1, end 2'],
    ['1 RUNNING, 2 RUNNING other', 'take 1, end 2'],
    ['1 FAILED, 2 CANCELLED other', 'take 1'],
    ['1 RUNNING @1, 2 RUNNING other', 'clash with 2'],
    // A later attempt.
    ['1 RUNNING @3', 'overtaken by 1'],
    ['1 RUNNING @1, 2 RUNNING @3', 'take 1'],
    ['1 RUNNING, 2 RUNNING @3', 'take 1'],
    ['1 FAILED @1, 2 SUCCEEDED @3', 'overtaken by 2'],
  ])('%s: %s', (found, verdict) => {
    expect(said(decide(jobs(...found.split(', ').filter((text) => text !== '')), claim))).toBe(verdict);
  });
});

describe('attempt 2 with on_rerun: new', () => {
  test.each<[found: string, verdict: string]>([
    ['1 RUNNING @1', 'end 1 first'],
    ['1 CANCELLING @1', 'end 1 first'],
    ['1 SUCCEEDED @1', 'create after 1'],
    ['1 FAILED @1', 'create after 1'],
    ['1 RUNNING @1, 2 QUEUED', 'take 2, end 1'],
    ['1 SUCCEEDED @1, 2 QUEUED', 'take 2'],
    ['1 QUEUED, 2 RUNNING', 'take 1, end 2'],
    ['1 RUNNING @3', 'overtaken by 1'],
  ])('%s: %s', (found, verdict) => {
    expect(said(decide(jobs(...found.split(', ')), NEW))).toBe(verdict);
  });
});

test('jobs that were given up are as if they were not there', () => {
  const [given] = jobs('1 FAILED');
  const without = { ...claim, givenUp: new Set([given?.name ?? '']) };
  expect(said(decide(jobs('1 FAILED'), without))).toBe('create');
  expect(said(decide(jobs('1 FAILED', '2 RUNNING'), without))).toBe('take 2');
});

test('equal creation times are told apart by name', () => {
  const twins = ['b', 'a', 'c'].map((name) => stepJob(name, 'RUNNING', { attempt: 2 }));
  expect(said(decide(twins, claim))).toBe('take a, end b,c');
});

const anyJob = fc
  .record({
    id: fc.integer({ min: 0, max: 9_999 }),
    state: fc.constantFrom(...JOB_STATES, 'MIGRATING'),
    attempt: fc.integer({ min: 1, max: 3 }),
    request: fc.constantFrom('asked', 'asked', 'asked', 'other'),
    second: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ id: number, state, attempt, request, second }) =>
    stepJob(String(number), state, { attempt, request, at: `2026-11-01T00:00:0${second}Z` }),
  );
const anyJobs = fc.uniqueArray(anyJob, { maxLength: 8, selector: ({ name }) => name });
const anyClaim = fc.constantFrom(claim, NEW, { ...claim, attempt: 1 }, { ...claim, attempt: 3 });

/** The jobs once what the verdict says was done. */
function carriedOut(found: readonly Job[], verdict: Verdict): Job[] {
  const ended = verdict.kind === 'take' ? verdict.others : verdict.kind === 'end-first' ? verdict.jobs : [];
  return found.map((job) => (ended.includes(job) ? { ...job, state: 'CANCELLED' } : job));
}

describe('whatever is found', () => {
  test('the order of what is found does not count', () => {
    fc.assert(
      fc.property(anyJobs, anyClaim, (found, who) => {
        expect(decide([...found].reverse(), who)).toEqual(decide(found, who));
      }),
    );
  });

  test('what is done stays done: the same job is taken again, and nothing is left to end', () => {
    fc.assert(
      fc.property(anyJobs, anyClaim, (found, who) => {
        const verdict = decide(found, who);
        const next = decide(carriedOut(found, verdict), who);
        if (verdict.kind === 'take')
          expect(next).toMatchObject({ kind: 'take', job: { name: verdict.job.name }, others: [] });
        if (verdict.kind === 'end-first') expect(next.kind).toBe('create');
      }),
    );
  });

  test('once it is done, at most one of the jobs that are the step to deal with lives', () => {
    fc.assert(
      fc.property(anyJobs, anyClaim, (found, who) => {
        const verdict = decide(found, who);
        if (verdict.kind !== 'take') return;
        const live = carriedOut(found, verdict).filter((job) => isLive(job) && relationOf(job, who) !== 'later');
        expect(live.filter((job) => job.name !== verdict.job.name)).toEqual([]);
      }),
    );
  });

  test('none is made while one lives or has succeeded that would do', () => {
    fc.assert(
      fc.property(anyJobs, anyClaim, (found, who) => {
        if (decide(found, who).kind !== 'create') return;
        for (const job of found) {
          expect(['mine', 'clash', 'later']).not.toContain(relationOf(job, who));
          expect(hasEnded(job)).toBe(true);
          if (who.onRerun === 'attach' && relationOf(job, who) === 'earlier') expect(job.state).not.toBe('SUCCEEDED');
        }
      }),
    );
  });

  test('a later attempt is left alone', () => {
    fc.assert(
      fc.property(anyJobs, anyClaim, (found, who) => {
        const verdict = decide(found, who);
        const touched =
          verdict.kind === 'take' ? [verdict.job, ...verdict.others] : verdict.kind === 'end-first' ? verdict.jobs : [];
        for (const job of touched) expect(relationOf(job, who)).not.toBe('later');
      }),
    );
  });

  test('of live jobs with the same request the oldest is taken, where none has ended', () => {
    const live = anyJobs.map((found) => found.map((job) => ({ ...job, state: 'RUNNING' })));
    fc.assert(
      fc.property(live, (found) => {
        const verdict = decide(found, claim);
        if (verdict.kind !== 'take') return;
        const rivals = found.filter((job) => ['mine', 'earlier'].includes(relationOf(job, claim)));
        expect(verdict.job).toBe([...rivals].sort(byAge)[0]);
      }),
    );
  });

  // Two steps of one attempt that ask for different things: one of them goes on.
  test('of two that clash one gives way, and not both', () => {
    fc.assert(
      fc.property(anyJobs, (found) => {
        const mine = decide(found, claim);
        const theirs = decide(found, { ...claim, request: 'other' });
        const has = (who: Claim) => found.some((job) => relationOf(job, who) === 'mine');
        if (!has(claim) || !has({ ...claim, request: 'other' })) return;
        if (mine.kind === 'take' && mine.own) expect(theirs.kind).toBe('clash');
        if (theirs.kind === 'take' && theirs.own) expect(mine.kind).toBe('clash');
      }),
    );
  });
});
