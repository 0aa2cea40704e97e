import { isRecord } from '../../json.ts';
import { ApiError } from '../api/errors.ts';

/** What permissions are asked about. */
export type Guarded = 'project' | 'service account' | 'repository' | 'bucket';

/** `SERVICE.RESOURCE.VERB`; which there are is IAM's to know. */
const PERMISSION = /^[a-z][a-z0-9]*(?:\.[A-Za-z0-9]+){2,}$/;

/** Of which service the permissions on a resource are; on a project those of every one. */
const SERVICES: Readonly<Record<Guarded, string | undefined>> = {
  project: undefined,
  'service account': 'iam.',
  repository: 'artifactregistry.',
  bucket: 'storage.',
};

/** Of projects one cannot ask in advance whether one may make or list them (observed of Resource Manager). */
const OF_NO_PROJECT = new Set(['resourcemanager.projects.create', 'resourcemanager.projects.list']);

function isOf(guarded: Guarded, permission: string): boolean {
  if (!PERMISSION.test(permission)) return false;
  if (guarded === 'project') return !OF_NO_PROJECT.has(permission);
  return permission.startsWith(SERVICES[guarded] ?? '');
}

const invalid = (message: string) => new ApiError('INVALID_ARGUMENT', message);

/**
 * The answer of a `testIamPermissions`: all that is asked for, as whoever reaches this service may do everything. Throws
 * INVALID_ARGUMENT for what is no permission, or none on such a resource.
 */
export function grantedPermissions(guarded: Guarded, body: unknown): object {
  const permissions = isRecord(body) ? (body['permissions'] ?? []) : [];
  if (!Array.isArray(permissions)) throw invalid('permissions must be a list of texts.');
  for (const text of permissions as readonly unknown[]) {
    if (typeof text !== 'string') throw invalid('Each of permissions must be a text.');
    if (text.includes('*')) throw invalid("Permissions with wildcards (such as '*' or 'storage.*') are not allowed.");
    if (!isOf(guarded, text)) throw invalid(`Permission ${text} is not valid for this resource.`);
  }
  return permissions.length === 0 ? {} : { permissions };
}
