import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { setOutputs, writeSummary, writeTrials } from '../../src/report/conclude.ts';
import { trialsFile } from '../../src/results/trials-file.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { job, TUNING, trial } from '../job/jobs.ts';

const asItIs = (text: string) => text;
const SELECTING = { metrics: [{ metricId: 'm', goal: 'MAXIMIZE' as const }] };

const newFolder = tempFolders();
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test('outputs go to the file that the runner names, whole', () => {
  const file = join(newFolder(), 'output');
  writeFileSync(file, '');
  process.env['GITHUB_OUTPUT'] = file;
  setOutputs({ state: 'FAILED', best_parameters: '{"a":"x\\ny=1"}', console_url: '' });
  const entries = [...readFileSync(file, 'utf8').matchAll(/^(\w+)<<(\S+)\n([\s\S]*?)\n\2\n/gm)].map(
    ([, name, , value]) => [name, value],
  );
  expect(entries).toEqual([
    ['state', 'FAILED'],
    ['best_parameters', '{"a":"x\\ny=1"}'],
    ['console_url', ''],
  ]);
});

test('every trial goes to a file, in the order of ids', () => {
  const folder = newFolder();
  const trials = [trial('10', 'INFEASIBLE'), trial('2', 'SUCCEEDED', { m: 0.5 })];
  const path = writeTrials(job('SUCCEEDED', { name: TUNING, trials }), SELECTING, folder, asItIs);
  expect(path).toBe(join(folder, 'train-on-vertex-88-trials.json'));
  expect(readFileSync(path, 'utf8')).toBe(trialsFile(trials, SELECTING));
});

test('a name of a job cannot lead the file elsewhere', () => {
  const folder = newFolder();
  expect(writeTrials(job('SUCCEEDED', { name: 'x/../../7' }), SELECTING, folder, asItIs)).toBe(
    join(folder, 'train-on-vertex-7-trials.json'),
  );
});

test('without a summary of the runner nothing is written', async () => {
  delete process.env['GITHUB_STEP_SUMMARY'];
  await expect(writeSummary('x')).resolves.toBeUndefined();
});
