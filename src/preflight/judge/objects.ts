import { grantOnBucket } from '../../google/commands.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

/** What the step lacks to read objects; a bucket that is not there is told by who asks for it. */
export function judgeObjects(
  check: CheckOf<'objects'>,
  granted: readonly string[] | undefined,
): readonly AccessFinding[] {
  const { bucket, caller, need } = check;
  const { rule, role, permissions, to } = need;
  const missing = permissions.filter((permission) => granted?.includes(permission) === false);
  if (missing.length === 0) return [];
  const grant = grantOnBucket(bucket, role, caller.member);
  const message = `names gs://${bucket}, and ${caller.who} may not ${to}: it lacks ${missing.join(', ')}. Grant it ${role} on the bucket: ${grant}.${caller.hint}`;
  return [finding('error', rule, check, message)];
}
