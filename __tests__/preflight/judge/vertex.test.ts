import { describe, expect, test } from '@jest/globals';
import type { PersistentResource } from '../../../src/google/vertex-resources.ts';
import {
  isElsewhere,
  judgePersistentResource,
  tensorboardElsewhere,
  tensorboardMissing,
} from '../../../src/preflight/judge/vertex.ts';
import { checkOf, told } from '../given.ts';

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';

describe('a TensorBoard instance', () => {
  const named = (location: string) =>
    checkOf('tensorboard', {
      job_service_account: ACCOUNT,
      tensorboard: `projects/tb-project/locations/${location}/tensorboards/7`,
    });
  const mend =
    '`gcloud ai tensorboards list --region=us-central1 --project=tb-project` shows those in us-central1, and `gcloud ai tensorboards create --display-name=training --region=us-central1 --project=tb-project` makes one.';

  test('in the job’s region is for its service to know', () => {
    expect(isElsewhere(named('us-central1'))).toBe(false);
    expect(told([tensorboardMissing(named('us-central1'), undefined)])).toEqual([
      `error: tensorboard names projects/tb-project/locations/us-central1/tensorboards/7, and there is no such TensorBoard instance: ${mend} [tensorboard-missing]`,
    ]);
  });

  test('elsewhere is of no use', () => {
    expect(isElsewhere(named('europe-west4'))).toBe(true);
    expect(told([tensorboardElsewhere(named('europe-west4'), undefined)])).toEqual([
      `error: tensorboard names projects/tb-project/locations/europe-west4/tensorboards/7, which is in europe-west4, and the job runs in us-central1. Both have to be in one region: ${mend} [tensorboard-region]`,
    ]);
  });

  test('of a name that would be a command is quoted', () => {
    const check = checkOf('tensorboard', {
      job_service_account: ACCOUNT,
      tensorboard: 'projects/`id`;$(id)/locations/us-central1/tensorboards/7',
    });
    const [text] = told([tensorboardMissing(check, undefined)]);
    expect(text).toContain("--region=us-central1 $'--project=\\140id\\140;$(id)'` shows");
  });
});

describe('a persistent resource', () => {
  const check = checkOf('persistent-resource', {
    persistent_resource_id: 'pool',
    machine_type: 'n1-standard-8',
    accelerator_type: 'NVIDIA_TESLA_T4',
    accelerator_count: '1',
  });
  const name = 'projects/my-project/locations/us-central1/persistentResources/pool';
  const T4 = { machineType: 'n1-standard-8', acceleratorType: 'NVIDIA_TESLA_T4', acceleratorCount: 1 };
  const judged = (resource: PersistentResource | undefined) =>
    told(judgePersistentResource(check, resource, undefined));

  test.each([
    { state: 'RUNNING', machines: [T4] },
    { state: undefined, machines: [] },
    { state: 'RUNNING', machines: [{ ...T4, acceleratorCount: 2 }, T4] },
  ])('in state $state with $machines.length pools is good', (resource) => {
    expect(judged(resource)).toEqual([]);
  });

  test('that is missing', () => {
    expect(judged(undefined)).toEqual([
      `error: persistent_resource_id names ${name}, and there is no such persistent resource. \`gcloud ai persistent-resources list --region=us-central1 --project=my-project\` shows those there are. [persistent-resource-missing]`,
    ]);
  });

  test.each([
    { state: 'ERROR', level: 'error', words: 'no job runs there any more' },
    { state: 'STOPPING', level: 'error', words: 'no job runs there any more' },
    { state: 'PROVISIONING', level: 'warning', words: 'a job may be refused before it is RUNNING' },
    { state: 'REBOOTING', level: 'warning', words: 'a job may be refused before it is RUNNING' },
    { state: 'SOMETHING_NEW', level: 'warning', words: 'a job may be refused before it is RUNNING' },
  ])('in state $state', ({ state, level, words }) => {
    expect(judged({ state, machines: [T4] })).toEqual([
      `${level}: persistent_resource_id names ${name}, which is in state ${state}: ${words}. [persistent-resource-state]`,
    ]);
  });

  test.each([
    {
      name: 'another machine',
      machine: { ...T4, machineType: 'n1-standard-16' },
      has: 'n1-standard-16 with 1 NVIDIA_TESLA_T4',
    },
    { name: 'more accelerators', machine: { ...T4, acceleratorCount: 2 }, has: 'n1-standard-8 with 2 NVIDIA_TESLA_T4' },
    {
      name: 'no accelerators',
      machine: { machineType: 'n1-standard-8', acceleratorType: undefined, acceleratorCount: 0 },
      has: 'n1-standard-8',
    },
  ])('with $name', ({ machine, has }) => {
    expect(judged({ state: 'RUNNING', machines: [machine] })).toEqual([
      `error: persistent_resource_id names ${name}, which has no pool of n1-standard-8 with 1 NVIDIA_TESLA_T4. It has ${has}. [persistent-resource-machine]`,
    ]);
  });
});
