// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a workflow holds
import { describe, expect, test } from '@jest/globals';
import { planDocument } from '../../src/plan/document.ts';
import { explainPlan } from '../../src/plan/explain.ts';
import type { Given } from '../inputs/given.ts';
import { planOf, RUN, TUNING, verdictOf, viewOf } from './run.ts';

const ON_FILE: Given = { output_uri: 'gs://my-out/runs/', metrics_file: 'eval/metrics.json' };
const AFTER = /^(?:Best trial|Metrics|Gate|Baseline|Download|Comment|Time)\b/;
const after = (given: Given) => explainPlan(planOf(given)).filter((line) => AFTER.test(line));
const results = (given: Given) => after(given).filter((line) => !line.startsWith('Time'));
const BASELINE =
  'the last job of this step (repository, workflow file, job, id, matrix leg, job_key) on the default branch whose workflow run succeeded; looked up in us-central1 before the build, and without one rules on it pass';

describe('what is made of the results', () => {
  test.each<{ name: string; given: Given; lines: string[] }>([
    { name: 'nothing that was not asked for', given: {}, lines: [] },
    {
      name: 'of a metrics file',
      given: { ...ON_FILE, gate: 'accuracy >= 0.9\nloss < baseline + 1%' },
      lines: [
        'Metrics: those that the program writes to gs://my-out/runs/eval/metrics.json',
        'Gate: accuracy >= 0.9 and loss < baseline + 1%, of the metrics file, once the job has succeeded; else the step fails',
        `Baseline: for the gate, ${BASELINE}`,
      ],
    },
    {
      name: 'of a study, whose baseline the comment tells',
      given: { ...TUNING, output_uri: 'gs://my-out/runs', gate: 'accuracy > 0.9', download: 'model', comment: 'true' },
      lines: [
        'Gate: accuracy > 0.9, of the best trial, once the job has succeeded; else the step fails',
        `Baseline: for the comment, ${BASELINE}`,
        'Download: gs://my-out/runs/TRIAL/model of the best trial into the folder model of the workspace',
        'Comment: in the pull request that the workflow runs for; where it runs for none, there is none',
      ],
    },
    {
      name: 'of several metrics',
      given: { ...TUNING, metrics: 'accuracy: maximize\nlatency: minimize', pick: 'first_metric' },
      lines: ['Best trial: by first_metric, of those that no other is better than (pick)'],
    },
    {
      name: 'of a job on this machine',
      given: { ...TUNING, region: 'local', image: '', gate: 'accuracy >= baseline' },
      lines: [
        'Gate: accuracy >= baseline, of the best trial, once the job has succeeded; else the step fails',
        'Baseline: none, as what region local knows ends with its step; rules on it pass',
      ],
    },
    {
      name: 'of a job on this machine, with a comment alone',
      given: { region: 'local', image: '', comment: 'true' },
      lines: ['Comment: in the pull request that the workflow runs for; where it runs for none, there is none'],
    },
  ])('$name', ({ given, lines }) => {
    expect(results(given)).toEqual(lines);
  });

  test('is looked up in every region that the job may be in', () => {
    const lines = results({ ...TUNING, region: 'us-central1\neurope-west4', gate: 'accuracy >= baseline' });
    expect(lines.join()).toContain('looked up in us-central1, europe-west4 before');
  });

  test('is in the document too', () => {
    const given = { ...ON_FILE, gate: 'accuracy >= baseline', download: 'model', detach_after: '2h' };
    expect(planDocument(verdictOf(given)).plan).toMatchObject({
      results: {
        metricsFile: 'eval/metrics.json',
        gate: ['accuracy >= baseline'],
        baseline: true,
        download: 'model',
        comment: false,
      },
      detachAfter: 7_200,
    });
    expect(planDocument(verdictOf({ wait: 'false' })).plan).toMatchObject({ detachAfter: 0 });
  });

  test('tells no token', () => {
    const token = 'ghs_a-token-that-nobody-may-see';
    expect(JSON.stringify(planOf({ ...TUNING, comment: 'true', github_token: token }))).not.toContain(token);
  });
});

describe('how long the job is followed', () => {
  const TOKEN = "5 h, or until 20 min before its sign-in's token ends, and then leaves it to run on (detach_after)";
  const LATER = ', for a later step with the input job to follow';
  test.each<{ name: string; given: Given; lines: string[] }>([
    {
      name: 'by default',
      given: {},
      lines: [
        `Time: Vertex AI ends the job after 1 day of running (timeout); this step follows the job for ${TOKEN}${LATER}`,
      ],
    },
    {
      name: 'with room for all of it',
      given: { timeout: '90m' },
      lines: [
        `Time: Vertex AI ends the job after 1 h 30 min of running (timeout); this step follows the job for ${TOKEN}`,
      ],
    },
    {
      name: 'of a study, whose trials come one after the other',
      given: { ...TUNING, timeout: '1h', detach_after: '4h' },
      lines: [
        `Time: Vertex AI ends each trial after 1 h of running (timeout); this step follows the job for 4 h and then leaves it to run on (detach_after)${LATER}`,
      ],
    },
    {
      name: 'not at all',
      given: { timeout: '2h', wait: 'false' },
      lines: [
        'Time: Vertex AI ends the job after 2 h of running (timeout); this step ends once the job is submitted (wait: false)',
      ],
    },
    { name: 'on this machine, where it ends with the step', given: { region: 'local', image: '' }, lines: [] },
  ])('$name', ({ given, lines }) => {
    expect(after(given)).toEqual(lines);
  });
});

describe('an output folder of its own for each run', () => {
  const suggested = (given: Given) => planOf(given).suggestions;
  const READ: Given = { ...TUNING, download: 'model' };
  const to = (path: string) => `gs://my-out/${path}`;

  test('is suggested where something is read that another run may have written', () => {
    const text =
      'give each run an output folder of its own: output_uri names neither this run nor its commit, so that each run may read what another wrote. gs://my-bucket/runs/${{ github.run_id }} does.';
    expect(suggested({ ...READ, output_uri: to('runs') })).toEqual([text]);
    expect(suggested({ ...ON_FILE })).toEqual([text]);
    expect(suggested({ model: 'digits', serving_image: 'serve', output_uri: to('runs') })).toEqual([text]);
    // No run has a part of its number for a name.
    expect(suggested({ ...READ, output_uri: to('runs/7001/v70') })).toEqual([text]);
  });

  test.each(['runs/700', 'run-700', 'runs/7', '0123456/x', `of/${RUN.sha}`])('is there: %s', (path) => {
    expect(suggested({ ...READ, output_uri: to(path) })).toEqual([]);
  });

  test.each<{ name: string; given: Given }>([
    { name: 'nothing is read', given: { ...TUNING, output_uri: to('runs') } },
    { name: 'there is no folder', given: TUNING },
    { name: 'the job is on this machine', given: { ...READ, output_uri: to('runs'), region: 'local', image: '' } },
  ])('is not asked for where $name', ({ given }) => {
    expect(suggested(given)).toEqual([]);
  });
});

describe('a program that does not write what is read of it', () => {
  const warned = (given: Given, program: string) =>
    verdictOf(given, {
      files: {
        dockerfile: 'FROM python:3.12\nCOPY . .\nENTRYPOINT ["python", "train.py"]\n',
        view: viewOf({
          Dockerfile: 'FROM python:3.12\nCOPY . .\nENTRYPOINT ["python", "train.py"]\n',
          'train.py': program,
        }),
      },
    }).warnings.flatMap(({ rule }) => (rule.endsWith('-not-written') ? [rule] : []));
  const BOTH = { ...ON_FILE, download: 'model' };

  test('is a warning before it is paid for', () => {
    expect(warned(BOTH, 'print("trained")\n')).toEqual(['model-not-written', 'metrics-file-not-written']);
    expect(warned(ON_FILE, 'print("trained")\n')).toEqual(['metrics-file-not-written']);
    expect(warned(BOTH, 'print("AIP_MODEL_DIR", "metrics.json")\n')).toEqual([]);
    expect(warned({ ...BOTH, args: '--to\n/gcs/my-out/runs/model' }, 'print("metrics.json")\n')).toEqual([]);
    expect(warned({ output_uri: 'gs://my-out/runs' }, 'print("trained")\n')).toEqual([]);
  });
});
