import type { Setting } from './verdict.ts';

/** Whose right it is that is missing, and where. */
type Asker = Pick<Setting, 'projectId' | 'principal' | 'serviceAccount'>;

const ACT_AS = 'iam.serviceAccounts.actAs';
const ACCOUNT = /[a-z0-9][a-z0-9.-]*@[a-z0-9.-]+\.gserviceaccount\.com/;

/** The predefined role that gives a permission; undefined where none is known to. */
function roleOf(permission: string): string | undefined {
  if (permission === ACT_AS) return 'roles/iam.serviceAccountUser';
  return ROLES.find(([prefix]) => permission.startsWith(prefix))?.[1];
}

/** The least of the predefined roles with permissions of that prefix (IAM's reference of roles and permissions). */
const ROLES: readonly (readonly [string, string])[] = [
  ['aiplatform.persistentResources.create', 'roles/aiplatform.admin'],
  ['aiplatform.', 'roles/aiplatform.user'],
  ['logging.logEntries.', 'roles/logging.viewer'],
  ['artifactregistry.', 'roles/artifactregistry.reader'],
  ['storage.objects.', 'roles/storage.objectUser'],
];

/** What is missing, which role gives it, to whom, and the command. */
export function permissionText(text: string, setting: Asker): string {
  const { projectId } = setting;
  const [, disabled] = /\b(?:API|service) has not been used in project (\S+?) before/i.exec(text) ?? [];
  if (disabled !== undefined) {
    return `${text} Enable it: \`gcloud services enable aiplatform.googleapis.com --project=${projectId}\`.`;
  }
  if (/insufficient authentication scopes/i.test(text)) {
    return `${text} The sign-in of this step needs the scope https://www.googleapis.com/auth/cloud-platform.`;
  }
  if (/Permission denied on resource project/i.test(text)) {
    return `${text} There is no project ${projectId}, or the identity of this step has no right in it. Check project_id, then the role: ${projectGrant(undefined, undefined, setting)}`;
  }
  if (/permission to act as/i.test(text)) return `${text} ${actAs(accountIn(text) ?? setting.serviceAccount, setting)}`;
  const [, permission] =
    /Permission '?([a-zA-Z]+(?:\.[a-zA-Z]+)+)'? denied/.exec(text) ?? /\[([a-z]+\.[\w.]+)\]/.exec(text) ?? [];
  if (permission?.startsWith('cloudkms.')) return `${text} ${KEY}`;
  if (permission === ACT_AS) return `${text} ${actAs(accountIn(text) ?? setting.serviceAccount, setting)}`;
  return `${text} ${projectGrant(permission, accountIn(text), setting)}`;
}

/** Keys are used by the service's agent, not by whoever asks for the job. */
const KEY =
  "Grant the project's Vertex AI service agent (service-NUMBER@gcp-sa-aiplatform.iam.gserviceaccount.com, NUMBER being that of the project) roles/cloudkms.cryptoKeyEncrypterDecrypter on the key.";

const accountIn = (text: string) => ACCOUNT.exec(text)?.[0];
const memberOf = ({ principal }: Asker) => principal ?? 'MEMBER';
const whoIs = ({ principal }: Asker) => (principal === undefined ? ', MEMBER being the identity of this step' : '');

function actAs(account: string | undefined, setting: Asker): string {
  const name = account ?? 'ACCOUNT';
  const command = `gcloud iam service-accounts add-iam-policy-binding ${name} --project=${projectOf(name) ?? setting.projectId} --role=roles/iam.serviceAccountUser --member=${memberOf(setting)}`;
  return `If ${name} exists, let the identity of this step act as it by roles/iam.serviceAccountUser: \`${command}\`${whoIs(setting)}.`;
}

/** The project that a service account of a user's belongs to; Google's own accounts carry theirs otherwise. */
const projectOf = (account: string) => /@([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com$/.exec(account)?.[1];

function projectGrant(permission: string | undefined, account: string | undefined, setting: Asker): string {
  const role = permission === undefined ? 'roles/aiplatform.user' : roleOf(permission);
  const named = account === undefined ? undefined : `serviceAccount:${account}`;
  const member = named ?? memberOf(setting);
  const who = named === undefined ? 'the identity of this step' : account;
  if (role === undefined)
    return `Grant ${who} a role with the permission ${permission} in project ${setting.projectId}.`;
  const command = `gcloud projects add-iam-policy-binding ${setting.projectId} --role=${role} --member=${member}`;
  return `Grant ${who} ${role}: \`${command}\`${named === undefined ? whoIs(setting) : ''}.`;
}
