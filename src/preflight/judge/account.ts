import { accountProject } from '../../google/accounts.ts';
import { command, grantOnAccount } from '../../google/commands.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';
import { ACT_AS_NEED } from '../needs.ts';
import type { AgentRole } from './agent-role.ts';

type Check = CheckOf<'job-account'>;

/** The account is not there. */
export function missingAccount(check: Check): AccessFinding {
  const { account } = check;
  const project = accountProject(account);
  const place = project === undefined ? '' : ` in project ${project}`;
  // Ids of accounts that are made by their owners (iam/docs/service-accounts-create).
  const id = /^([a-z][a-z0-9-]{4,28}[a-z0-9])@[^@]+\.iam\.gserviceaccount\.com$/.exec(account)?.[1];
  const create =
    id === undefined || project === undefined
      ? ''
      : `, or create it: ${command('gcloud iam service-accounts create', id, `--project=${project}`)}`;
  const message = `names ${account}, and there is no such service account${place}. Mend the name${create}.`;
  return finding('error', 'job-account-missing', check, message);
}

/** Whether the caller may submit jobs that run as the account. */
export function judgeActAs(check: Check, granted: readonly string[]): readonly AccessFinding[] {
  const { account, caller } = check;
  const { rule, role, permissions, to } = ACT_AS_NEED;
  const missing = permissions.filter((permission) => !granted.includes(permission));
  if (missing.length === 0) return [];
  const grant = grantOnAccount(account, role, caller.member);
  const message = `names ${account}, and ${caller.who} may not ${to}: it lacks ${missing.join(', ')}. Grant it ${role} on the account: ${grant}.${caller.hint}`;
  return [finding('error', rule, check, message)];
}

/** Whether the account is of another project than the job; undefined where that cannot be told. */
export function isForeign({ account, project: asked }: Check, project: Project | undefined): boolean | undefined {
  const own = accountProject(account);
  if (own === undefined) return undefined;
  const names = [asked, project?.id, project?.number].filter((name) => name !== undefined);
  if (names.includes(own)) return false;
  // An id tells nothing of a number.
  return names.some((name) => isNumber(name) === isNumber(own)) ? true : undefined;
}

const isNumber = (project: string) => /^\d+$/.test(project);

/** What Vertex AI's agent needs on an account of another project (general/custom-service-account). */
export const ACCOUNT_AGENT: AgentRole<Check> = {
  rule: 'job-account-agent',
  role: 'roles/iam.serviceAccountTokenCreator',
  thing: 'account',
  elsewhere: 'its project',
  named: ({ account }) => `names ${account}, an account of project ${accountProject(account)}, not of the job's:`,
  grant: ({ account }, member) => grantOnAccount(account, ACCOUNT_AGENT.role, member),
};
