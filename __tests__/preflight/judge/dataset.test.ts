import { describe, expect, test } from '@jest/globals';
import { judgeDataset } from '../../../src/preflight/judge/dataset.ts';
import { checkOf, told } from '../given.ts';

describe('a dataset', () => {
  const check = checkOf('dataset', { args: 'bq://my-project.sales.orders' });

  test.each(['US', 'us-central1', undefined])('in %s', (location) => {
    expect(judgeDataset(check, { location })).toEqual([]);
  });

  test('elsewhere', () => {
    expect(told(judgeDataset(check, { location: 'EU' }))).toEqual([
      'warning: args names bq://my-project.sales, which is in the multi-region EU, and the job runs in us-central1. What is read crosses regions: slower, and charged as a transfer. Name a dataset in us-central1, or run the job where the dataset is. [dataset-region]',
    ]);
  });

  test('that is missing', () => {
    expect(told(judgeDataset(check, undefined))).toEqual([
      'error: args names bq://my-project.sales, and there is no such dataset. Mend the name, or create it: `bq mk --location=us-central1 --dataset my-project:sales`. If the program creates it itself, name this rule in ignore. [dataset-missing]',
    ]);
  });
});
