import type { RoleBinding } from '../../google/artifact-registry.ts';

/** A role of somebody's own may hold any permission. */
const OWN_ROLE = /^(?:projects|organizations)\//;

/**
 * Whether a policy gives a role, or one that may hold as much, to an agent of Vertex AI. Without a project's number any
 * project's agent counts.
 */
export function grantsTo(
  bindings: readonly RoleBinding[],
  role: string,
  agent: string,
  projectNumber: string | undefined,
): boolean {
  const member = new RegExp(
    `^serviceAccount:service-${projectNumber ?? '\\d+'}@${agent}\\.iam\\.gserviceaccount\\.com$`,
  );
  return bindings.some(
    (binding) =>
      (binding.role === role || OWN_ROLE.test(binding.role)) && binding.members.some((each) => member.test(each)),
  );
}
