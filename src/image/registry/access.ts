import type { ArtifactRegistryApi } from '../../google/artifact-registry.ts';
import { type ArtifactName, parseArtifactName } from '../../plan/image-name.ts';
import { pullFindings } from './agent-pull.ts';
import { lookAt, refusedPush, repositoryFindings } from './artifact-access.ts';
import type { RegistryClient } from './client.ts';
import { denialKind, denialMessage } from './denial.ts';
import { RegistryError } from './errors.ts';
import { type AccessFinding, finding } from './findings.ts';
import { referenceOf } from './reference.ts';

export interface AccessOptions {
  /** The image's name without tag. */
  readonly image: string;
  readonly client: RegistryClient;
  /** Artifact Registry's API with the sign-in of this step; undefined where there is no sign-in to Google. */
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  /** The job's project. */
  readonly project: string;
  /** Its number, where it is known. */
  readonly projectNumber: string | undefined;
  /** Who is signed in to Google, as IAM writes it: `serviceAccount:…`, `principal://…`. */
  readonly principal: string | undefined;
  /** Whether the registry has a login of its own: registry_username. */
  readonly ownLogin: boolean;
}

/**
 * Whether this step may push the image, and Vertex AI pull it. The registry itself is asked, by an upload that is opened
 * and cancelled; Artifact Registry's API then tells why not, and what mends it. Nothing is thrown but what ends the step.
 */
export async function checkAccess(options: AccessOptions): Promise<readonly AccessFinding[]> {
  const name = parseArtifactName(options.image);
  const { artifactRegistry: api } = options;
  if (name === undefined || api === undefined) return plainFindings(options, await probed(options));
  return artifactFindings({ ...options, name, api });
}

async function artifactFindings(
  asked: AccessOptions & { readonly name: ArtifactName; readonly api: ArtifactRegistryApi },
) {
  const [refused, seen, pull] = await Promise.all([probed(asked), lookAt(asked.api, asked.name), pullFindings(asked)]);
  const form = repositoryFindings(asked.name, seen, refused === undefined);
  // A repository of another kind refuses every push, whoever asks.
  if (form.some(({ level }) => level === 'error')) return form;
  if (refused === undefined) return [...form, ...pull];
  if (isUntold(refused)) return [...form, untold(asked, refused), ...pull];
  return [...form, await refusedPush({ ...asked, refused, seen }), ...pull];
}

/** The refusal of an upload; undefined where it was taken. */
async function probed({ client, image }: AccessOptions): Promise<RegistryError | undefined> {
  try {
    await client.probeUpload(referenceOf(image));
    return undefined;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

/** Whether a failure says nothing of the right to push. */
const isUntold = ({ status }: RegistryError) => status === undefined || status === 429 || status >= 500;

function untold({ image }: AccessOptions, error: RegistryError): AccessFinding {
  const message = `could not be checked: whether this step may push to ${image} shows at the push (${error.reason}).`;
  return finding('note', 'image-access', message);
}

function plainFindings(options: AccessOptions, refused: RegistryError | undefined): readonly AccessFinding[] {
  if (refused === undefined) return [];
  if (isUntold(refused)) return [untold(options, refused)];
  const kind = denialKind(refused.reason) ?? 'no-permission';
  return [finding('error', 'image-access', denialMessage(kind, options.image, refused.reason))];
}
