import { describe, expect, test } from '@jest/globals';
import { faultsOf, type Given, inputsOf } from './given.ts';

test('what is not given sets nothing', () => {
  expect(inputsOf({}).specFields).toEqual([]);
});

describe('one field each', () => {
  test.each<{ given: Given; path: string; value: unknown }>([
    { given: { timeout: '1d12h' }, path: 'scheduling.timeout', value: '129600s' },
    { given: { strategy: 'STANDARD' }, path: 'scheduling.strategy', value: 'STANDARD' },
    { given: { strategy: 'spot' }, path: 'scheduling.strategy', value: 'SPOT' },
    { given: { strategy: 'flex-start' }, path: 'scheduling.strategy', value: 'FLEX_START' },
    { given: { strategy: 'Flex_Start' }, path: 'scheduling.strategy', value: 'FLEX_START' },
    { given: { max_wait_duration: '6h' }, path: 'scheduling.maxWaitDuration', value: '21600s' },
    { given: { max_wait_duration: '0s' }, path: 'scheduling.maxWaitDuration', value: '0s' },
    {
      given: { restart_job_on_worker_restart: 'true' },
      path: 'scheduling.restartJobOnWorkerRestart',
      value: true,
    },
    {
      given: { restart_job_on_worker_restart: 'false' },
      path: 'scheduling.restartJobOnWorkerRestart',
      value: false,
    },
    { given: { disable_retries: 'true' }, path: 'scheduling.disableRetries', value: true },
    { given: { job_service_account: 'a@b.c' }, path: 'serviceAccount', value: 'a@b.c' },
    { given: { network: 'projects/1/global/networks/n' }, path: 'network', value: 'projects/1/global/networks/n' },
    { given: { output_uri: 'gs://b/o' }, path: 'baseOutputDirectory.outputUriPrefix', value: 'gs://b/o' },
    { given: { persistent_resource_id: 'mine' }, path: 'persistentResourceId', value: 'mine' },
    { given: { tensorboard: 't' }, path: 'tensorboard', value: 't' },
    { given: { enable_web_access: 'true' }, path: 'enableWebAccess', value: true },
    { given: { boot_disk_type: 'pd-ssd' }, path: 'workerPoolSpecs[].diskSpec.bootDiskType', value: 'pd-ssd' },
    { given: { boot_disk_size_gb: '200' }, path: 'workerPoolSpecs[].diskSpec.bootDiskSizeGb', value: 200 },
  ])('$given', ({ given, path, value }) => {
    expect(inputsOf(given).specFields).toEqual([{ input: Object.keys(given)[0], path, value }]);
  });
});

const DURATION = 'Write numbers with units, such as 90m, 24h or 86400s.';

describe('refused', () => {
  test.each<{ name: string; given: Given; faults: string[] }>([
    {
      name: 'a timeout without limit, which only a wait may have',
      given: { timeout: '0s' },
      faults: [`timeout: "0s" is not accepted. ${DURATION} It has to be longer than 0s. [duration]`],
    },
    {
      name: 'a wait without a unit',
      given: { max_wait_duration: '6' },
      faults: [`max_wait_duration: "6" is not accepted. ${DURATION} [duration]`],
    },
    ...['ON_DEMAND', 'LOW_COST', 'STRATEGY_UNSPECIFIED', 'preemptible', 'flex start'].map((strategy) => ({
      name: `the strategy ${strategy}`,
      given: { strategy },
      faults: [`strategy: "${strategy}" is not accepted. Accepted: STANDARD, SPOT, FLEX_START. [strategy]`],
    })),
    {
      name: 'booleans',
      given: { restart_job_on_worker_restart: 'yes', disable_retries: '1', enable_web_access: 'True' },
      faults: [
        'restart_job_on_worker_restart: "yes" is not accepted. Write true or false. [boolean]',
        'disable_retries: "1" is not accepted. Write true or false. [boolean]',
        'enable_web_access: "True" is not accepted. Write true or false. [boolean]',
      ],
    },
    {
      name: 'a size with a unit',
      given: { boot_disk_size_gb: '200GB' },
      faults: ['boot_disk_size_gb: "200GB" is not accepted. Write a whole number from 1 to 2147483647. [count]'],
    },
  ])('$name', ({ given, faults }) => {
    expect(faultsOf(given)).toEqual(faults);
  });
});
