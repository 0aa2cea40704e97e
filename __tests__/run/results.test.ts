import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/faults.ts';
import { makeResults } from '../../src/run/results.ts';
import { cloudStorages } from '../artifacts/cloud-storage.ts';
import { contentOf } from '../artifacts/scene.ts';
import { loopbacks } from '../google/loopback.ts';
import { SimulatedClock } from '../ground/clock.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import type { Given } from '../inputs/given.ts';
import { Registry, type RegistryOptions, UPLOAD } from '../model/registry.ts';
import { ABOUT, MADE_AT, OUTPUT, succeeded, worldOf } from './world.ts';

const newStorage = cloudStorages();
const newServer = loopbacks();
const newFolder = tempFolders();

const WEIGHTS = Buffer.from('weights');
const EARLIER = { bytes: WEIGHTS, timeCreated: '2026-11-22T07:30:00Z' };
const OWN = { bytes: WEIGHTS, timeCreated: '2026-11-23T09:00:00Z' };
const MODEL = { model: 'digits', serving_image: 'registry.example/serving', register: 'best' };
const UPLOADING = { ...ABOUT, upload: UPLOAD };

/** What is made of a job whose bucket holds these objects, by a step that registers its model and downloads it. */
async function madeOf(
  objects: Parameters<typeof newStorage>[0],
  options: Parameters<typeof newStorage>[1] = {},
  {
    signal = new AbortController().signal,
    given = {},
    ...registering
  }: Partial<RegistryOptions> & {
    signal?: AbortSignal;
    given?: Given;
  } = {},
) {
  const storage = await newStorage(objects, options);
  const clock = new SimulatedClock(Date.parse('2026-11-23T10:00:00Z'));
  const registry = new Registry({ ...registering, clock });
  const { url } = await newServer(registry.answer);
  const workspace = newFolder();
  const { base, log } = worldOf({
    given: { output_uri: OUTPUT, download: 'got', ...MODEL, ...given },
    storage: storage.url,
    registry: url,
    workspace,
    over: { clock, signal },
  });
  const { results, failures } = await makeResults(base, succeeded(), UPLOADING);
  return { results, failures: failures.map(messageOf), log, uploads: registry.uploads, files: contentOf(workspace) };
}

test('a cancel in the middle of the upload, which stops the download too, is told once', async () => {
  const stop = new AbortController();
  const { failures, files } = await madeOf(
    { 'run/model/m.bin': OWN },
    {},
    {
      signal: stop.signal,
      before: (kind) => {
        if (kind === 'upload') stop.abort(new Error('The workflow was cancelled.'));
      },
    },
  );
  expect({ failures, files }).toEqual({ failures: ['The workflow was cancelled.'], files: {} });
});

test('the log tells the verdict on each rule of a gate', async () => {
  const storage = await newStorage({ 'run/metrics.json': { ...OWN, bytes: Buffer.from('{"accuracy": 0.95}') } });
  const given = { output_uri: OUTPUT, metrics_file: 'metrics.json', gate: 'accuracy >= 0.9\naccuracy < 0.95' };
  const { base, log, outputs } = worldOf({ given, storage: storage.url });
  await makeResults(base, succeeded(), ABOUT);
  expect(log.texts('info')).toEqual([
    'Gate passed: accuracy is 0.95; it has to be >= 0.9.',
    'Gate failed: accuracy is 0.95; it has to be < 0.95.',
  ]);
  expect(outputs.gate).toBe('failed');
});

describe("a model's folder", () => {
  const FOLDER = { own: { 'run/model/m.bin': OWN }, earlier: { 'run/model/m.bin': EARLIER } };

  test('that the job has written is uploaded and downloaded', async () => {
    const { failures, uploads, files, log } = await madeOf(FOLDER.own);
    expect({ failures, warnings: log.texts('warning') }).toEqual({ failures: [], warnings: [] });
    expect(uploads).toHaveLength(1);
    expect(files).toEqual({ 'got/m.bin': 'weights' });
  });

  test('that holds nothing of the job is neither uploaded nor downloaded', async () => {
    const { failures, uploads, files } = await madeOf({
      ...FOLDER.earlier,
      'run/model/vocab.txt': { bytes: WEIGHTS, timeCreated: '2026-11-21T07:30:00Z' },
      // Not of the folder.
      'run/model-2/m.bin': OWN,
    });
    expect(failures).toEqual([
      `Nothing in ${OUTPUT}/model/ is of this job, so that nothing of it is uploaded or downloaded: all 2 files were written before the job was made at 2026-11-23T07:30:00.000Z, the last at 2026-11-22T07:30:00.000Z. Does the program write its model to the folder that AIP_MODEL_DIR names? Give each run an output folder of its own, such as one with github.run_id in its name. [model-files-earlier]`,
    ]);
    expect({ uploads, files }).toEqual({ uploads: [], files: {} });
  });

  test('of which something is from before the job goes along, with a warning', async () => {
    const { failures, uploads, files, log } = await madeOf({ ...FOLDER.own, 'run/model/a "b".txt': EARLIER });
    expect(failures).toEqual([]);
    expect(uploads).toHaveLength(1);
    expect(Object.keys(files)).toHaveLength(2);
    expect(log.texts('warning')).toEqual([
      `1 of 2 files in ${OUTPUT}/model/ was there before this job was made, and goes along with its model: "a \\"b\\".txt". Give each run an output folder of its own, such as one with github.run_id in its name. [model-files-earlier]`,
    ]);
  });

  test('of before the job goes along without a word of weight where its rule is ignored', async () => {
    const ignoring = { given: { ignore: 'model-files-earlier' } };
    const { failures, uploads, files, log } = await madeOf(FOLDER.earlier, {}, ignoring);
    expect({ failures, warnings: log.texts('warning') }).toEqual({ failures: [], warnings: [] });
    expect(uploads).toHaveLength(1);
    expect(files).toEqual({ 'got/m.bin': 'weights' });
    expect(log.texts('info')[0]).toMatch(/^Ignored: 1 of 1 files .* was there before this job was made/);
  });

  test('names no more than a few of many files', async () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`run/model/${index}`, EARLIER]));
    const { log } = await madeOf({ ...FOLDER.own, ...many });
    expect(log.texts('warning').join()).toMatch(
      /^40 of 41 files .* were there .*, and go along .*: "0", .* and 35 more\./,
    );
  });

  test('that may not be listed is uploaded, as nobody can tell whose it is', async () => {
    const denied = { mishap: () => ({ status: 403, body: 'denied' }) };
    const { failures, uploads, log } = await madeOf(FOLDER.own, denied);
    expect(uploads).toHaveLength(1);
    expect(log.texts('info').join('\n')).toMatch(/Whether the files in .* are this job's is not known: .*objectViewer/);
    expect(failures).toEqual([expect.stringMatching(/objectViewer/)]);
  });

  test('that is empty is for the download to tell, and for Vertex AI', async () => {
    const { failures, uploads } = await madeOf({});
    expect(uploads).toHaveLength(1);
    expect(failures).toEqual([expect.stringMatching(/^download: nothing lies in/)]);
  });

  test('written in the very moment in which the job was made is its own', async () => {
    const { failures } = await madeOf({ 'run/model/m.bin': { bytes: WEIGHTS, timeCreated: MADE_AT } });
    expect(failures).toEqual([]);
  });
});
