import { expect, test } from '@jest/globals';
import { progressOf } from '../../../src/artifacts/download/progress.ts';
import { recordingLog } from '../../ground/recording-log.ts';

/** The lines of a download whose pieces come at even times. */
function linesOf({ total, piece, everyMs }: { total: number; piece: number; everyMs: number }): string[] {
  const log = recordingLog();
  let now = 0;
  const progress = progressOf({ total, clock: { now: () => now }, log });
  for (let done = 0; done < total; done += piece) {
    now += everyMs;
    progress.add(piece);
  }
  return log.texts('info');
}

test('each tenth is told with the rate, but not the end', () => {
  const lines = linesOf({ total: 1e9, piece: 1e6, everyMs: 100 });
  expect(lines).toHaveLength(9);
  expect(lines[0]).toBe('10 % downloaded: 100 MB of 1.0 GB, 10 MB/s');
  expect(lines[8]).toBe('90 % downloaded: 900 MB of 1.0 GB, 10 MB/s');
});

test('a fast download says little, a short one nothing', () => {
  expect(linesOf({ total: 1e9, piece: 1e5, everyMs: 2 })).toHaveLength(3);
  expect(linesOf({ total: 1e6, piece: 1e3, everyMs: 2 })).toEqual([]);
});

test('a slow one says something each minute, however many pieces come', () => {
  const lines = linesOf({ total: 1e9, piece: 1e4, everyMs: 100 });
  expect(lines.length).toBeLessThanOrEqual(170);
  expect(lines[0]).toBe('0 % downloaded: 6 MB of 1.0 GB, 100 kB/s');
});

test('what is thrown away again counts no more', () => {
  const log = recordingLog();
  let now = 0;
  const progress = progressOf({ total: 1e6, clock: { now: () => now }, log });
  progress.add(9e5);
  progress.add(-9e5);
  now = 70_000;
  progress.add(1e5);
  expect(log.texts('info')).toEqual(['10 % downloaded: 100 kB of 1 MB, 1 kB/s']);
});
