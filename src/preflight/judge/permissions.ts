import { grantOnProject } from '../../google/commands.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

type Check = CheckOf<'permissions'>;

/** Every permission that is asked about, each once. */
export const permissionsOf = ({ needs }: Check): readonly string[] => [
  ...new Set(needs.flatMap(({ permissions }) => permissions)),
];

/** An error for each role that is needed, and does not show in what is granted on the project. */
export function judgePermissions(check: Check, granted: readonly string[]): readonly AccessFinding[] {
  const { project, needs, caller } = check;
  return needs.flatMap(({ rule, role, permissions, to }) => {
    const missing = permissions.filter((permission) => !granted.includes(permission));
    if (missing.length === 0) return [];
    const grant = grantOnProject(project, role, caller.member);
    const message = `${caller.who} may not ${to} in project ${project}: it lacks ${missing.join(', ')}. Grant it ${role}: ${grant}.${caller.hint}`;
    return [finding('error', rule, check, message)];
  });
}
