import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import { apiDisabled, vertexDenied } from '../../../src/preflight/judge/vertex-api.ts';
import { checkOf, DEPLOYER, told } from '../given.ts';

describe('Vertex AI', () => {
  const check = checkOf('vertex-api', {});

  test('that is not enabled', () => {
    expect(told([apiDisabled(check, '42')])).toEqual([
      'error: project_id names my-project, but the Vertex AI API is not enabled in project 42. Enable it: `gcloud services enable aiplatform.googleapis.com --project=42`. [vertex-api]',
    ]);
  });

  test('that refuses', () => {
    expect(told([vertexDenied(check, new ApiError('list: HTTP 403: no', 403))])).toEqual([
      `error: ${DEPLOYER} was refused by Vertex AI in us-central1 (list: HTTP 403: no). If a role is missing in project my-project, grant roles/aiplatform.user: \`gcloud projects add-iam-policy-binding my-project --role=roles/aiplatform.user --member=${DEPLOYER} --condition=None\`. [permission-create-job]`,
    ]);
  });
});
