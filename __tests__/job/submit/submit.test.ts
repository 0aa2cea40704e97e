import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../src/faults.ts';
import { ApiError } from '../../../src/google/api-error.ts';
import { CLOUD_LAG, LOCAL_LAG } from '../../../src/job/submit/lag.ts';
import { submitJob } from '../../../src/job/submit/submit.ts';
import { listFilter } from '../../../src/local/resources/list-filter.ts';
import { Life } from '../chaos/life.ts';
import { VirtualTime } from '../chaos/time.ts';
import { PARENT, requestOf, Shelf, scene, stepJob } from './scene.ts';

const STOP = new Error('This step was cancelled (SIGINT).');
const ATTEMPT_2 = { request: requestOf(2) };
const creations = (shelf: Shelf) => shelf.calls.filter((call) => call.startsWith('create'));
const cancels = (shelf: Shelf) => shelf.calls.filter((call) => call.startsWith('cancel'));

/** Throws each error in turn when a call that begins like this is made, and none after the last. */
function failing(shelf: Shelf, call: string, ...errors: readonly Error[]): void {
  let count = 0;
  shelf.fault = (each) => {
    const error = each.startsWith(call) ? errors[count++] : undefined;
    if (error !== undefined) throw error;
  };
}

/** Like `failing`, but the job is made all the same. */
function losing(shelf: Shelf, error: Error): void {
  const { create } = shelf.api;
  let lost = false;
  Object.assign(shelf.api, {
    create: async (...request: Parameters<typeof create>) => {
      const made = await create(...request);
      if (lost) return made;
      lost = true;
      throw error;
    },
  });
}

describe('where there is no job yet', () => {
  test('it is looked for, made, and looked for once more', async () => {
    const shelf = new Shelf();
    const { options, told, clock } = scene(shelf);
    const { job, how, earlierAttempt, lookAgain, quietAt } = await submitJob(options);
    expect([job.name, how, earlierAttempt]).toEqual([`${PARENT}/customJobs/new1`, 'created', undefined]);
    expect(creations(shelf)).toHaveLength(1);
    expect(shelf.lists).toBe(6);
    expect(new Set(told)).toEqual(new Set(['new1']));
    expect(lookAgain).toEqual([30_000, 90_000, 600_000].map((ms) => clock.now() + ms));
    expect(quietAt).toBe(clock.now() + 90_000);
  });

  test('it carries the number of its run', async () => {
    const shelf = new Shelf();
    await submitJob(scene(shelf, { runNumber: 12 }).options);
    expect([...shelf.jobs.values()][0]?.labels['train-on-vertex-run']).toBe('12');
  });

  test('a service whose lists are never behind need not be asked again', async () => {
    expect((await submitJob(scene(new Shelf(), { lag: LOCAL_LAG }).options)).lookAgain).toEqual([]);
  });

  test.each([400, 401, 403, 404, 409, 412])('HTTP %d is thrown as it came, and asked for but once', async (status) => {
    const shelf = new Shelf();
    const refusal = new ApiError('no', status);
    failing(shelf, 'create', refusal);
    await expect(submitJob(scene(shelf).options)).rejects.toBe(refusal);
    expect(creations(shelf)).toHaveLength(1);
  });

  test('a quota that is used up is thrown as it came', async () => {
    const shelf = new Shelf();
    const quota = new ApiError('The following quota metrics exceed quota limits: custom_model_training_cpus', 429);
    failing(shelf, 'create', quota);
    await expect(submitJob(scene(shelf).options)).rejects.toBe(quota);
  });

  test('a request that is put off is repeated, after longer and longer waits', async () => {
    const shelf = new Shelf();
    const busy = new ApiError('too many requests', 429);
    failing(shelf, 'create', busy, busy, busy);
    const { options, clock } = scene(shelf);
    expect((await submitJob(options)).how).toBe('created');
    expect(creations(shelf)).toHaveLength(4);
    expect(clock.slept).toEqual([3_750, 7_500, 15_000]);
  });

  test('and given up after twenty minutes, with the error as it came', async () => {
    const shelf = new Shelf();
    const busy = new ApiError('too many requests', 429);
    failing(shelf, 'create', ...Array.from({ length: 200 }, () => busy));
    const { options, clock } = scene(shelf);
    await expect(submitJob(options)).rejects.toBe(busy);
    expect(clock.now() - 1_000_000).toBeGreaterThan(20 * 60_000);
    expect(clock.now() - 1_000_000).toBeLessThan(22 * 60_000);
  });
});

describe('after an unclear answer', () => {
  const UNCLEAR = [408, 500, 502, 503, 504, undefined].map((status) => new ApiError(`HTTP ${status}`, status));

  test.each(UNCLEAR)('%s: the job that was made all the same is found, and none is made again', async (error) => {
    const shelf = new Shelf();
    losing(shelf, error);
    const { options, log, told } = scene(shelf);
    const { job, how } = await submitJob(options);
    expect([job.name, how]).toEqual([`${PARENT}/customJobs/new1`, 'found']);
    expect([creations(shelf).length, told]).toEqual([1, ['new1']]);
    expect(log.texts('info').at(-1)).toBe(`The answer to the request was lost, but the job was made: ${job.name}`);
  });

  test('so is one that lists show late', async () => {
    const shelf = new Shelf();
    losing(shelf, new ApiError('reset', undefined));
    const name = `${PARENT}/customJobs/new1`;
    shelf.hidden.add(name);
    const { options, clock } = scene(shelf);
    clock.at(1_000_000 + CLOUD_LAG.effectMs + CLOUD_LAG.listMs - 1, () => shelf.hidden.delete(name));
    expect((await submitJob(options)).how).toBe('found');
    expect(creations(shelf)).toHaveLength(1);
  });

  test.each([
    { name: 'an answer of the service', error: new ApiError('HTTP 503', 503), ms: CLOUD_LAG.listMs },
    { name: 'no answer', error: new ApiError('reset', undefined), ms: CLOUD_LAG.listMs + CLOUD_LAG.effectMs },
  ])('$name: it is asked for again once lists would show it, not before', async ({ error, ms }) => {
    const shelf = new Shelf();
    const { options, clock } = scene(shelf);
    const askedAt: number[] = [];
    shelf.fault = (call) => {
      if (!call.startsWith('create')) return;
      askedAt.push(clock.now() - 1_000_000);
      if (askedAt.length === 1) throw error;
    };
    expect((await submitJob(options)).how).toBe('created');
    expect(askedAt).toHaveLength(2);
    expect(askedAt[1]).toBeGreaterThanOrEqual(ms);
    expect(askedAt[1]).toBeLessThan(ms + 10_000);
  });

  test('an answer that nobody can read: the job is found', async () => {
    const shelf = new Shelf();
    losing(shelf, new SyntaxError('Unexpected token <'));
    expect((await submitJob(scene(shelf).options)).how).toBe('found');
  });

  test('an answer that nobody can read, and no job: the error is thrown, and nothing is asked for again', async () => {
    const shelf = new Shelf();
    const error = new SyntaxError('Unexpected token <');
    failing(shelf, 'create', error);
    await expect(submitJob(scene(shelf).options)).rejects.toBe(error);
    expect(creations(shelf)).toHaveLength(1);
  });

  test('the last error is thrown where none was made in twenty minutes', async () => {
    const shelf = new Shelf();
    const error = new ApiError('HTTP 503', 503);
    failing(shelf, 'create', ...Array.from({ length: 200 }, () => error));
    await expect(submitJob(scene(shelf).options)).rejects.toBe(error);
    expect(creations(shelf).length).toBeLessThan(45);
  });

  test('a service on this machine is not asked at full speed', async () => {
    const shelf = new Shelf();
    failing(shelf, 'create', ...Array.from({ length: 400 }, () => new ApiError('HTTP 503', 503)));
    await expect(submitJob(scene(shelf, { lag: LOCAL_LAG }).options)).rejects.toThrow('503');
    expect(creations(shelf).length).toBeLessThan(200);
  });
});

describe('what an earlier attempt left', () => {
  test('a live job is joined, with a notice that names the attempt', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    const { options, log, told } = scene(shelf, ATTEMPT_2);
    expect(await submitJob(options)).toMatchObject({
      job: stepJob('old', 'RUNNING'),
      how: 'attached',
      earlierAttempt: 1,
    });
    expect([creations(shelf), cancels(shelf), told]).toEqual([[], [], ['old']]);
    expect(log.texts('notice')).toEqual([
      `Attempt 1 of this run left a job that is RUNNING, and this attempt joins it: ${PARENT}/customJobs/old. ` +
        'With on_rerun: new it would be cancelled, and another one made.',
    ]);
  });

  test("a succeeded one's result is taken", async () => {
    const shelf = new Shelf(stepJob('old', 'SUCCEEDED'));
    const { options, log } = scene(shelf, ATTEMPT_2);
    expect(await submitJob(options)).toMatchObject({
      job: { state: 'SUCCEEDED' },
      how: 'already-succeeded',
      earlierAttempt: 1,
    });
    expect(creations(shelf)).toEqual([]);
    expect(log.texts('notice')[0]).toContain('The job of attempt 1 of this run has SUCCEEDED');
  });

  test('it is taken as the service tells of it, with the trials that lists leave out', async () => {
    const shelf = new Shelf();
    const trials = [{ id: '1', state: 'SUCCEEDED', parameters: [] }] as const;
    shelf.put({ ...stepJob('old', 'SUCCEEDED'), trials });
    const { list } = shelf.api;
    Object.assign(shelf.api, {
      list: async (...request: Parameters<typeof list>) =>
        (await list(...request)).map((job) => ({ ...job, trials: [] })),
    });
    expect((await submitJob(scene(shelf, ATTEMPT_2).options)).job.trials).toEqual(trials);
  });

  test.each(['FAILED', 'CANCELLED', 'EXPIRED', 'PARTIALLY_SUCCEEDED'])(
    'a job that is %s: another one is made',
    async (state) => {
      const shelf = new Shelf(stepJob('old', state));
      const { options, log } = scene(shelf, ATTEMPT_2);
      expect((await submitJob(options)).how).toBe('created');
      expect(log.texts('info')).toEqual([
        `The job of attempt 1 of this run is ${state}, so that another one is made: ${PARENT}/customJobs/old`,
      ]);
    },
  );

  test('a job that lists show as live, but that has failed: another one is made', async () => {
    const shelf = new Shelf(stepJob('old', 'FAILED'));
    const { list } = shelf.api;
    Object.assign(shelf.api, {
      list: async (...request: Parameters<typeof list>) =>
        (await list(...request)).map((job) => (job.name.endsWith('/old') ? { ...job, state: 'RUNNING' } : job)),
    });
    expect((await submitJob(scene(shelf, ATTEMPT_2).options)).how).toBe('created');
  });

  test('a job that was deleted meanwhile: another one is made', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    shelf.fault = (call) => {
      if (call === 'get old') throw new ApiError('not found', 404);
    };
    expect((await submitJob(scene(shelf, ATTEMPT_2).options)).how).toBe('created');
  });

  test.each([
    { name: 'with on_rerun: new', old: stepJob('old', 'RUNNING'), onRerun: 'new' as const },
    { name: 'of another request', old: stepJob('old', 'RUNNING', { request: 'other' }), onRerun: 'attach' as const },
    {
      name: 'of another kind',
      old: stepJob('old', 'RUNNING', { request: 'other', collection: 'hyperparameterTuningJobs' }),
      onRerun: 'attach' as const,
    },
  ])('a live job $name is cancelled, and has ended when another one is made', async ({ old, onRerun }) => {
    const shelf = new Shelf(old);
    shelf.cancelledIs = 'CANCELLING';
    const { options, clock, log, told } = scene(shelf, { ...ATTEMPT_2, onRerun });
    clock.at(1_000_000 + 30_000, () => shelf.set('old', 'CANCELLED'));
    expect((await submitJob(options)).how).toBe('created');
    expect(shelf.states()).toEqual({ old: 'CANCELLED', new1: 'QUEUED' });
    expect(clock.now()).toBeGreaterThanOrEqual(1_000_000 + 30_000);
    expect(told[0]).toBe('old');
    expect(log.texts('notice')[0]).toContain('Attempt 1 of this run left a job that this attempt has no use for');
  });

  test('one whose end lists do not show yet is not ended twice', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    const { list } = shelf.api;
    Object.assign(shelf.api, {
      list: async (...request: Parameters<typeof list>) =>
        (await list(...request)).map((job) => (job.name.endsWith('/old') ? { ...job, state: 'RUNNING' } : job)),
    });
    expect((await submitJob(scene(shelf, { ...ATTEMPT_2, onRerun: 'new' }).options)).how).toBe('created');
    expect(shelf.calls.slice(0, 3)).toEqual(['cancel old', 'get old', `create ${PARENT}/customJobs`]);
  });

  test('one that ends SUCCEEDED on its way out is taken, where it would do', async () => {
    const shelf = new Shelf(stepJob('old', 'CANCELLING'));
    const { options, clock } = scene(shelf, ATTEMPT_2);
    clock.at(1_000_000 + 5_000, () => shelf.set('old', 'SUCCEEDED'));
    expect(await submitJob(options)).toMatchObject({ how: 'already-succeeded', job: { state: 'SUCCEEDED' } });
  });

  test('one that is on its way out for ten minutes is waited for no longer', async () => {
    const shelf = new Shelf(stepJob('old', 'CANCELLING'));
    const { options, clock, log } = scene(shelf, ATTEMPT_2);
    expect((await submitJob(options)).how).toBe('created');
    expect(clock.now() - 1_000_000).toBeGreaterThanOrEqual(10 * 60_000);
    expect(log.texts('warning')[0]).toContain('is still CANCELLING after 10 minutes');
  });

  test('one that lives on beside its cancel is an error, and none is made', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    shelf.cancelledIs = 'RUNNING';
    const submitted = submitJob(scene(shelf, { ...ATTEMPT_2, onRerun: 'new' }).options);
    await expect(submitted).rejects.toThrow(UserError);
    await expect(submitted).rejects.toThrow('is RUNNING 10 minutes later');
    expect(creations(shelf)).toEqual([]);
  });

  test('one that may not be cancelled is the refusal as it came, and none is made', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    const refusal = new ApiError('no', 403);
    failing(shelf, 'cancel', refusal);
    await expect(submitJob(scene(shelf, { ...ATTEMPT_2, onRerun: 'new' }).options)).rejects.toBe(refusal);
    expect(creations(shelf)).toEqual([]);
  });

  test("the jobs of a pipeline's or a study's own are no jobs of the step", async () => {
    const shelf = new Shelf(stepJob('trial', 'RUNNING', { attempt: 2, collection: 'trainingPipelines' }));
    expect((await submitJob(scene(shelf, ATTEMPT_2).options)).how).toBe('created');
    expect(cancels(shelf)).toEqual([]);
  });
});

describe('more than one', () => {
  test('that turn up after a creation: the oldest lives, the others are cancelled, and all are told', async () => {
    const shelf = new Shelf(stepJob('old', 'RUNNING'));
    const name = `${PARENT}/customJobs/old`;
    shelf.hidden.add(name);
    shelf.fault = (call) => void (call.startsWith('create') && shelf.hidden.delete(name));
    const { options, log, told } = scene(shelf, ATTEMPT_2);
    expect(await submitJob(options)).toMatchObject({ job: { name }, how: 'attached', earlierAttempt: 1 });
    expect(shelf.states()).toEqual({ old: 'RUNNING', new1: 'CANCELLED' });
    expect(new Set(told)).toEqual(new Set(['new1', 'old']));
    expect(log.texts('info')).toContain(
      `${PARENT}/customJobs/new1 was made for the same step as ${name} and is cancelled.`,
    );
  });

  test('a double that has ended meanwhile is no error', async () => {
    const shelf = new Shelf(stepJob('a', 'RUNNING'), stepJob('b', 'RUNNING'));
    shelf.fault = (call) => {
      if (call !== 'cancel b') return;
      shelf.set('b', 'FAILED');
      throw new ApiError('the job has ended', 400);
    };
    const { options, log } = scene(shelf, ATTEMPT_2);
    expect(await submitJob(options)).toMatchObject({ job: { name: `${PARENT}/customJobs/a` } });
    expect(log.texts('warning')).toEqual([]);
  });

  test('a double that may not be cancelled is warned of, and the step goes on', async () => {
    const shelf = new Shelf(stepJob('a', 'RUNNING'), stepJob('b', 'RUNNING'));
    failing(shelf, 'cancel', new ApiError('cancel: HTTP 403: no', 403));
    const { options, log } = scene(shelf, ATTEMPT_2);
    expect((await submitJob(options)).how).toBe('attached');
    expect(log.texts('warning')).toEqual([
      `${PARENT}/customJobs/b runs beside the job of this step and could not be cancelled: cancel: HTTP 403: no. See that it ends.`,
    ]);
  });

  test('where the look after a creation fails for the time being, the job is taken, and looked at again soon', async () => {
    const shelf = new Shelf();
    shelf.fault = (call) => {
      if (call.startsWith('list') && shelf.jobs.size > 0) throw new ApiError('busy', 503);
    };
    const { options, clock } = scene(shelf);
    const { how, lookAgain } = await submitJob(options);
    expect([how, lookAgain[0]]).toEqual(['created', clock.now() + 10_000]);
  });

  test('two legs of one attempt: the second joins the first', async () => {
    const shelf = new Shelf();
    const first = await submitJob(scene(shelf).options);
    const second = scene(shelf);
    expect(await submitJob(second.options)).toMatchObject({ job: first.job, how: 'found', earlierAttempt: undefined });
    expect(second.log.texts('notice')[0]).toContain('job_key');
    expect(creations(shelf)).toHaveLength(1);
  });
});

describe('another step with the same identity', () => {
  test('that came first is an error that names job_key, and none is made', async () => {
    const shelf = new Shelf(stepJob('theirs', 'RUNNING', { request: 'other' }));
    const submitted = submitJob(scene(shelf).options);
    await expect(submitted).rejects.toThrow(UserError);
    await expect(submitted).rejects.toThrow('job_key');
    expect([creations(shelf), cancels(shelf)]).toEqual([[], []]);
  });

  test("that came first, and is seen too late: this step's job is cancelled", async () => {
    const shelf = new Shelf(stepJob('theirs', 'RUNNING', { request: 'other' }));
    const name = `${PARENT}/customJobs/theirs`;
    shelf.hidden.add(name);
    shelf.fault = (call) => void (call.startsWith('create') && shelf.hidden.delete(name));
    await expect(submitJob(scene(shelf).options)).rejects.toThrow('job_key');
    expect(shelf.states()).toEqual({ theirs: 'RUNNING', new1: 'CANCELLED' });
  });

  test('of a later attempt ends this one', async () => {
    const shelf = new Shelf(stepJob('later', 'RUNNING', { attempt: 3 }));
    await expect(submitJob(scene(shelf, ATTEMPT_2).options)).rejects.toThrow(
      'Attempt 3 of this run is at work already',
    );
    expect([creations(shelf), cancels(shelf)]).toEqual([[], []]);
  });
});

describe('fail-over', () => {
  test('makes another job beside one that it has given up', async () => {
    const shelf = new Shelf(stepJob('first', 'FAILED'));
    expect((await submitJob(scene(shelf).options)).how).toBe('found');
    const givenUp = [`${PARENT}/customJobs/first`];
    expect((await submitJob(scene(shelf, { givenUp }).options)).how).toBe('created');
  });

  test('a job of an earlier attempt is joined in whichever region it runs', async () => {
    const parent = 'projects/p/locations/europe-west4';
    const here = new Shelf();
    const there = new Shelf(stepJob('old', 'RUNNING', { parent: 'projects/123/locations/europe-west4' }));
    const { list } = there.api;
    Object.assign(there.api, {
      list: (_: string, ...request: [Parameters<typeof list>[1], string]) =>
        list('projects/123/locations/europe-west4', ...request),
    });
    const elsewhere = [{ api: there.api, parent }];
    const { job, how } = await submitJob(scene(here, { ...ATTEMPT_2, elsewhere }).options);
    expect([job.name, how]).toEqual(['projects/123/locations/europe-west4/customJobs/old', 'attached']);
    expect([creations(here), there.calls]).toEqual([[], [`get ${job.name}`]]);
  });
});

describe('what may not be listed', () => {
  test('is passed over where the step makes no jobs', async () => {
    const shelf = new Shelf();
    shelf.fault = (call) => {
      if (call === 'list trainingPipelines') throw new ApiError('no', 403);
      if (call === 'list hyperparameterTuningJobs') throw new ApiError('no', 404);
    };
    expect((await submitJob(scene(shelf).options)).how).toBe('created');
  });

  test('is an error where it makes them, before anything is made', async () => {
    const shelf = new Shelf();
    const refusal = new ApiError('no', 403);
    failing(shelf, 'list customJobs', refusal);
    await expect(submitJob(scene(shelf).options)).rejects.toBe(refusal);
    expect(creations(shelf)).toEqual([]);
  });

  test('for the time being is asked again, for about twenty minutes', async () => {
    const shelf = new Shelf();
    const busy = new ApiError('busy', 503);
    failing(shelf, 'list customJobs', ...Array.from({ length: 20 }, () => busy));
    expect((await submitJob(scene(shelf).options)).how).toBe('created');
    const down = new Shelf();
    down.fault = () => {
      throw busy;
    };
    const { options, clock } = scene(down);
    await expect(submitJob(options)).rejects.toBe(busy);
    expect(clock.now() - 1_000_000).toBeGreaterThan(15 * 60_000);
  });
});

describe('supersede', () => {
  const run = (id: string, number: string | undefined, state = 'RUNNING') =>
    stepJob(id, state, {
      labels: {
        'train-on-vertex-key': `other-${id}`,
        ...(number === undefined ? {} : { 'train-on-vertex-run': number }),
      },
    });

  test('cancels live jobs of runs with a lower number, and no others', async () => {
    const shelf = new Shelf(
      run('older', '6'),
      run('oldest', '5', 'PAUSED'),
      run('ended', '4', 'SUCCEEDED'),
      run('newer', '8'),
      run('same', '7'),
      run('unknown', undefined),
    );
    const { options, log } = scene(shelf, { supersede: true });
    expect((await submitJob(options)).how).toBe('created');
    const states = { older: 'CANCELLED', oldest: 'CANCELLED', ended: 'SUCCEEDED', newer: 'RUNNING', same: 'RUNNING' };
    expect(shelf.states()).toEqual({ ...states, unknown: 'RUNNING', new1: 'QUEUED' });
    expect(log.texts('info')).toContain(
      `The job of run 6 is superseded by this run's and is cancelled: ${PARENT}/customJobs/older`,
    );
  });

  test('asks for no more than what may live, in words that the service reads', async () => {
    const shelf = new Shelf();
    await submitJob(scene(shelf, { supersede: true }).options);
    expect(shelf.filters).toContainEqual({
      collection: 'customJobs',
      filter:
        'labels.train-on-vertex-series="series" AND state!="JOB_STATE_SUCCEEDED" AND state!="JOB_STATE_FAILED" AND state!="JOB_STATE_CANCELLED"',
    });
    for (const { filter, collection } of shelf.filters) {
      const { labels } = stepJob('a', 'RUNNING');
      const word = collection === 'trainingPipelines' ? 'PIPELINE_STATE' : 'JOB_STATE';
      const passes = (state: string) =>
        listFilter(filter, collection)({ displayName: '', labels, state: `${word}_${state}` } as never);
      expect(['RUNNING', 'PAUSED', 'CANCELLING'].map(passes)).toEqual([true, true, true]);
      expect(passes('SUCCEEDED')).toBe(filter.includes('train-on-vertex-key'));
    }
  });

  test('is not done unasked', async () => {
    const shelf = new Shelf(run('older', '6'));
    await submitJob(scene(shelf).options);
    expect(shelf.states()).toMatchObject({ older: 'RUNNING' });
  });

  test('that fails is warned of, and the step goes on', async () => {
    const shelf = new Shelf(run('older', '6'));
    failing(shelf, 'cancel', new ApiError('HTTP 403: no', 403));
    const { options, log } = scene(shelf, { supersede: true });
    expect((await submitJob(options)).how).toBe('created');
    expect(log.texts('warning')[0]).toBe('Not every job of an older run could be cancelled: HTTP 403: no');
  });
});

describe('a step that is cancelled', () => {
  test('before it begins asks nothing', async () => {
    const shelf = new Shelf();
    const { options, controller } = scene(shelf);
    controller.abort(STOP);
    await expect(submitJob(options)).rejects.toBe(STOP);
    expect([shelf.lists, shelf.calls]).toEqual([0, []]);
  });

  test('while it looks makes nothing', async () => {
    const shelf = new Shelf();
    const { options, controller } = scene(shelf);
    shelf.fault = () => controller.abort(STOP);
    await expect(submitJob(options)).rejects.toBe(STOP);
    expect(creations(shelf)).toEqual([]);
  });

  test('while an answer is on its way still tells of the job', async () => {
    const shelf = new Shelf();
    const { options, controller, told, clock } = scene(shelf);
    shelf.fault = (call) => call.startsWith('create') && controller.abort(STOP);
    await expect(submitJob(options)).rejects.toBe(STOP);
    expect(told).toEqual(['new1']);
    expect(clock.now() - 1_000_000).toBeLessThan(7_500);
  });

  test('waits for an answer that comes a moment later', async () => {
    const shelf = new Shelf();
    const { create } = shelf.api;
    const time = new VirtualTime(0);
    const { clock } = new Life(time, { killAt: Number.POSITIVE_INFINITY, died: () => {} });
    const { options, controller, told } = scene(shelf, { clock });
    const arrived = Promise.withResolvers<void>();
    time.after(2_000, () => arrived.resolve());
    Object.assign(shelf.api, {
      create: async (...request: Parameters<typeof create>) => {
        controller.abort(STOP);
        await arrived.promise;
        return create(...request);
      },
    });
    const over = expect(submitJob(options)).rejects.toBe(STOP);
    await time.pass(over.then(() => expect([told, time.now()]).toEqual([['new1'], 2_000])));
  });

  test('while no answer comes looks for the job, and tells of it in time', async () => {
    const shelf = new Shelf();
    const { create } = shelf.api;
    const { options, controller, told, clock } = scene(shelf);
    Object.assign(shelf.api, {
      create: async (...request: Parameters<typeof create>) => {
        await create(...request);
        controller.abort(STOP);
        return new Promise(() => {});
      },
    });
    await expect(submitJob(options)).rejects.toBe(STOP);
    expect(told).toEqual(['new1']);
    expect(clock.now() - 1_000_000).toBeLessThan(7_500);
  });

  test('while it looks for what may have been made looks a last time', async () => {
    const shelf = new Shelf();
    losing(shelf, new ApiError('reset', undefined));
    const name = `${PARENT}/customJobs/new1`;
    shelf.hidden.add(name);
    const { options, controller, told, clock } = scene(shelf);
    clock.at(1_000_000 + 20_000, () => {
      shelf.hidden.delete(name);
      controller.abort(STOP);
    });
    await expect(submitJob(options)).rejects.toBe(STOP);
    expect(told).toEqual(['new1']);
  });
});
