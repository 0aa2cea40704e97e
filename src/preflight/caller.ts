import { command } from '../google/commands.ts';
import type { SignIn } from '../inputs/inputs.ts';

/** Who asks, and is to be granted what is missing. */
export interface Caller {
  /** As a sentence begins: the principal, where it is known. */
  readonly who: string;
  /** As IAM takes it for `--member`; with a word in capitals where it is not wholly known. */
  readonly member: string;
  /** How to find what the member lacks; empty where it lacks nothing. */
  readonly hint: string;
}

const PROVIDER =
  /^projects\/(\d+)\/locations\/global\/workloadIdentityPools\/([a-z0-9-]{4,32})\/providers\/[a-z0-9-]{4,32}$/;

/** The identity of the step, as far as its inputs tell it. */
export function callerOf({ workloadIdentityProvider, serviceAccount }: SignIn): Caller {
  if (serviceAccount !== undefined) return accountCaller(serviceAccount);
  const [provider = '', number = '', pool = ''] = PROVIDER.exec(workloadIdentityProvider ?? '') ?? [];
  return provider === '' ? unknownCaller : federatedCaller(provider, number, pool);
}

function accountCaller(account: string): Caller {
  // IAM knows members by address alone.
  if (/^\d+$/.test(account)) {
    const find = command('gcloud iam service-accounts describe', account, '--format=value(email)');
    return {
      who: `service account ${account}`,
      member: 'serviceAccount:EMAIL',
      hint: ` EMAIL is told by ${find}.`,
    };
  }
  return { who: `serviceAccount:${account}`, member: `serviceAccount:${account}`, hint: '' };
}

/** The subject is made of GitHub's token by the provider's mapping, which the inputs do not tell. */
function federatedCaller(provider: string, number: string, pool: string): Caller {
  const find = command(
    'gcloud iam workload-identity-pools providers describe',
    provider,
    '--format=value(attributeMapping)',
  );
  return {
    who: `the federated identity of this step (pool ${pool})`,
    member: `principal://iam.googleapis.com/projects/${number}/locations/global/workloadIdentityPools/${pool}/subject/SUBJECT`,
    hint: ` SUBJECT is what the provider makes google.subject of, mostly the sub of this job's token, such as repo:OWNER/REPO:ref:refs/heads/main: ${find}.`,
  };
}

const unknownCaller: Caller = {
  who: 'the identity of this step',
  member: 'MEMBER',
  hint: ' MEMBER is whom the application default credentials are for, such as serviceAccount:NAME@PROJECT.iam.gserviceaccount.com: the step that signed in was told.',
};
