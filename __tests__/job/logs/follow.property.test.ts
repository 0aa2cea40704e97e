import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from '../../../src/google/api-error.ts';
import { seeded } from './random.ts';
import { follow, type Scene } from './simulated-job.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

/** Mostly seconds, now and then minutes. */
const USUAL: Scene['delay'] = (roll) =>
  roll.chance(0.8)
    ? roll.between(0, 3 * SECOND)
    : roll.chance(0.7)
      ? roll.between(3 * SECOND, 60 * SECOND)
      : roll.between(MINUTE, 9 * MINUTE);

const byNumber = (a: string, b: string) => Number(a.slice(5)) - Number(b.slice(5));

function once(told: readonly { readonly text: string }[], written: readonly { readonly text: string }[]) {
  expect(told.map(({ text }) => text).sort(byNumber)).toEqual(written.map(({ text }) => text).sort(byNumber));
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('a job of half an hour in simulated time', () => {
  test('is told exactly once, each line by its source, in order as far as lines wait for each other', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 3, max: 60 }), async (seed, page) => {
        const { written, told } = await follow({
          seed,
          minutes: 30,
          entries: 400,
          delay: USUAL,
          atEndMs: 8 * SECOND,
          behaviour: { page: page < 10 ? 100 : 10 * page, repeats: 0.3, empties: 0.1 },
        });
        once(told, written);
        const all = new Map(written.map((each) => [each.text, each]));
        expect(told.every(({ source, text }) => all.get(text)?.source === source)).toBe(true);
        expect(outOfOrder(told.map(({ text }) => all.get(text)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('is told exactly once, though requests fail in every way', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const random = seeded(seed ^ 0x5eed);
        const faults = [
          new ApiError('list log entries: HTTP 429: slow down', 429),
          new ApiError('list log entries: HTTP 500: oh', 500),
          new ApiError('list log entries: no answer: ECONNRESET', undefined),
          new Error('list log entries: the answer of entries.list is no object'),
        ];
        const invalid = new ApiError('list log entries: HTTP 400: the page token is not valid', 400);
        const { written, told, thrown } = await follow({
          seed,
          minutes: 30,
          entries: 400,
          delay: USUAL,
          atEndMs: 8 * SECOND,
          behaviour: {
            page: 120,
            repeats: 0.2,
            empties: 0.1,
            quota: 25,
            faults: 0.2,
            fault: (pageToken) =>
              pageToken !== undefined && random() < 0.3
                ? invalid
                : (faults[Math.floor(random() * faults.length)] ?? invalid),
          },
        });
        once(told, written);
        expect(thrown.filter((error) => error instanceof ApiError)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  test('is told exactly once, though every entry is readable two minutes late only', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { written, told } = await follow({
          seed,
          minutes: 20,
          entries: 300,
          delay: (roll) => 2 * MINUTE + roll.between(0, 10 * SECOND),
          atEndMs: 10 * MINUTE,
          behaviour: {},
        });
        once(told, written);
      }),
      { numRuns: 30 },
    );
  }, 120_000);

  test('that writes more than is remembered is told nothing twice, and loses at most what comes late', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const { written, told } = await follow({
          seed,
          minutes: 30,
          entries: 600,
          delay: USUAL,
          atEndMs: 8 * SECOND,
          behaviour: { page: 50, repeats: 0.2, empties: 0.1 },
          options: { limits: { lateMs: 10 * MINUTE, most: 40 } },
        });
        const texts = told.map(({ text }) => text);
        const heard = new Set(texts);
        expect(heard.size).toBe(texts.length);
        const lost = written.filter(({ text }) => !heard.has(text));
        expect(lost.filter(({ visibleMs, receivedMs }) => visibleMs - receivedMs < 10 * SECOND)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** Pairs of one source that were told the wrong way round though the earlier one was readable in time. */
function outOfOrder(told: readonly (Awaited<ReturnType<typeof follow>>['written'][number] | undefined)[]): string[] {
  const HELD = 5 * SECOND;
  const wrong: string[] = [];
  const latest = new Map<string, { readonly atMs: number; readonly text: string }>();
  for (const line of told) {
    if (line === undefined) continue;
    const before = latest.get(line.source);
    const isInTime = line.visibleMs <= line.atMs + HELD;
    if (before !== undefined && before.atMs > line.atMs && isInTime) wrong.push(`${before.text} before ${line.text}`);
    if (before === undefined || before.atMs < line.atMs) latest.set(line.source, line);
  }
  return wrong;
}
