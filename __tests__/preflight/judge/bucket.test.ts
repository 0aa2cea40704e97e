import { describe, expect, test } from '@jest/globals';
import type { Bucket } from '../../../src/google/storage.ts';
import { judgeBucket } from '../../../src/preflight/judge/bucket.ts';
import type { Given } from '../../inputs/given.ts';
import { checkOf, told } from '../given.ts';

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const PROJECT = { id: 'my-project', number: '42', state: 'ACTIVE' };

describe('a bucket', () => {
  const given: Given = { args: '--data=gs://my-data/x' };
  const at = (location: string | undefined, more: Partial<Bucket> = {}): Bucket => ({
    location,
    locationType: undefined,
    dataLocations: [],
    projectNumber: '42',
    ...more,
  });
  const uses: Readonly<Record<string, Given>> = {
    data: given,
    output: { output_uri: 'gs://my-data/x' },
    model: { output_uri: 'gs://my-data/x', model: 'm', serving_image: 'us-docker.pkg.dev/vertex-ai/x' },
    tensorboard: {
      output_uri: 'gs://my-data/x',
      job_service_account: ACCOUNT,
      tensorboard: 'projects/my-project/locations/us-central1/tensorboards/7',
    },
  };

  test.each([
    { location: 'US-CENTRAL1', data: undefined, output: undefined, model: undefined, tensorboard: undefined },
    { location: 'NAM4', data: undefined, output: undefined, model: 'warning', tensorboard: 'error' },
    { location: 'US', data: 'note', output: 'note', model: 'warning', tensorboard: 'error' },
    { location: 'US-EAST1', data: 'warning', output: 'warning', model: 'error', tensorboard: 'error' },
    { location: 'EU', data: 'warning', output: 'warning', model: 'error', tensorboard: 'error' },
    { location: 'MOON', data: undefined, output: undefined, model: undefined, tensorboard: undefined },
    { location: undefined, data: undefined, output: undefined, model: undefined, tensorboard: undefined },
  ])('in $location', ({ location, ...levels }) => {
    for (const [use, level] of Object.entries(levels)) {
      const findings = judgeBucket(checkOf('bucket', uses[use] ?? {}), at(location), PROJECT);
      expect([use, findings.map((each) => [each.level, each.fault.rule])]).toEqual([
        use,
        level === undefined ? [] : [[level, 'bucket-region']],
      ]);
    }
  });

  test('elsewhere is told with both places', () => {
    expect(told(judgeBucket(checkOf('bucket', given), at('EU'), PROJECT))).toEqual([
      'warning: args names gs://my-data, which is in the multi-region EU, and the job runs in us-central1. What is read and written crosses regions: slower, and charged as a transfer. Name a bucket in us-central1, or run the job where the bucket is. [bucket-region]',
    ]);
  });

  test('that is missing is told with the command that makes it', () => {
    const create =
      '`gcloud storage buckets create gs://my-data --location=us-central1 --project=my-project --uniform-bucket-level-access`';
    expect(told(judgeBucket(checkOf('bucket', given), undefined, PROJECT))).toEqual([
      `error: args names gs://my-data, and there is no such bucket. Mend the name, or create it: ${create}. If the program creates it itself, name this rule in ignore. [bucket-missing]`,
    ]);
    expect(told(judgeBucket(checkOf('bucket', uses['output'] ?? {}), undefined, PROJECT))).toEqual([
      `error: output_uri names gs://my-data, and there is no such bucket. Mend the name, or create it: ${create}. [bucket-missing]`,
    ]);
  });

  test('of another project needs a role for the job', () => {
    const bucket = at('US-CENTRAL1', { projectNumber: '43' });
    expect(told(judgeBucket(checkOf('bucket', given), bucket, PROJECT))).toEqual([
      'note: args names gs://my-data, which belongs to project 43, not to my-project. The job runs as serviceAccount:service-42@gcp-sa-aiplatform-cc.iam.gserviceaccount.com: unless it has a role there, grant it roles/storage.objectViewer (or more, where the program needs it): `gcloud storage buckets add-iam-policy-binding gs://my-data --role=roles/storage.objectViewer --member=serviceAccount:service-42@gcp-sa-aiplatform-cc.iam.gserviceaccount.com --condition=None`. [bucket-project]',
    ]);
    const own = checkOf('bucket', { output_uri: 'gs://my-data/x', job_service_account: ACCOUNT });
    const [first] = told(judgeBucket(own, bucket, PROJECT));
    expect(first).toContain(`--role=roles/storage.objectUser --member=serviceAccount:${ACCOUNT}`);
  });

  test('whose project is not known, or the job’s, is nobody else’s', () => {
    const check = checkOf('bucket', given);
    expect(judgeBucket(check, at('US-CENTRAL1', { projectNumber: '43' }), undefined)).toEqual([]);
    expect(judgeBucket(check, at('US-CENTRAL1', { projectNumber: undefined }), PROJECT)).toEqual([]);
  });
});
