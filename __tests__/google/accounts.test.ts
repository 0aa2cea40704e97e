import { describe, expect, test } from '@jest/globals';
import { accountName, accountProject, agentMember } from '../../src/google/accounts.ts';

describe('the project of an account', () => {
  test.each([
    { account: 'trainer@my-project.iam.gserviceaccount.com', project: 'my-project' },
    { account: 'trainer@my-project.example.com.iam.gserviceaccount.com', project: 'example.com:my-project' },
    { account: '123456-compute@developer.gserviceaccount.com', project: '123456' },
    { account: 'my-project@appspot.gserviceaccount.com', project: 'my-project' },
    { account: 'someone@example.com', project: undefined },
    { account: 'trainer@iam.gserviceaccount.com', project: undefined },
    { account: 'other@developer.gserviceaccount.com', project: undefined },
    { account: '123456789', project: undefined },
  ])('$account: $project', ({ account, project }) => {
    expect(accountProject(account)).toBe(project);
  });
});

test.each([
  {
    account: 'trainer@my-project.iam.gserviceaccount.com',
    name: 'projects/my-project/serviceAccounts/trainer@my-project.iam.gserviceaccount.com',
  },
  { account: '123456789', name: 'projects/-/serviceAccounts/123456789' },
])('$account is asked for as $name', ({ account, name }) => {
  expect(accountName(account)).toBe(name);
});

test('an agent is of a project’s number', () => {
  expect(agentMember('gcp-sa-aiplatform', '42')).toBe(
    'serviceAccount:service-42@gcp-sa-aiplatform.iam.gserviceaccount.com',
  );
  expect(agentMember('gcp-sa-aiplatform', undefined)).toBe(
    'serviceAccount:service-PROJECT_NUMBER@gcp-sa-aiplatform.iam.gserviceaccount.com',
  );
});
