import { ApiError } from '../../google/api-error.ts';
import type { ArtifactRegistryApi, RoleBinding } from '../../google/artifact-registry.ts';
import type { ArtifactName } from '../../plan/image-name.ts';
import { type AccessFinding, finding } from './findings.ts';
import { grantCommand, READER, resourceName } from './remedies.ts';

export interface PullQuestion {
  readonly api: ArtifactRegistryApi;
  readonly name: ArtifactName;
  /** The job's project. */
  readonly project: string;
  readonly projectNumber: string | undefined;
}

/** The services that act for Vertex AI in a project: the first pulls the image, the second may too. */
const AGENTS = ['gcp-sa-aiplatform-cc', 'gcp-sa-aiplatform'];

/** Roles that let download, as far as they are known by name; a role of somebody's own may. */
const MAY_PULL =
  /^(?:roles\/(?:artifactregistry\.(?:reader|writer|repoAdmin|admin|createOnPush(?:Writer|RepoAdmin))|aiplatform\.(?:customCodeServiceAgent|serviceAgent)|owner|editor|viewer)$|(?:projects|organizations)\/)/;

/**
 * Whether Vertex AI's service agents can pull the image. In the job's own project they can by their own roles; in another
 * one they need a role on the repository, or on what is around it, which is not seen from here.
 */
export async function pullFindings(asked: PullQuestion): Promise<readonly AccessFinding[]> {
  const { api, name, project, projectNumber } = asked;
  if (name.project === project || name.project === projectNumber) return [];
  try {
    const missing = missingAgents(await api.bindings(resourceName(name)), projectNumber);
    return missing.length === 0 ? [] : [notGranted(asked, missing)];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [notAsked(asked, error)];
  }
}

/** The agents without a role on the repository itself; without a project's number any project's agent counts. */
export function missingAgents(bindings: readonly RoleBinding[], projectNumber: string | undefined): readonly string[] {
  const members = bindings.filter(({ role }) => MAY_PULL.test(role)).flatMap(({ members: each }) => each);
  if (members.includes('allUsers') || members.includes('allAuthenticatedUsers')) return [];
  return AGENTS.filter((agent) => {
    const member = new RegExp(
      `^serviceAccount:service-${projectNumber ?? '\\d+'}@${agent}\\.iam\\.gserviceaccount\\.com$`,
    );
    return !members.some((each) => member.test(each));
  });
}

const memberOf = (agent: string, projectNumber: string | undefined) =>
  `serviceAccount:service-${projectNumber ?? 'PROJECT_NUMBER'}@${agent}.iam.gserviceaccount.com`;

function grants({ name, project, projectNumber }: PullQuestion, agents: readonly string[]): string {
  const commands = agents.map((agent) => grantCommand(name, READER, memberOf(agent, projectNumber)));
  const number = projectNumber === undefined ? ` (PROJECT_NUMBER is ${project}'s)` : '';
  return `${commands.join(' and ')}${number}.`;
}

function notGranted(asked: PullQuestion, missing: readonly string[]): AccessFinding {
  const { name, project } = asked;
  const who = missing.length === 1 ? 'a service agent' : 'service agents';
  const message = `is in ${resourceName(name)}, outside the job's project ${project}, and ${who} of Vertex AI that pull it have no role there. Unless they have one by the project ${name.project}, a folder or a group: ${grants(asked, missing)}`;
  return finding('warning', 'image-pull', message);
}

function notAsked(asked: PullQuestion, error: ApiError): AccessFinding {
  const { name, project } = asked;
  const message = `is outside the job's project ${project}, and whether Vertex AI can pull it could not be asked (${error.message}). Its service agents need ${READER} on ${resourceName(name)}: ${grants(asked, AGENTS)}`;
  return finding('note', 'image-pull', message);
}
