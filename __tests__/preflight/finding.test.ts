import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../src/google/api-error.ts';
import { disabledIn, finding, notChecked, reasonOf } from '../../src/preflight/finding.ts';
import type { Given } from '../inputs/given.ts';
import { checkOf, DEPLOYER, told } from './given.ts';

const denied = (words = 'denied') => new ApiError(`get x: HTTP 403: ${words}`, 403);
const DISABLED =
  'Cloud Resource Manager API has not been used in project 4711 before or it is disabled. Enable it by visiting https://console.developers.google.com/ then retry.';

test('a finding stands where the thing was given', () => {
  const place = { file: 'job.yaml', line: 7 };
  expect(finding('error', 'vertex-api', { source: { input: 'args' } }, 'names x.')).toEqual({
    level: 'error',
    fault: { rule: 'vertex-api', input: 'args', message: 'names x.' },
  });
  expect(finding('note', 'vertex-api', { source: { part: 'a.b', place } }, 'names x.')).toEqual({
    level: 'note',
    fault: { rule: 'vertex-api', place, message: 'a.b: names x.' },
  });
});

describe('what could not be checked', () => {
  const bucket = checkOf('bucket', { args: 'gs://my-data' });
  const start =
    'note: args: could not be checked: Is gs://my-data in us-central1 and in project my-project, as the job is?';

  test('is a note with the question and the reason', () => {
    expect(told([notChecked(bucket, new ApiError('get gs://my-data: HTTP 503: busy', 503))])).toEqual([
      `${start} get gs://my-data: HTTP 503: busy. [not-checked]`,
    ]);
    expect(told([notChecked(bucket, new Error('Something else.'))])).toEqual([
      `${start} Something else. [not-checked]`,
    ]);
    expect(told([notChecked(bucket, 'thrown')])).toEqual([`${start} thrown. [not-checked]`]);
  });

  test('as the API is not enabled, with the command that enables it where it counts', () => {
    expect(told([notChecked(checkOf('project', {}), denied(DISABLED))])).toEqual([
      `note: project_id: could not be checked: Is there a project my-project, and which is its number? get x: HTTP 403: ${DISABLED} For this check, enable the API: \`gcloud services enable cloudresourcemanager.googleapis.com --project=4711\`. [not-checked]`,
    ]);
  });

  const KEY = 'projects/key-project/locations/us-central1/keyRings/r/cryptoKeys/k';

  test.each([
    {
      kind: 'project',
      given: {},
      grant: `roles/browser: \`gcloud projects add-iam-policy-binding my-project --role=roles/browser --member=${DEPLOYER} --condition=None\``,
    },
    {
      kind: 'bucket',
      given: { args: 'gs://my-data' },
      grant: `roles/storage.legacyBucketReader: \`gcloud storage buckets add-iam-policy-binding gs://my-data --role=roles/storage.legacyBucketReader --member=${DEPLOYER} --condition=None\``,
    },
    {
      kind: 'dataset',
      given: { args: 'bq://other-project.sales.orders' },
      grant: `roles/bigquery.metadataViewer: \`gcloud projects add-iam-policy-binding other-project --role=roles/bigquery.metadataViewer --member=${DEPLOYER} --condition=None\``,
    },
    {
      kind: 'kms-key',
      given: { kms_key: KEY },
      grant: `roles/cloudkms.viewer: \`gcloud kms keys add-iam-policy-binding ${KEY} --role=roles/cloudkms.viewer --member=${DEPLOYER} --condition=None\``,
    },
    {
      kind: 'network',
      given: { network: 'projects/43/global/networks/vpc' },
      grant: `roles/compute.networkViewer: \`gcloud projects add-iam-policy-binding 43 --role=roles/compute.networkViewer --member=${DEPLOYER} --condition=None\``,
    },
  ] as const)('as the $kind may not be seen, with the least role that shows it', ({ kind, given, grant }) => {
    const [text] = told([notChecked(checkOf(kind, given as Given), denied())]);
    expect(text).toContain(`get x: HTTP 403: denied. For this check, grant ${grant}. [not-checked]`);
  });

  test.each(['permissions', 'vertex-api'] as const)('as %s are refused, has no role of its own', (kind) => {
    expect(told([notChecked(checkOf(kind, {}), denied())])[0]).toMatch(/HTTP 403: denied\. \[not-checked\]$/);
  });
});

describe('words of a service', () => {
  test('are one line that does nothing', () => {
    const error = new ApiError('get x: HTTP 403: a\r\n::error::b\t\u001b[31mc ##[group]d\u202e', 403);
    expect(reasonOf(error)).toBe('get x: HTTP 403: a ::error::b c ##\\[group]d');
  });

  test('are cut where they do not end', () => {
    const text = reasonOf(new Error('x'.repeat(100_000)));
    expect(text).toBe(`${'x'.repeat(400)}…`);
  });
});

describe('an API that is not enabled', () => {
  test.each([
    { name: 'by number', error: denied(DISABLED), project: '4711' },
    {
      name: 'by id',
      error: denied('Vertex AI API has not been used in project my-project before or it is disabled.'),
      project: 'my-project',
    },
    {
      name: 'of a domain',
      error: denied('IAM API has not been used in project example.com:my-project before or it is disabled.'),
      project: 'example.com:my-project',
    },
    {
      name: 'not by a name that is none',
      error: denied('IAM API has not been used in project `id` before or it is disabled.'),
      project: undefined,
    },
    { name: 'not by another refusal', error: denied(), project: undefined },
    { name: 'not by another status', error: new ApiError(DISABLED, 400), project: undefined },
    { name: 'not by what is no answer', error: new Error(DISABLED), project: undefined },
  ])('is known $name', ({ error, project }) => {
    expect(disabledIn(error)).toBe(project);
  });
});
