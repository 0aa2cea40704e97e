import { type Fault, shown } from '../faults.ts';

/** An image's name at Artifact Registry, taken apart. */
export interface ArtifactName {
  /** Such as `my-project`, or `example.com:my-project`. */
  readonly project: string;
  /** A region, or `us`, `europe`, `asia`. */
  readonly location: string;
  /** The repository's id; names of gcr.io are in repositories that are called like their host. */
  readonly repository: string;
  /** What stands behind the repository; may hold slashes. */
  readonly image: string;
}

/** Container Registry's hosts, which Artifact Registry serves, and where their repositories are. */
const GCR: Readonly<Record<string, string>> = {
  'gcr.io': 'us',
  'us.gcr.io': 'us',
  'eu.gcr.io': 'europe',
  'asia.gcr.io': 'asia',
};

const DOCKER_HOST = /^(?:([a-z0-9-]+)-docker|docker\.([a-z0-9-]+)\.rep)\.pkg\.dev$/;

/** How images are named there, for messages. */
const FORM = 'LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE';

/** A name's host and the parts of its path; the host is undefined where the name has none, as at Docker Hub. */
function partsOf(name: string): { readonly host: string | undefined; readonly path: readonly string[] } {
  const [first = '', ...rest] = name.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? { host: first.toLowerCase(), path: rest } : { host: undefined, path: [first, ...rest] };
}

/** A project that belongs to a domain is written in two parts: `example.com/my-project`. */
function splitProject(path: readonly string[]): readonly [project: string, rest: readonly string[]] {
  const [first = '', second = '', ...rest] = path;
  return first.includes('.') ? [`${first}:${second}`, rest] : [first, path.slice(1)];
}

/**
 * Takes the name of an image (without tag) at Artifact Registry apart: of either host form, and of gcr.io. Undefined
 * for other registries, and where a part is missing.
 */
export function parseArtifactName(name: string): ArtifactName | undefined {
  const { host = '', path } = partsOf(name);
  const [project, rest] = splitProject(path);
  const gcr = Object.hasOwn(GCR, host) ? GCR[host] : undefined;
  const docker = DOCKER_HOST.exec(host);
  const location = gcr ?? docker?.[1] ?? docker?.[2];
  const [repository = '', ...image] = gcr === undefined ? rest : [host, ...rest];
  const parts = [project.replace(/^.*:/, ''), repository, image.join('/')];
  return location === undefined || parts.includes('')
    ? undefined
    : { project, location, repository, image: image.join('/') };
}

/** Errors in the name (without tag) of the image that is to be pushed, as far as the name alone tells. */
export function judgeImageName(name: string): Fault[] {
  const { host = '', path } = partsOf(name);
  const message = Object.hasOwn(GCR, host)
    ? gcrFault(name)
    : host.endsWith('.pkg.dev')
      ? pkgFault(name, host, path)
      : undefined;
  return message === undefined ? [] : [{ rule: 'image-repository', input: 'image', message }];
}

function gcrFault(name: string): string | undefined {
  if (parseArtifactName(name) !== undefined) return undefined;
  return `${shown(name)} names no image in a project. Write gcr.io/PROJECT/IMAGE, or better ${FORM}.`;
}

function pkgFault(name: string, host: string, path: readonly string[]): string | undefined {
  const docker = DOCKER_HOST.exec(host);
  if (docker === null) {
    return `${shown(name)} is at ${shown(host)}, which is no host for images. Write ${FORM}.`;
  }
  const location = docker[1] ?? docker[2] ?? '';
  const region = /^([a-z]+-[a-z]+\d+)-[a-z]$/.exec(location)?.[1];
  if (region !== undefined) {
    return `${shown(name)} names the zone ${location}. Artifact Registry is in regions: write ${name.replace(location, region)}.`;
  }
  if (parseArtifactName(name) !== undefined) return undefined;
  const [project, rest] = splitProject(path);
  const [image = 'IMAGE'] = rest;
  return `${shown(name)} names no repository of Artifact Registry. An image there is ${FORM}, such as ${host}/${project.replace(':', '/') || 'PROJECT'}/REPOSITORY/${image || 'IMAGE'}.`;
}

/**
 * A warning where Vertex AI is not documented to pull from: it knows Artifact Registry and Docker Hub's public images.
 * A registry on this machine is a test's.
 */
export function judgeRegistry(name: string): Fault[] {
  const { host } = partsOf(name);
  const known =
    host === undefined ||
    host === 'docker.io' ||
    host === 'index.docker.io' ||
    host.endsWith('.pkg.dev') ||
    host === 'gcr.io' ||
    host.endsWith('.gcr.io') ||
    /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(host);
  if (known) return [];
  const message = `is at ${host}. Vertex AI is documented to pull from Artifact Registry and public repositories of Docker Hub only: it has no login for others.`;
  return [{ rule: 'image-registry', input: 'image', message }];
}
