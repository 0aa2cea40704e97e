import { describe, expect, test } from '@jest/globals';
import { ApiError } from '../../../src/google/api-error.ts';
import { ACCOUNT_AGENT, isForeign, judgeActAs, missingAccount } from '../../../src/preflight/judge/account.ts';
import { agentRoleUnknown, judgeAgentRole } from '../../../src/preflight/judge/agent-role.ts';
import { checkOf, DEPLOYER, told } from '../given.ts';

const ACCOUNT = 'trainer@my-project.iam.gserviceaccount.com';
const FOREIGN = 'trainer@other-project.iam.gserviceaccount.com';
const PROJECT = { id: 'my-project', number: '42', state: 'ACTIVE' };
const DENIED = new ApiError('get the policy: HTTP 403: denied', 403);

describe('the account of the job', () => {
  const check = checkOf('job-account', { job_service_account: ACCOUNT });
  const foreign = checkOf('job-account', { job_service_account: FOREIGN });

  test('may be acted as', () => {
    expect(judgeActAs(check, ['iam.serviceAccounts.actAs'])).toEqual([]);
  });

  test('may not be acted as', () => {
    expect(told(judgeActAs(check, []))).toEqual([
      `error: job_service_account names ${ACCOUNT}, and ${DEPLOYER} may not submit jobs that run as it: it lacks iam.serviceAccounts.actAs. Grant it roles/iam.serviceAccountUser on the account: \`gcloud iam service-accounts add-iam-policy-binding projects/my-project/serviceAccounts/${ACCOUNT} --role=roles/iam.serviceAccountUser --member=${DEPLOYER} --condition=None\`. [permission-act-as]`,
    ]);
  });

  test.each([
    {
      account: ACCOUNT,
      words: `there is no such service account in project my-project. Mend the name, or create it: \`gcloud iam service-accounts create trainer --project=my-project\`.`,
    },
    {
      account: '123456-compute@developer.gserviceaccount.com',
      words: 'there is no such service account in project 123456. Mend the name.',
    },
    { account: '1234567', words: 'there is no such service account. Mend the name.' },
    {
      account: 'tiny@my-project.iam.gserviceaccount.com',
      words: 'there is no such service account in project my-project. Mend the name.',
    },
  ])('is not there: $account', ({ account, words }) => {
    const asked = checkOf('job-account', { job_service_account: account });
    expect(told([missingAccount(asked)])).toEqual([
      `error: job_service_account names ${account}, and ${words} [job-account-missing]`,
    ]);
  });

  test.each([
    { account: ACCOUNT, project: PROJECT, foreign: false },
    { account: ACCOUNT, project: undefined, foreign: false },
    { account: FOREIGN, project: PROJECT, foreign: true },
    { account: FOREIGN, project: undefined, foreign: true },
    { account: '42-compute@developer.gserviceaccount.com', project: PROJECT, foreign: false },
    { account: '43-compute@developer.gserviceaccount.com', project: PROJECT, foreign: true },
    { account: '43-compute@developer.gserviceaccount.com', project: undefined, foreign: undefined },
    { account: '1234567', project: PROJECT, foreign: undefined },
  ])('$account is of another project: $foreign', ({ account, project, foreign: expected }) => {
    expect(isForeign(checkOf('job-account', { job_service_account: account }), project)).toBe(expected);
  });

  const GRANT = `\`gcloud iam service-accounts add-iam-policy-binding projects/other-project/serviceAccounts/${FOREIGN} --role=roles/iam.serviceAccountTokenCreator --member=serviceAccount:service-42@gcp-sa-aiplatform.iam.gserviceaccount.com --condition=None\``;
  const NEEDS = `job_service_account names ${FOREIGN}, an account of project other-project, not of the job's: Vertex AI's service agent needs roles/iam.serviceAccountTokenCreator on it`;
  const agent = 'serviceAccount:service-42@gcp-sa-aiplatform.iam.gserviceaccount.com';

  test.each([
    { name: 'the role', role: 'roles/iam.serviceAccountTokenCreator', members: ['user:x@y.z', agent], granted: true },
    { name: 'somebody’s own role', role: 'organizations/1/roles/mint', members: [agent], granted: true },
    { name: 'another role', role: 'roles/iam.serviceAccountUser', members: [agent], granted: false },
    {
      name: 'the role for another project’s agent',
      role: 'roles/iam.serviceAccountTokenCreator',
      members: [agent.replace('42', '43')],
      granted: false,
    },
    {
      name: 'the role for the other agent',
      role: 'roles/iam.serviceAccountTokenCreator',
      members: [agent.replace('aiplatform', 'aiplatform-cc')],
      granted: false,
    },
  ])('of another project, with $name', ({ role, members, granted }) => {
    const findings = judgeAgentRole(ACCOUNT_AGENT, foreign, [{ role, members, conditional: false }], PROJECT);
    expect(told(findings)).toEqual(
      granted
        ? []
        : [
            `warning: ${NEEDS}, and has it not on the account itself. Unless it has it by its project, a folder or a group: ${GRANT}. [job-account-agent]`,
          ],
    );
  });

  test('of another project, whose policy may not be read', () => {
    expect(told([agentRoleUnknown(ACCOUNT_AGENT, foreign, DENIED, PROJECT)])).toEqual([
      `note: ${NEEDS}, and could not be checked to have it (get the policy: HTTP 403: denied). Unless it has it by its project, a folder or a group: ${GRANT}. [job-account-agent]`,
    ]);
    const [unknown] = told([agentRoleUnknown(ACCOUNT_AGENT, foreign, DENIED, undefined)]);
    expect(unknown).toContain('service-PROJECT_NUMBER@gcp-sa-aiplatform.iam');
    expect(unknown).toContain('PROJECT_NUMBER is that of my-project.');
  });
});
