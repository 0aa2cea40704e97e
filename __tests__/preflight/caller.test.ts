import { expect, test } from '@jest/globals';
import { callerOf } from '../../src/preflight/caller.ts';

const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/github/providers/repo';

test('an impersonated account is the member', () => {
  expect(callerOf({ workloadIdentityProvider: PROVIDER, serviceAccount: 'a@p.iam.gserviceaccount.com' })).toEqual({
    who: 'serviceAccount:a@p.iam.gserviceaccount.com',
    member: 'serviceAccount:a@p.iam.gserviceaccount.com',
    hint: '',
  });
});

test('an account that is named by its number is not known to IAM so', () => {
  expect(callerOf({ workloadIdentityProvider: PROVIDER, serviceAccount: '1234567' })).toEqual({
    who: 'service account 1234567',
    member: 'serviceAccount:EMAIL',
    hint: " EMAIL is told by `gcloud iam service-accounts describe 1234567 '--format=value(email)'`.",
  });
});

test('a federated identity is a subject of its pool, and how to find it is told', () => {
  expect(callerOf({ workloadIdentityProvider: PROVIDER, serviceAccount: undefined })).toEqual({
    who: 'the federated identity of this step (pool github)',
    member:
      'principal://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/github/subject/SUBJECT',
    hint: " SUBJECT is what the provider makes google.subject of, mostly the sub of this job's token, such as repo:OWNER/REPO:ref:refs/heads/main: `gcloud iam workload-identity-pools providers describe projects/123456789/locations/global/workloadIdentityPools/github/providers/repo '--format=value(attributeMapping)'`.",
  });
});

test('whom application default credentials are for is not known', () => {
  const caller = callerOf({ workloadIdentityProvider: undefined, serviceAccount: undefined });
  expect([caller.who, caller.member]).toEqual(['the identity of this step', 'MEMBER']);
  expect(caller.hint).toMatch(/^ MEMBER is whom the application default credentials are for/);
});
