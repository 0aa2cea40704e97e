import { messageOf } from '../faults.ts';
import { ApiError } from '../google/api-error.ts';
import { enableCommand, grantOnBucket, grantOnKey, grantOnProject } from '../google/commands.ts';
import type { AccessFinding } from '../image/registry/findings.ts';
import { harmless } from '../log.ts';
import type { PreflightRule } from '../plan/network-rules.ts';
import type { PreflightCheck } from './check.ts';

/** A finding where what it is about was given. */
export function finding(
  level: AccessFinding['level'],
  rule: PreflightRule,
  { source: { part, ...where } }: Pick<PreflightCheck, 'source'>,
  message: string,
): AccessFinding {
  return { level, fault: { rule, ...where, message: part === undefined ? message : `${part}: ${message}` } };
}

/** The longest that a service's own words may be in a message. */
const MOST_WORDS = 400;

/** What a failure says, as a part of one line. */
export function reasonOf(error: unknown): string {
  // What caused an ApiError says nothing that its message does not say.
  const text = error instanceof ApiError ? error.message : messageOf(error);
  const line = harmless(text.replace(/\s+/g, ' ').trim());
  return line.length > MOST_WORDS ? `${line.slice(0, MOST_WORDS)}…` : line;
}

/** A check that could not be made: nothing is wrong so far, and what would let it be made is told. */
export function notChecked(check: PreflightCheck, error: unknown): AccessFinding {
  const message = `could not be checked: ${check.question} ${sentence(reasonOf(error))}${mend(check, error)}`;
  return finding('note', 'not-checked', check, message);
}

const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** Whether a service refused to answer. */
export const isDenied = (error: unknown): error is ApiError => error instanceof ApiError && error.httpStatus === 403;

function mend(check: PreflightCheck, error: unknown): string {
  if (!isDenied(error)) return '';
  const service = SERVICES[check.kind];
  const disabled = disabledIn(error);
  if (disabled !== undefined) return ` For this check, enable the API: ${enableCommand(service, disabled)}.`;
  const grant = viewGrant(check);
  return grant === undefined ? '' : ` For this check, grant ${grant}.${check.caller.hint}`;
}

/**
 * The project that an API is not enabled in, by the words of Google's refusal (`… API has not been used in project 123 before
 * or it is disabled.`): the one that the request counts for, which need not be the one that is asked about.
 */
export function disabledIn(error: unknown): string | undefined {
  if (!isDenied(error)) return undefined;
  const words = /\bAPI has not been used in project ([a-z0-9][a-z0-9.:-]{0,62}) before or it is disabled/;
  return words.exec(error.message)?.[1];
}

const SERVICES: Readonly<Record<PreflightCheck['kind'], string>> = {
  project: 'cloudresourcemanager.googleapis.com',
  permissions: 'cloudresourcemanager.googleapis.com',
  'job-account': 'iam.googleapis.com',
  bucket: 'storage.googleapis.com',
  objects: 'storage.googleapis.com',
  dataset: 'bigquery.googleapis.com',
  'kms-key': 'cloudkms.googleapis.com',
  network: 'compute.googleapis.com',
  image: 'artifactregistry.googleapis.com',
  'vertex-api': 'aiplatform.googleapis.com',
  tensorboard: 'aiplatform.googleapis.com',
  model: 'aiplatform.googleapis.com',
  'persistent-resource': 'aiplatform.googleapis.com',
};

/** The least role that lets the caller see what is asked about, and the command. */
function viewGrant(check: PreflightCheck): string | undefined {
  const { member } = check.caller;
  const told = (role: string, command: (each: string) => string) => `${role}: ${command(role)}`;
  switch (check.kind) {
    case 'project':
      return told('roles/browser', (role) => grantOnProject(check.project, role, member));
    case 'bucket':
      return told('roles/storage.legacyBucketReader', (role) => grantOnBucket(check.bucket, role, member));
    case 'dataset':
      return told('roles/bigquery.metadataViewer', (role) => grantOnProject(check.project, role, member));
    case 'kms-key':
      return told('roles/cloudkms.viewer', (role) => grantOnKey(check.name, role, member));
    case 'network': {
      const project = check.name.split('/')[1] ?? '';
      return told('roles/compute.networkViewer', (role) => grantOnProject(project, role, member));
    }
    default:
      return undefined;
  }
}
