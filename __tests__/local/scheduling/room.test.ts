import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aloneNote, waitNote } from '../../../src/local/scheduling/admission.ts';
import { needOf } from '../../../src/local/scheduling/resources.ts';
import { Room } from '../../../src/local/scheduling/room.ts';
import { type Fit, Scheduler } from '../../../src/local/scheduling/scheduler.ts';
import type { CustomJobSpec } from '../../../src/vertex/types.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));
const cpus = (count: number) => ({ cpus: count, memoryGiB: 0 });

/** A room whose events are told as words: `1 waits`, `1 in`, `1 gone`. */
function watched(total: number) {
  const room = new Room(cpus(total));
  const events: string[] = [];
  const leaves = new Map<string, () => void>();
  const cancels = new Map<string, AbortController>();
  return {
    room,
    events,
    async ask(name: string, need: number) {
      const cancel = new AbortController();
      cancels.set(name, cancel);
      room
        .enter(cpus(need), cancel.signal, () => events.push(`${name} waits`))
        .then((leave) => {
          events.push(leave === undefined ? `${name} gone` : `${name} in`);
          if (leave !== undefined) leaves.set(name, leave);
        });
      await settle();
    },
    async leave(name: string) {
      leaves.get(name)?.();
      await settle();
    },
    async cancel(name: string) {
      cancels.get(name)?.abort();
      await settle();
    },
  };
}

describe('Room', () => {
  it('lets in what fits, and the others in their order', async () => {
    const { ask, leave, events } = watched(4);
    for (const [name, need] of [
      ['a', 2],
      ['b', 2],
      ['c', 4],
      ['d', 1],
    ] as const)
      await ask(name, need);
    expect(events).toEqual(['a in', 'b in', 'c waits', 'd waits']);
    await leave('a');
    expect(events).toHaveLength(4);
    await leave('b');
    await leave('c');
    expect(events.slice(4)).toEqual(['c in', 'd in']);
  });

  it('lets in alone what is larger than the machine', async () => {
    const { ask, leave, events } = watched(2);
    await ask('big', 96);
    await ask('small', 1);
    await leave('big');
    await ask('other', 96);
    await leave('small');
    expect(events).toEqual(['big in', 'small waits', 'small in', 'other waits', 'other in']);
  });

  it('forgets what is cancelled while it waits, and lets in those behind it', async () => {
    const { ask, cancel, leave, events } = watched(2);
    await ask('a', 1);
    await ask('b', 2);
    await ask('c', 1);
    await cancel('b');
    expect(events.slice(0, 3)).toEqual(['a in', 'b waits', 'c waits']);
    expect(new Set(events.slice(3))).toEqual(new Set(['b gone', 'c in']));
    await cancel('a');
    await leave('a');
    await ask('d', 1);
    expect(events.at(-1)).toBe('d in');
  });

  it('holds at once what runs already, and lets nothing in until all of it fits', async () => {
    const { room, ask, events } = watched(2);
    const leaves = [room.hold(cpus(2)), room.hold(cpus(2))];
    await ask('a', 1);
    leaves[0]?.();
    await settle();
    expect(events).toEqual(['a waits']);
    leaves[1]?.();
    await settle();
    expect(events).toEqual(['a waits', 'a in']);
  });

  it('never holds more than it has but one job alone, and leaves none outside in the end', async () => {
    const step = fc.tuple(
      fc.constantFrom<'ask' | 'leave' | 'cancel'>('ask', 'leave', 'cancel'),
      fc.integer({ min: 0, max: 9 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const crowd = new Crowd(4);
        for (const [what, number] of steps) {
          crowd[what](number);
          await settle();
        }
        await crowd.emptied();
        expect(crowd.outside).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});

/** Jobs, by the number of their asking, that come and go; more than fit are never inside. */
class Crowd {
  readonly inside = new Map<number, { readonly need: number; readonly leave: () => void }>();
  outside = 0;
  readonly #total: number;
  readonly #room: Room;
  readonly #cancels: AbortController[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#room = new Room(cpus(total));
  }

  ask(number: number): void {
    void this.#ask(1 + (number % 6));
  }

  /** Waits until all have come in and gone. */
  async emptied(): Promise<void> {
    while (this.inside.size > 0) {
      for (const id of [...this.inside.keys()]) this.leave(id);
      await settle();
    }
  }

  async #ask(need: number): Promise<void> {
    const cancel = new AbortController();
    const id = this.#cancels.push(cancel) - 1;
    this.outside += 1;
    const leave = await this.#room.enter(cpus(need), cancel.signal, () => {});
    this.outside -= 1;
    if (leave === undefined) return;
    this.inside.set(id, { need, leave });
    const sum = [...this.inside.values()].reduce((total, each) => total + each.need, 0);
    if (this.inside.size > 1) expect(sum).toBeLessThanOrEqual(this.#total);
  }

  leave(id: number): void {
    this.inside.get(id)?.leave();
    this.inside.delete(id);
  }

  cancel(id: number): void {
    this.#cancels[id]?.abort();
  }
}

const spec = (machineType: string | undefined, replicas = 1, scheduling: object = {}): CustomJobSpec => {
  const pool = { containerSpec: { imageUri: 'i' }, ...(machineType && { machineSpec: { machineType } }) };
  return { workerPoolSpecs: [pool, { ...pool, replicaCount: String(replicas - 1) }], scheduling };
};

describe('needOf', () => {
  it.each([
    ['one machine', spec('n1-standard-4'), { cpus: 4, memoryGiB: 15 }],
    ['three machines', spec('n1-standard-4', 3), { cpus: 12, memoryGiB: 45 }],
    ['no machine type', spec(undefined, 3), { cpus: 0, memoryGiB: 0 }],
    ['a machine type that is not known', spec('x9-tiny'), { cpus: 0, memoryGiB: 0 }],
    [
      'an empty pool',
      { workerPoolSpecs: [...spec('e2-standard-4').workerPoolSpecs.slice(0, 1), {}] },
      { cpus: 4, memoryGiB: 16 },
    ],
  ])('%s', (_name, given, expected) => {
    expect(needOf(given)).toEqual(expected);
  });
});

describe('Scheduler', () => {
  const machine = async () => ({ cpus: 2, memoryGiB: 8 });
  const signal = new AbortController().signal;
  const listener = (onWait: (fit: Fit) => void, onAlone: (fit: Fit) => void = () => {}) => ({ onWait, onAlone });

  it.each([
    ['fits', spec('n1-standard-4'), 4, undefined],
    ['is too large', spec('n1-standard-8'), 4, 'custom_model_training_cpus'],
    ['is too many', spec('n1-standard-4', 2), 4, 'custom_model_training_cpus'],
    ['may be taken back', spec('n1-standard-8', 1, { strategy: 'SPOT' }), 4, 'custom_model_training_preemptible_cpus'],
    [
      'may wait long',
      spec('n1-standard-8', 1, { strategy: 'FLEX_START' }),
      4,
      'custom_model_training_preemptible_cpus',
    ],
    ['is larger than the machine, without a quota', spec('n1-standard-96'), undefined, undefined],
  ])(
    'refuses in the words of Vertex AI what exceeds the quota by itself: a job that %s',
    (_name, given, maxCpus, metric) => {
      const check = () => new Scheduler({ machine, maxCpus }).check(given);
      if (metric === undefined) return expect(check).not.toThrow();
      expect(check).toThrow(
        expect.objectContaining({
          rpc: 'RESOURCE_EXHAUSTED',
          message: `The following quota metrics exceed quota limits: aiplatform.googleapis.com/${metric}`,
        }),
      );
    },
  );

  it.each([
    ['the machine’s CPUs', {}, spec('n1-standard-4'), false],
    ['a quota that is set higher', { maxCpus: 8, maxMemoryGiB: 30 }, spec('n1-standard-4'), true],
    ['the memory', { maxCpus: 8 }, spec('n1-standard-4'), false],
    ['jobs that need nothing', {}, spec(undefined), true],
  ])('goes by %s', async (_name, limits, given, isSideBySide) => {
    const scheduler = new Scheduler({ machine, ...limits });
    let waits = 0;
    for (let job = 0; job < 2; job += 1)
      void scheduler.enter(
        given,
        signal,
        listener(() => (waits += 1)),
      );
    await settle();
    expect(waits).toBe(isSideBySide ? 0 : 1);
  });

  it('refuses what exceeds a quota of memory by itself, and both by their names', () => {
    const check = (maxCpus: number, maxMemoryGiB: number) =>
      new Scheduler({ machine, maxCpus, maxMemoryGiB }).check(spec('n1-highmem-8'));
    expect(() => check(8, 52)).not.toThrow();
    expect(() => check(8, 51)).toThrow(/limits: aiplatform\.googleapis\.com\/custom_model_training_memory$/);
    expect(() => check(4, 16)).toThrow(
      /limits: aiplatform\.googleapis\.com\/custom_model_training_cpus,aiplatform\.googleapis\.com\/custom_model_training_memory$/,
    );
  });

  it('tells what waits and what runs alone, with the numbers', async () => {
    const scheduler = new Scheduler({ machine: async () => ({ cpus: 4, memoryGiB: 15.66 }) });
    const told: string[] = [];
    const hear = listener(
      (fit) => told.push(waitNote('This job', fit)),
      (fit) => told.push(aloneNote('Each trial', fit)),
    );
    const leave = await scheduler.enter(spec('n1-standard-8'), signal, hear);
    void scheduler.enter(spec('n1-standard-4'), signal, hear);
    void scheduler.enter(spec('n1-standard-16'), signal, hear);
    await settle();
    leave?.();
    await settle();
    const all = "this region's 4 CPUs and 15.7 GiB of memory";
    expect(told).toEqual([
      `Each trial asks for 8 CPUs and 30 GiB of memory, which is more than ${all}: it runs alone, with what there is.`,
      `This job needs 4 CPUs and 15 GiB of memory and waits until running jobs leave it that much of ${all}.`,
      `This job needs 16 CPUs and 60 GiB of memory and waits until no other job runs: it asks for more than all of ${all}.`,
    ]);
  });

  it('has those that ran already inside before the first that asks, however long the machine takes to answer', async () => {
    const { promise, resolve } = Promise.withResolvers<{ readonly cpus: number; readonly memoryGiB: number }>();
    const scheduler = new Scheduler({ machine: () => promise, maxCpus: 4 });
    const leave = scheduler.adopt(spec('n1-standard-8'));
    let waits = 0;
    const entered = scheduler.enter(
      spec('n1-standard-4'),
      signal,
      listener(() => (waits += 1)),
    );
    resolve({ cpus: 4, memoryGiB: 64 });
    await settle();
    expect(waits).toBe(1);
    leave();
    expect(await entered).toBeDefined();
  });

  it('lets all in where the machine cannot be asked, and asks again', async () => {
    const answers = [Promise.reject(new Error('no engine')), machine()];
    const scheduler = new Scheduler({ machine: () => answers.shift() ?? machine() });
    let waits = 0;
    for (let job = 0; job < 3; job += 1) {
      await Promise.race([
        scheduler.enter(
          spec('n1-standard-4'),
          signal,
          listener(() => (waits += 1)),
        ),
        settle(),
      ]);
    }
    await settle();
    expect(waits).toBe(1);
  });
});
