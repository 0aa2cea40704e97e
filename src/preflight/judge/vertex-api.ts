import { enableCommand, grantOnProject } from '../../google/commands.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding, reasonOf } from '../finding.ts';
import { JOB_ROLE, JOB_RULE } from '../needs.ts';

type Check = CheckOf<'vertex-api'>;

/** Vertex AI's API is not enabled in the project that the request counts for. */
export function apiDisabled(check: Check, project: string): AccessFinding {
  const enable = enableCommand('aiplatform.googleapis.com', project);
  const message = `names ${check.project}, but the Vertex AI API is not enabled in project ${project}. Enable it: ${enable}.`;
  return finding('error', 'vertex-api', check, message);
}

/** Vertex AI does not list the jobs, which is the first thing that submitting one asks for. */
export function vertexDenied(check: Check, error: unknown): AccessFinding {
  const { project, region, caller } = check;
  const grant = grantOnProject(project, JOB_ROLE, caller.member);
  const message = `${caller.who} was refused by Vertex AI in ${region} (${reasonOf(error)}). If a role is missing in project ${project}, grant ${JOB_ROLE}: ${grant}.${caller.hint}`;
  return finding('error', JOB_RULE, { source: {} }, message);
}
