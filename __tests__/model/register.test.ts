import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { UserError } from '../../src/faults.ts';
import { ATTEMPT_LABEL, JOB_LABEL, KEY_LABEL } from '../../src/plan/labels.ts';
import { loopbacks } from '../google/loopback.ts';
import {
  type Fate,
  FOLDER,
  JOB,
  type Kind,
  MODEL,
  PARENT,
  type RegistryOptions,
  sceneOf,
  UNAVAILABLE,
  UPLOAD,
} from './registry.ts';

const newServer = loopbacks();
const ID = JOB.slice(JOB.lastIndexOf('/') + 1);
const OURS = { [KEY_LABEL]: 'key', [JOB_LABEL]: ID };
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const TOO_MANY: Fate = {
  status: 429,
  headers: { 'retry-after': '30' },
  body: { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded for requests per minute.' } },
};
const status = (code: number, message: string): Fate => ({ status: code, body: { error: { code, message } } });
const ABORTED = { code: 10, message: 'There are other operations running.' };
const INTERNAL = { code: 13, message: 'Internal error encountered.' };

describe('a model', () => {
  test('that is new is uploaded with what was planned', async () => {
    const { attempt, registry, log } = await sceneOf(newServer, { takesMs: 90 * SECOND });
    const upload = { ...UPLOAD, aliases: ['champion'], kmsKey: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' };
    expect(await attempt({ upload })).toEqual({
      name: MODEL,
      version: '1',
      uri: FOLDER,
      aliases: ['default', 'champion'],
    });
    expect(registry.uploads).toEqual([
      {
        modelId: 'digits',
        model: {
          displayName: 'digits',
          versionDescription: 'octo/digits Train #7',
          containerSpec: UPLOAD.containerSpec,
          artifactUri: FOLDER,
          labels: { commit: 'abc', 'run-id': '700', ...OURS },
          versionAliases: ['champion'],
          encryptionSpec: { kmsKeyName: 'projects/p/locations/l/keyRings/r/cryptoKeys/k' },
        },
      },
    ]);
    expect(log.texts('info')).toEqual([
      `Uploading ${FOLDER} as a version of ${PARENT}/models/digits: ${MODEL}/operations/1`,
      `Uploaded ${FOLDER} as digits@1`,
    ]);
  });

  test('that is there gets its next version, which takes the aliases', async () => {
    const { attempt, registry } = await sceneOf(newServer);
    registry.put({ versionAliases: ['default', 'champion'] });
    expect(await attempt({ upload: { ...UPLOAD, aliases: ['champion'] } })).toEqual({
      name: MODEL,
      version: '2',
      uri: FOLDER,
      aliases: ['champion'],
    });
    expect(registry.uploads).toMatchObject([{ parentModel: `${PARENT}/models/digits` }]);
    expect(registry.uploads).not.toMatchObject([{ modelId: 'digits' }]);
    expect(registry.versions[0]?.versionAliases).toEqual(['default']);
  });

  test('is looked at rarer the longer its upload takes', async () => {
    const { attempt, registry, clock } = await sceneOf(newServer, { takesMs: 30 * MINUTE });
    await attempt();
    expect(registry.count('operation')).toBeLessThan(150);
    expect(clock.slept[0]).toBe(4 * SECOND);
    expect(clock.slept.at(-1)).toBe(20 * SECOND);
  });
});

/** What may befall the requests of a call, after which there is one version all the same. */
const MOMENTS: readonly (Omit<RegistryOptions, 'clock'> & { readonly name: string })[] = [
  { name: 'nothing' },
  { name: 'a request that is lost', fates: { upload: ['lost'] } },
  { name: 'an answer that is lost', fates: { upload: ['unheard'] } },
  {
    name: 'an answer that is lost while the upload takes minutes',
    fates: { upload: ['unheard'] },
    takesMs: 10 * MINUTE,
  },
  {
    name: 'an answer that is lost while lists are behind',
    fates: { upload: ['unheard'] },
    behindMs: 29 * SECOND,
  },
  { name: 'a 503 after the work was begun', fates: { upload: ['late'] }, takesMs: 5 * SECOND, behindMs: 29 * SECOND },
  { name: 'a 503 instead of the work', fates: { upload: [UNAVAILABLE, UNAVAILABLE] } },
  { name: 'a 504 instead of the work', fates: { upload: [status(504, 'deadline')] } },
  { name: 'requests that come too often', fates: { upload: [TOO_MANY, TOO_MANY] } },
  { name: 'two answers that are lost, of which the first did nothing', fates: { upload: ['lost', 'unheard'] } },
  { name: 'looks that fail', fates: { versions: [UNAVAILABLE, 'lost', TOO_MANY], get: ['lost', UNAVAILABLE] } },
  {
    name: 'an upload that cannot be looked at for the moment',
    fates: { operation: [UNAVAILABLE, 'lost', TOO_MANY, 'done', 'lost'] },
    takesMs: 3 * MINUTE,
  },
  {
    name: 'an upload that may not be looked at',
    fates: { operation: [status(403, 'Permission denied')] },
    takesMs: 3 * MINUTE,
  },
  { name: 'an upload of which nobody knows', fates: { operation: [status(404, 'none')] }, takesMs: 10 * SECOND },
  {
    name: 'uploads under way that are not listed, and a lost answer',
    fates: { upload: ['unheard'], operations: Array<Fate>(20).fill(status(404, 'none')) },
    takesMs: 20 * SECOND,
    behindMs: 20 * SECOND,
  },
  {
    name: 'a lost answer while lists show for ever that its upload is under way',
    fates: { upload: ['unheard'] },
    errors: [INTERNAL],
    stale: true,
  },
  { name: 'an operation that does not tell what it made', tells: false, takesMs: 10 * SECOND, behindMs: 20 * SECOND },
  { name: 'an upload that another one stood in the way of', errors: [ABORTED, ABORTED] },
  { name: 'an upload that failed inside the service', errors: [INTERNAL] },
  { name: 'a lost answer of an upload that failed inside', errors: [INTERNAL], fates: { upload: ['unheard'] } },
  {
    name: 'an answer lost at every turn',
    fates: { upload: ['unheard'], operation: ['unheard', 'late'], versions: ['unheard'], get: ['late', 'unheard'] },
    takesMs: MINUTE,
    behindMs: 29 * SECOND,
  },
];

describe.each(['new', 'known'] as const)('one version of a %s model is made after', (kind) => {
  test.each(MOMENTS)('$name', async ({ name: _name, ...options }) => {
    const { attempt, registry } = await sceneOf(newServer, options);
    if (kind === 'known')
      registry.put({
        labels: { [KEY_LABEL]: 'other', [JOB_LABEL]: '1' },
        artifactUri: FOLDER,
        versionAliases: ['default'],
      });
    const expected = kind === 'known' ? '2' : '1';
    expect(await attempt()).toMatchObject({ name: MODEL, version: expected, uri: FOLDER });
    expect(registry.made.filter(({ labels }) => labels[JOB_LABEL] === ID)).toHaveLength(1);
    // Whoever runs the step again takes it.
    expect(await attempt()).toMatchObject({ version: expected });
    expect(registry.made.filter(({ labels }) => labels[JOB_LABEL] === ID)).toHaveLength(1);
  });
});

test('a model that another made meanwhile gets a version beside that one', async () => {
  const scene = await sceneOf(newServer, {
    before: (kind) => {
      if (kind === 'upload' && scene.registry.versions.length === 0)
        scene.registry.put({ versionAliases: ['default'] });
    },
  });
  expect(await scene.attempt()).toMatchObject({ version: '2' });
});

test('two jobs that upload at the same time have a version each', async () => {
  const { attempt, registry, log } = await sceneOf(newServer, { takesMs: 20 * SECOND, behindMs: 10 * SECOND });
  registry.put({ versionAliases: ['default'] });
  const jobs = ['1', '2', '3'].map((id) => ({ job: { name: `${PARENT}/customJobs/${id}` } }));
  const made = await Promise.all(jobs.map((changes) => attempt(changes)));
  expect(new Set(made.map(({ version }) => version)).size).toBe(3);
  expect(registry.made.flatMap(({ labels }) => labels[JOB_LABEL] ?? []).sort()).toEqual(['1', '2', '3']);
  // None waits for the others' files.
  expect(log.texts('info').filter((text) => text.includes('under way already'))).toEqual([]);
});

describe('a version that is there already', () => {
  test('is taken, and told', async () => {
    const { attempt, registry, log } = await sceneOf(newServer);
    registry.put({ versionAliases: ['default'] });
    registry.put({ labels: OURS, artifactUri: `${FOLDER}/`, versionAliases: ['champion'] });
    expect(await attempt()).toEqual({ name: MODEL, version: '2', uri: `${FOLDER}/`, aliases: ['champion'] });
    expect(registry.uploads).toEqual([]);
    expect(log.said).toEqual([
      ['notice', 'The model of this job is uploaded already, as digits@2, and no other version is made.'],
    ]);
  });

  test('gets the aliases that it lacks', async () => {
    const { attempt, registry, log } = await sceneOf(newServer, { fates: { merge: ['lost', UNAVAILABLE, 'unheard'] } });
    registry.put({ labels: OURS, artifactUri: FOLDER, versionAliases: ['default'] });
    registry.put({ versionAliases: ['champion'] });
    const upload = { ...UPLOAD, aliases: ['default', 'champion', 'fresh'] };
    expect(await attempt({ upload })).toMatchObject({ version: '1', aliases: ['default', 'champion', 'fresh'] });
    expect(registry.versions[1]?.versionAliases).toEqual([]);
    expect(log.texts('notice').slice(1)).toEqual([
      'digits@1 gets the alias champion. It was on version 2.',
      'digits@1 gets the alias fresh.',
    ]);
  });

  test('is told with its own where the aliases may not be moved', async () => {
    const { attempt, registry } = await sceneOf(newServer, { fates: { merge: [status(403, 'no')] } });
    registry.put({ labels: OURS, artifactUri: FOLDER, versionAliases: ['default'] });
    await expect(attempt({ upload: { ...UPLOAD, aliases: ['champion'] } })).rejects.toThrow(
      /^The model is uploaded as digits@1, but it did not get the aliases champion: .*HTTP 403: no\./,
    );
  });

  test.each([
    ['another job', { ...OURS, [JOB_LABEL]: '1' }, FOLDER],
    ['another step', { ...OURS, [KEY_LABEL]: 'other' }, FOLDER],
    ['another folder', OURS, 'gs://my-out/runs/3/model'],
  ])('of %s is none of this job’s', async (_, labels, artifactUri) => {
    const { attempt, registry } = await sceneOf(newServer);
    registry.put({ labels, artifactUri, versionAliases: ['default'] });
    expect(await attempt()).toMatchObject({ version: '2' });
  });

  test('is the oldest of several, which is warned of', async () => {
    const { attempt, registry, log } = await sceneOf(newServer);
    for (let each = 1; each <= 12; each += 1) registry.put({ labels: OURS, artifactUri: FOLDER });
    registry.versions.reverse();
    expect(await attempt()).toMatchObject({ version: '1' });
    expect(log.texts('warning')).toEqual([
      expect.stringMatching(/^The job has more versions than one: digits@1, digits@2, /),
    ]);
  });
});

describe('an upload that comes to nothing', () => {
  const MODEL_TEXT = `${FOLDER} as a version of ${PARENT}/models/digits`;

  test('by a refusal is told at once, and asked for once', async () => {
    const { attempt, registry, clock } = await sceneOf(newServer, {
      fates: { upload: [status(400, 'The artifact directory is empty.')] },
    });
    const thrown = await attempt().catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(UserError);
    expect(String(thrown)).toBe(
      `UserError: Vertex AI did not upload ${MODEL_TEXT}: The artifact directory is empty. See that the program writes its model to AIP_MODEL_DIR, which is ${FOLDER}, in the form that serving_image takes.`,
    );
    expect((thrown as UserError).cause).toMatchObject({ name: 'ApiError', httpStatus: 400 });
    expect(registry.count('upload')).toBe(1);
    expect(clock.slept).toEqual([]);
  });

  test('by its operation is told at once', async () => {
    const errors = [{ code: 9, message: 'The bucket is in location `us`. It must be in the same regional location.' }];
    const { attempt, registry } = await sceneOf(newServer, { errors, takesMs: 5 * SECOND });
    await expect(attempt()).rejects.toThrow(
      `Vertex AI did not upload ${MODEL_TEXT}: The bucket is in location \`us\`. It must be in the same regional location. Give an output_uri in a regional bucket of us-central1, not in gs://my-out.`,
    );
    expect(registry.uploads).toHaveLength(1);
  });

  test('inside the service is asked for three times', async () => {
    const { attempt, registry } = await sceneOf(newServer, { errors: Array(9).fill(INTERNAL) });
    await expect(attempt()).rejects.toThrow('Internal error encountered.');
    expect(registry.uploads).toHaveLength(3);
  });

  test.each<[string, Fate]>([
    ['that is out of order', UNAVAILABLE],
    ['that nobody reaches', 'lost'],
    ['that has no time', TOO_MANY],
  ])('before a service %s is given up after twenty minutes', async (_, fate) => {
    const { attempt, registry, clock } = await sceneOf(newServer, { fates: { upload: Array(500).fill(fate) } });
    await expect(attempt()).rejects.toThrow('Vertex AI did not upload');
    const took = clock.now() - 1_000_000_000;
    expect(took).toBeGreaterThanOrEqual(20 * MINUTE);
    expect(took).toBeLessThan(25 * MINUTE);
    expect(registry.count('upload')).toBeLessThan(50);
  });

  test('by an answer that nobody can read is not asked for again', async () => {
    const { attempt, registry } = await sceneOf(newServer, { fates: { upload: [{ body: { name: 'x' } }] } });
    await expect(attempt()).rejects.toThrow(
      `Vertex AI did not upload ${MODEL_TEXT}: the answer is no operation: it has no name.`,
    );
    expect(registry.count('upload')).toBe(1);
    expect(registry.count('versions')).toBeGreaterThan(2);
  });

  test('in time is left to go on', async () => {
    const { attempt, registry } = await sceneOf(newServer, { takesMs: 5 * 60 * MINUTE });
    await expect(attempt()).rejects.toThrow(
      `An upload to ${PARENT}/models/digits is still under way after 60 minutes: ${MODEL}/operations/1. It goes on; run the step again once it is done: the version that it makes of this job is taken.`,
    );
    expect(registry.uploads).toHaveLength(1);
  });
});

describe('a step that is cancelled', () => {
  const cancelled = new Error('cancelled');

  test.each<{
    name: string;
    kind: Kind;
    when: 'before' | 'after';
    fate?: Fate;
    left: string | undefined;
    made: number;
  }>([
    { name: 'before it asks', kind: 'versions', when: 'before', left: undefined, made: 0 },
    { name: 'while its request is on the way', kind: 'upload', when: 'before', left: 'goes on without', made: 1 },
    { name: 'when its request is done', kind: 'upload', when: 'after', left: 'goes on without', made: 1 },
    { name: 'when its request is lost', kind: 'upload', when: 'before', fate: 'lost', left: 'is not known', made: 0 },
    { name: 'when its answer is lost', kind: 'upload', when: 'after', fate: 'unheard', left: 'is not known', made: 1 },
    { name: 'when it is refused', kind: 'upload', when: 'before', fate: status(400, 'no'), left: undefined, made: 0 },
    { name: 'while the upload goes on', kind: 'operation', when: 'after', left: 'goes on without', made: 1 },
  ])('$name tells what it leaves, and its re-run makes no second version', async ({ kind, when, fate, left, made }) => {
    const stop = new AbortController();
    const scene = await sceneOf(newServer, {
      takesMs: MINUTE,
      ...(fate === undefined ? {} : { fates: { [kind]: [fate] } }),
      [when]: (each: Kind) => {
        if (each === kind) stop.abort(cancelled);
      },
    });
    await expect(scene.attempt({ signal: stop.signal })).rejects.toBe(cancelled);
    const told = scene.log.texts('warning');
    expect(told).toEqual(left === undefined ? [] : [expect.stringContaining(left)]);
    if (left !== undefined) expect(told[0]).toContain(`${JOB_LABEL}=${ID}`);
    expect(scene.registry.versions).toHaveLength(made);
    await scene.attempt({ earlier: true });
    expect(scene.registry.made).toHaveLength(1);
  });
});

test('whatever befalls the attempts of a run, its job has one version at most, and the last attempt’s', async () => {
  const fate = fc.constantFrom<Fate>('done', 'done', 'lost', 'unheard', 'late', UNAVAILABLE, TOO_MANY);
  const fates = fc.record({
    upload: fc.array(fate, { maxLength: 4 }),
    operation: fc.array(fate, { maxLength: 4 }),
    versions: fc.array(fate, { maxLength: 4 }),
    get: fc.array(fate, { maxLength: 4 }),
    merge: fc.array(fate, { maxLength: 2 }),
  });
  const world = fc.record({
    fates,
    takesMs: fc.integer({ min: 0, max: 5 * MINUTE }),
    behindMs: fc.integer({ min: 0, max: 30 * SECOND }),
    tells: fc.boolean(),
    errors: fc.array(fc.constantFrom(undefined, INTERNAL), { maxLength: 2 }),
  });
  // When each attempt but the last is cancelled: after so many requests.
  const ends = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(world, ends, fc.boolean(), async (options, cancels, known) => {
      let stop = new AbortController();
      let left = Number.POSITIVE_INFINITY;
      const scene = await sceneOf(newServer, {
        ...options,
        before: () => {
          left -= 1;
          if (left === 0) stop.abort(new Error('cancelled'));
        },
      });
      if (known) scene.registry.put({ versionAliases: ['default'] });
      const ofAttempt = (attempt: number) => ({
        ...UPLOAD,
        aliases: ['champion'],
        labels: { ...UPLOAD.labels, [ATTEMPT_LABEL]: String(attempt) },
      });
      for (const [index, after] of cancels.entries()) {
        stop = new AbortController();
        left = after;
        await scene.attempt({ upload: ofAttempt(index + 1), signal: stop.signal }).catch(() => {});
        // A runner takes that long at least to come to the next attempt's upload.
        await scene.clock.sleep(10 * SECOND);
      }
      left = Number.POSITIVE_INFINITY;
      const { version, aliases } = await scene.attempt({ upload: ofAttempt(cancels.length + 1) });
      await scene.clock.sleep(10 * MINUTE);
      const ours = scene.registry.made.filter(({ labels }) => labels[JOB_LABEL] === ID);
      expect(ours.map(({ versionId }) => versionId)).toEqual([version]);
      expect(aliases).toContain('champion');
    }),
    { numRuns: 40 },
  );
}, 60_000);
