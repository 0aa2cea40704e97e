import { describe, expect, test } from '@jest/globals';
import { judgePermissions, permissionsOf } from '../../../src/preflight/judge/permissions.ts';
import type { Given } from '../../inputs/given.ts';
import { checkOf, DEPLOYER, told } from '../given.ts';

describe('permissions', () => {
  const check = checkOf('permissions', {});
  const all = permissionsOf(check);
  const grant = (role: string) =>
    `\`gcloud projects add-iam-policy-binding my-project --role=${role} --member=${DEPLOYER} --condition=None\``;

  test('that are all there are nothing to tell', () => {
    expect(judgePermissions(check, all)).toEqual([]);
    expect(judgePermissions(check, [...all, 'something.else'])).toEqual([]);
  });

  test('that are missing are told by their role, each role once', () => {
    expect(told(judgePermissions(check, []))).toEqual([
      `error: ${DEPLOYER} may not create and follow custom jobs in project my-project: it lacks aiplatform.customJobs.create, aiplatform.customJobs.get, aiplatform.customJobs.list, aiplatform.customJobs.cancel. Grant it roles/aiplatform.user: ${grant('roles/aiplatform.user')}. [permission-create-job]`,
      `error: ${DEPLOYER} may not read the job's logs in project my-project: it lacks logging.logEntries.list. Grant it roles/logging.viewer: ${grant('roles/logging.viewer')}. [permission-logs]`,
    ]);
  });

  test('of which one is missing are told by that one', () => {
    const [first, ...more] = told(
      judgePermissions(
        check,
        all.filter((each) => !each.endsWith('.cancel')),
      ),
    );
    expect(first).toContain('it lacks aiplatform.customJobs.cancel. Grant it');
    expect(more).toEqual([]);
  });

  test('of a federated identity are granted to a subject that is still to be found', () => {
    const given: Given = {
      workload_identity_provider: 'projects/9/locations/global/workloadIdentityPools/github/providers/repo',
      service_account: '',
    };
    const [first] = told(judgePermissions(checkOf('permissions', given), []));
    expect(first).toContain(
      '--member=principal://iam.googleapis.com/projects/9/locations/global/workloadIdentityPools/github/subject/SUBJECT --condition=None`. SUBJECT is what the provider makes',
    );
  });
});
