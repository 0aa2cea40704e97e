import { expect, test } from '@jest/globals';
import { VirtualClock } from './virtual-clock.ts';

test('time passes to the next that wakes, in order, and each finds the moment that it asked for', async () => {
  const clock = new VirtualClock(100);
  const woken: [string, number][] = [];
  const sleeper = async (name: string, ...spans: number[]) => {
    for (const span of spans) {
      await clock.sleep(span);
      woken.push([name, clock.now()]);
    }
  };
  await Promise.all([sleeper('a', 10, 10, 10), sleeper('b', 15), sleeper('c', 5, 20, 0)]);
  expect(woken).toEqual([
    ['c', 105],
    ['a', 110],
    ['b', 115],
    ['a', 120],
    ['c', 125],
    ['c', 125],
    ['a', 130],
  ]);
  expect(clock.sleeping).toBe(0);
});

test('whoever is aborted wakes at once, with the reason, and time stands still for that', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  clock.at(7, () => controller.abort('enough'));
  const other = clock.sleep(50);
  await expect(clock.sleep(1_000, controller.signal)).rejects.toBe('enough');
  expect(clock.now()).toBe(7);
  await expect(clock.sleep(1, controller.signal)).rejects.toBe('enough');
  await other;
  expect(clock.now()).toBe(50);
});
