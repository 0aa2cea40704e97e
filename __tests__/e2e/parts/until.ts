import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until there is an answer. Throws when there is none in time; `what` says what was waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  withinMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: waited ${withinMs} ms in vain`);
    await delay(50);
  }
}

/** Waits until `ask` says true. */
export async function untilTrue(what: string, ask: () => Promise<boolean> | boolean, withinMs?: number): Promise<void> {
  await until(what, async () => ((await ask()) ? true : undefined), withinMs);
}
