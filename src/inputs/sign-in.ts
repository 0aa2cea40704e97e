import type { Faults } from './collect.ts';
import type { SignIn } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import { parsePattern } from './scalars.ts';

/** The text of some of the inputs, whichever action they belong to. */
type Raw<K extends Parameters<RawInputs>[0]> = (name: K) => string;

/** Project ids are 6 to 30 letters, digits and hyphens (Resource Manager), behind a domain in domain-scoped projects. */
const PROJECT = /^(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$|^\d{6,}$/;
const ACCOUNT = /^[a-z0-9][a-z0-9-]*@[a-z0-9][a-z0-9.-]*\.[a-z]+$|^\d{6,}$/;
const ACCOUNT_FORM =
  'Write the e-mail address of a service account, such as trainer@my-project.iam.gserviceaccount.com.';
const PROVIDER =
  /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[a-z0-9-]{4,32}\/providers\/[a-z0-9-]{4,32}$/;

/** The project of the job, by its id or number; as it was written where that is a fault. */
export function parseProject(faults: Faults, raw: Raw<'project_id'>): string {
  const projectId = raw('project_id');
  if (projectId === '') faults.add('required', 'project_id', 'is missing. Name the Google Cloud project of the job.');
  parsePattern(
    faults,
    'project_id',
    projectId,
    'project-id',
    PROJECT,
    'Write a project id, such as my-project, or number.',
  );
  return projectId;
}

/** Whom the step signs in to Google Cloud as. */
export function parseSignIn(faults: Faults, raw: Raw<'workload_identity_provider' | 'service_account'>): SignIn {
  const provider = raw('workload_identity_provider');
  const serviceAccount = raw('service_account');
  if (serviceAccount !== '' && provider === '') {
    faults.add(
      'sign-in',
      'service_account',
      'is for signing in through workload_identity_provider, which is missing. Give that too; the identity of the training program is job_service_account.',
    );
  }
  return {
    workloadIdentityProvider: parsePattern(
      faults,
      'workload_identity_provider',
      provider,
      'workload-identity-provider',
      PROVIDER,
      'Write projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER, with the project number (not its id), 4 to 32 of a-z, 0-9 and - for POOL and PROVIDER, and no https:// before it.',
    ),
    serviceAccount: parsePattern(faults, 'service_account', serviceAccount, 'service-account', ACCOUNT, ACCOUNT_FORM),
  };
}
