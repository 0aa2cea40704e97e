import { closestMatch } from 'leven';
import { UserError } from '../../faults.ts';
import { ApiError } from '../../google/api-error.ts';
import type { ArtifactRegistryApi, ArtifactRepository } from '../../google/artifact-registry.ts';
import type { ArtifactName } from '../../plan/image-name.ts';
import { denialKind } from './denial.ts';
import type { RegistryError } from './errors.ts';
import { type AccessFinding, finding } from './findings.ts';
import { createCommand, enableCommand, grantCommand, resourceName, WRITER } from './remedies.ts';

/** What the API says of a repository. */
export type Seen =
  | { readonly kind: 'there'; readonly repository: ArtifactRepository }
  | { readonly kind: 'missing' }
  /** The caller may not know, or the API is not enabled, or gave no answer. */
  | { readonly kind: 'hidden'; readonly reason: string; readonly disabled: boolean; readonly denied: boolean };

/** Asks the API for the repository. */
export async function lookAt(api: ArtifactRegistryApi, name: ArtifactName): Promise<Seen> {
  try {
    const repository = await api.repository(resourceName(name));
    return repository === undefined ? { kind: 'missing' } : { kind: 'there', repository };
  } catch (error) {
    const { message, httpStatus } = asApiError(error);
    const disabled = denialKind(message) === 'api-disabled';
    return { kind: 'hidden', reason: message, disabled, denied: httpStatus === 403 };
  }
}

/** What is known of a failed check; whatever is no answer of the API's, or of the sign-in, is thrown on. */
function asApiError(error: unknown): { readonly message: string; readonly httpStatus?: number | undefined } {
  if (error instanceof ApiError || error instanceof UserError) return error;
  if (error instanceof Error && error.cause !== undefined) return error;
  throw error;
}

/** What the repository itself says, whoever pushes to it. */
export function repositoryFindings(name: ArtifactName, seen: Seen, mayPush: boolean): AccessFinding[] {
  if (seen.kind === 'missing') return [];
  if (seen.kind === 'hidden') return mayPush ? [hiddenNote(name, seen.reason)] : [];
  const { format, mode = 'STANDARD_REPOSITORY', immutableTags } = seen.repository;
  if (format !== 'DOCKER') {
    const message = `is in ${resourceName(name)}, a repository of format ${format || 'unknown'}: images need one of format DOCKER. Name another, or create one: ${createCommand({ ...name, repository: 'NAME' })}.`;
    return [finding('error', 'image-repository', message)];
  }
  if (mode === 'REMOTE_REPOSITORY' || mode === 'VIRTUAL_REPOSITORY') {
    const message = `is in ${resourceName(name)}, a ${mode === 'REMOTE_REPOSITORY' ? 'remote' : 'virtual'} repository, which takes no pushes. Name a standard repository, or create one: ${createCommand({ ...name, repository: 'NAME' })}.`;
    return [finding('error', 'image-repository', message)];
  }
  if (!immutableTags) return [];
  const message = `is in ${resourceName(name)}, whose tags are immutable: a tag that another image has stays there.`;
  return [finding('note', 'image-tags', message)];
}

const hiddenNote = (name: ArtifactName, reason: string) =>
  finding('note', 'image-repository', `takes pushes, but ${resourceName(name)} could not be read (${reason}).`);

export interface RefusedPush {
  readonly name: ArtifactName;
  readonly image: string;
  readonly api: ArtifactRegistryApi;
  readonly refused: RegistryError;
  readonly seen: Seen;
  readonly project: string;
  readonly principal: string | undefined;
  readonly ownLogin: boolean;
}

/** Why the registry refused: Artifact Registry's own words do not tell a missing repository from a missing right. */
export async function refusedPush(asked: RefusedPush): Promise<AccessFinding> {
  const { seen } = asked;
  if (seen.kind === 'missing') return missing(asked);
  if (seen.kind === 'hidden' && seen.disabled) return disabled(asked);
  const granted = await grantedOn(asked);
  if (granted.includes(UPLOAD)) return wrongAccount(asked);
  if (seen.kind === 'there' || granted.length > 0) return noPermission(asked);
  return eitherOr(asked, seen);
}

const UPLOAD = 'artifactregistry.repositories.uploadArtifacts';
const DOWNLOAD = 'artifactregistry.repositories.downloadArtifacts';

async function grantedOn({ api, name }: RefusedPush): Promise<readonly string[]> {
  return (await orNothing(api.granted(resourceName(name), [UPLOAD, DOWNLOAD]))) ?? [];
}

/** The answer of a question whose failure changes nothing. */
async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    asApiError(error);
    return undefined;
  }
}

const whoOf = ({ principal }: RefusedPush) => principal ?? 'the identity of this step';

function disabled({ name }: RefusedPush): AccessFinding {
  const message = `is in project ${name.project}, where the Artifact Registry API is not enabled. Enable it: ${enableCommand(name.project)}. Then create the repository: ${createCommand(name)}.`;
  return finding('error', 'image-repository', message);
}

async function missing(asked: RefusedPush): Promise<AccessFinding> {
  const { name } = asked;
  const [near, elsewhere, own] = await Promise.all([nearName(asked), otherLocations(asked), inOwnProject(asked)]);
  const hints = [elsewhereHint(asked, elsewhere), own, near].filter((hint) => hint !== undefined);
  const message = `is in ${resourceName(name)}, and there is no such repository. ${[...hints, `To create it: ${createCommand(name)}.`].join(' ')}`;
  return finding('error', 'image-repository', message);
}

/** The repository of that location that is called most alike. */
async function nearName({ api, name }: RefusedPush): Promise<string | undefined> {
  const found = (await orNothing(api.repositories(name.project, name.location))) ?? [];
  const ids = found.filter(({ format }) => format === 'DOCKER').map((each) => each.name.split('/').at(-1) ?? '');
  const nearest = closestMatch(name.repository, ids, { maxDistance: 3 });
  return nearest === undefined ? undefined : `The nearest name there is ${nearest}.`;
}

/** Locations of the project where a repository of that name is. */
async function otherLocations({ api, name }: RefusedPush): Promise<readonly string[]> {
  const all = (await orNothing(api.locations(name.project))) ?? [];
  const others = all.filter((location) => location !== name.location);
  const found = await Promise.all(
    others.map(async (location) => {
      const there = await orNothing(api.repository(resourceName({ ...name, location })));
      return there === undefined ? [] : [location];
    }),
  );
  return found.flat();
}

function elsewhereHint({ image }: RefusedPush, locations: readonly string[]): string | undefined {
  const [first] = locations;
  if (first === undefined) return undefined;
  const path = image.slice(image.indexOf('/'));
  return `One of that name is in ${locations.join(', ')}: for that write ${first}-docker.pkg.dev${path}.`;
}

/** Whether the job's own project has such a repository. */
async function inOwnProject({ api, name, project }: RefusedPush): Promise<string | undefined> {
  if (name.project === project) return undefined;
  const there = await orNothing(api.repository(resourceName({ ...name, project })));
  const own = there === undefined ? '' : ', which has a repository of that name';
  return `The job's project is ${project}${own}, not ${name.project}.`;
}

function wrongAccount(asked: RefusedPush): AccessFinding {
  const { name, refused, ownLogin } = asked;
  const login = ownLogin
    ? 'the login by registry_username is another that may not. Leave registry_username and registry_password out'
    : 'the registry was asked by another login. Check for whom this step is signed in';
  const message = `is in ${resourceName(name)}, where ${whoOf(asked)} may push, but ${login} (${refused.reason}).`;
  return finding('error', 'image-login', message);
}

function noPermission(asked: RefusedPush): AccessFinding {
  const { name, principal, ownLogin } = asked;
  const who = ownLogin ? 'the login by registry_username' : whoOf(asked);
  const message = `is in ${resourceName(name)}, where ${who} may not push. It needs ${WRITER}: ${grantCommand(name, WRITER, ownLogin ? undefined : principal)}.`;
  return finding('error', 'image-permission', message);
}

async function eitherOr(asked: RefusedPush, seen: Seen): Promise<AccessFinding> {
  const { name, principal, refused } = asked;
  if (refused.status === 404) return missing(asked);
  const own = await inOwnProject(asked);
  const denied = seen.kind === 'hidden' && seen.denied;
  const why = denied ? 'may not even see it' : 'could not find out more';
  const message = [
    `is in ${resourceName(name)}, which refused the push; ${whoOf(asked)} ${why}.`,
    ...(own === undefined ? [] : [own]),
    `If the repository does not exist: ${createCommand(name)}.`,
    `If it does, the right is missing: ${grantCommand(name, WRITER, principal)}.`,
  ].join(' ');
  return finding('error', 'image-permission', message);
}
