import { AGENTS, agentMember } from '../../google/accounts.ts';
import type { RoleBinding } from '../../google/artifact-registry.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { PreflightRule } from '../../plan/network-rules.ts';
import type { PreflightCheck } from '../check.ts';
import { finding, reasonOf } from '../finding.ts';
import { grantsTo } from './roles.ts';

/** A role that Vertex AI's service agent needs on something that the job names. */
export interface AgentRole<C extends PreflightCheck> {
  readonly rule: PreflightRule;
  readonly role: string;
  /** What that something is called: `account`, `key`. */
  readonly thing: string;
  /** Where else the agent may have the role from. */
  readonly elsewhere: string;
  /** What the input names, as a message begins, with the sign before what follows. */
  readonly named: (check: C) => string;
  /** The command that grants the role. */
  readonly grant: (check: C, member: string) => string;
}

/** A warning where the thing's own policy does not grant the role. */
export function judgeAgentRole<C extends PreflightCheck & { readonly project: string }>(
  wanted: AgentRole<C>,
  check: C,
  bindings: readonly RoleBinding[],
  project: Project | undefined,
): readonly AccessFinding[] {
  if (grantsTo(bindings, wanted.role, AGENTS.platform, project?.number)) return [];
  return [
    agentFinding(wanted, check, project, { level: 'warning', state: `has it not on the ${wanted.thing} itself` }),
  ];
}

/** A note where that policy may not be read. */
export function agentRoleUnknown<C extends PreflightCheck & { readonly project: string }>(
  wanted: AgentRole<C>,
  check: C,
  error: unknown,
  project: Project | undefined,
): AccessFinding {
  const state = `could not be checked to have it (${reasonOf(error)})`;
  return agentFinding(wanted, check, project, { level: 'note', state });
}

function agentFinding<C extends PreflightCheck & { readonly project: string }>(
  { rule, role, elsewhere, named, grant }: AgentRole<C>,
  check: C,
  project: Project | undefined,
  { level, state }: { readonly level: AccessFinding['level']; readonly state: string },
): AccessFinding {
  const command = grant(check, agentMember(AGENTS.platform, project?.number));
  const number = project?.number === undefined ? ` PROJECT_NUMBER is that of ${check.project}.` : '';
  const message = `${named(check)} Vertex AI's service agent needs ${role} on it, and ${state}. Unless it has it by ${elsewhere}, a folder or a group: ${command}.${number}`;
  return finding(level, rule, check, message);
}
