import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/faults.ts';
import { GateFailedError, JobFailedError } from '../../src/report/tell.ts';
import { conclude } from '../../src/run/conclude.ts';
import type { Base } from '../../src/run/run.ts';
import type { Job } from '../../src/vertex/jobs.ts';
import { cloudStorages } from '../artifacts/cloud-storage.ts';
import { githubs, optionsFor, TOKEN } from '../github/given.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { TUNING, trial } from '../job/jobs.ts';
import { ABOUT, OUTPUT, succeeded, type WorldOptions, worldOf } from './world.ts';

const newStorage = cloudStorages();
const newGithub = githubs();
const newFolder = tempFolders();

const METRICS = [{ metricId: 'accuracy', goal: 'MAXIMIZE' as const }];
const ENDED = { stopped: undefined, cause: undefined };
const CAUSE = {
  message: 'The replica exited.',
  source: undefined,
  lines: [],
  exitCode: undefined,
  meaning: undefined,
};
const failed = succeeded({ state: 'FAILED' });

/** Concludes with a job; what was thrown, if anything. */
async function concluded(job: Job, options: WorldOptions, cause?: typeof CAUSE) {
  const world = worldOf({ tempFolder: newFolder(), ...options });
  const error = await conclude(world.base, { ...ENDED, job, cause }, { ...ABOUT, metrics: METRICS }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { ...world, error };
}

describe('a summary that cannot be written', () => {
  const over: Partial<Base> = {
    writeSummary: async () => {
      throw new Error('EACCES: permission denied');
    },
  };

  test.each([
    {
      name: 'a job that failed',
      job: failed,
      cause: CAUSE,
      kind: JobFailedError,
      message: /FAILED: The replica exited/,
    },
    { name: 'a job that passed', job: succeeded(), cause: undefined, kind: undefined, message: undefined },
  ])('is a warning beside $name', async ({ job, cause, kind, message }) => {
    const { error, log } = await concluded(job, { over }, cause);
    if (kind === undefined) expect(error).toBeUndefined();
    else {
      expect(error).toBeInstanceOf(kind);
      expect(messageOf(error)).toMatch(message);
    }
    expect(log.texts('warning')).toEqual(["The job's summary was not written: EACCES: permission denied"]);
  });

  test('is a warning beside a gate that failed', async () => {
    const storage = await newStorage({ 'run/metrics.json': { bytes: Buffer.from('{"accuracy": 0.8}') } });
    const given = { output_uri: OUTPUT, metrics_file: 'metrics.json', gate: 'accuracy >= 0.9' };
    const { error } = await concluded(succeeded(), { over, given, storage: storage.url });
    expect(error).toBeInstanceOf(GateFailedError);
  });
});

describe('a file of trials that cannot be written', () => {
  const tempFolder = '/nowhere/at/all';
  const tuned = (state: string) =>
    succeeded({ name: TUNING, state, trials: [trial('1', 'SUCCEEDED', { accuracy: 0.9 })] });

  test('does not stand before the cause of a job that failed', async () => {
    const { error, outputs } = await concluded(tuned('FAILED'), { tempFolder }, CAUSE);
    expect(error).toBeInstanceOf(JobFailedError);
    expect(outputs).not.toHaveProperty('trials_file');
    expect(outputs).toHaveProperty('best_trial_id', '1');
  });

  test('fails the step of a job that succeeded, once all else is told', async () => {
    const { error, outputs, summaries } = await concluded(tuned('SUCCEEDED'), { tempFolder });
    expect(messageOf(error)).toMatch(/^trials_file: .*ENOENT/);
    expect(outputs).toHaveProperty('best_trial_id', '1');
    expect(summaries.join()).toMatch(/trials&#95;file: the file of all trials could not be written/);
  });
});

describe('a number that is hidden', () => {
  const SECRET = '12345678';
  const tuned = succeeded({
    name: TUNING,
    trials: [
      trial(
        '1',
        'SUCCEEDED',
        { accuracy: Number(SECRET) + 0.5 },
        {
          parameters: [
            { parameterId: 'seed', value: Number(SECRET) },
            { parameterId: 'width', value: 16 },
          ],
          measurements: [
            { stepCount: SECRET, elapsedDuration: '3s', metrics: [{ metricId: 'accuracy', value: -12345678 }] },
          ],
        },
      ),
    ],
  });

  test('is *** in the file of trials, which stays JSON', async () => {
    const { outputs } = await concluded(tuned, { secrets: [SECRET] });
    const text = readFileSync(outputs.trials_file ?? '', 'utf8');
    expect(text).not.toContain(SECRET);
    expect(JSON.parse(text)).toMatchObject([
      {
        parameters: { seed: '***', width: 16 },
        metrics: { accuracy: '***' },
        measurements: [{ step: '***', elapsedSeconds: 3, metrics: { accuracy: '***' } }],
      },
    ]);
  });

  test('is *** in the comment, which keeps its marker', async () => {
    const github = await newGithub();
    const event = join(newFolder(), 'event.json');
    const pull = { number: 7, head: { repo: { full_name: 'octo-org/digits' } } };
    writeFileSync(event, JSON.stringify({ pull_request: pull, repository: { full_name: 'octo-org/digits' } }));
    const step = worldOf({ given: { comment: 'true', github_token: TOKEN } }).base.step;
    // A digit is hidden: the marker has some.
    const { log, error } = await concluded(tuned, {
      secrets: [SECRET, '7', 'a'],
      over: {
        step: { ...step, tempFolder: newFolder(), context: { ...step.context, repository: 'octo-org/digits' } },
        env: { GITHUB_EVENT_PATH: event },
        github: () => optionsFor(github.url).request,
      },
    });
    expect({ warnings: log.texts('warning'), error }).toEqual({ warnings: [], error: undefined });
    const [comment] = github.world.comments;
    expect(comment?.body).toMatch(/^<!-- train-on-vertex:[0-9a-f]{32} -->\n/);
    const [marker = '', ...rest] = (comment?.body ?? '').split('\n');
    expect(marker).toMatch(/[7a]/);
    expect(rest.join('\n')).not.toMatch(/12345678|7/);
    expect(rest.join('\n')).toContain('***');
  });
});
