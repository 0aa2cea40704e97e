import { expect, test } from '@jest/globals';
import { readRunContext } from '../../src/inputs/run-context.ts';

const ENV = {
  GITHUB_REPOSITORY: 'octo/digits',
  GITHUB_REPOSITORY_ID: '42',
  GITHUB_WORKFLOW_REF: 'octo/digits/.github/workflows/train.yml@refs/heads/a@b',
  GITHUB_WORKFLOW: 'Train',
  GITHUB_REF: 'refs/heads/a@b',
  GITHUB_SHA: 'abc',
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_NUMBER: '3',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_JOB: 'train',
  GITHUB_ACTION: 'model',
};

test("the runner's variables make the run", () => {
  expect(readRunContext(ENV)).toEqual({
    repository: 'octo/digits',
    repositoryId: '42',
    workflowPath: '.github/workflows/train.yml',
    workflow: 'Train',
    ref: 'refs/heads/a@b',
    sha: 'abc',
    runId: '7',
    runNumber: '3',
    runAttempt: '2',
    jobId: 'train',
    stepId: 'model',
  });
});

test("a reusable workflow of another repository keeps that repository's name", () => {
  const context = readRunContext({ ...ENV, GITHUB_WORKFLOW_REF: 'octo/shared/.github/workflows/x.yml@v1' });
  expect(context.workflowPath).toBe('octo/shared/.github/workflows/x.yml');
});

test('outside a workflow everything is empty, and the attempt is the first', () => {
  const { runAttempt, ...others } = readRunContext({});
  expect(runAttempt).toBe('1');
  expect(new Set(Object.values(others))).toEqual(new Set(['']));
});
