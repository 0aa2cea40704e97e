import { shown, UserError } from '../../faults.ts';
import { isLoopback } from '../../google/endpoints.ts';

/** Docker Hub's name in references; an image without a host is one of its. */
export const DOCKER_HUB = 'docker.io';
/** The host that serves Docker Hub's registry API. */
const DOCKER_HUB_API = 'registry-1.docker.io';
/** The key under which Docker keeps a login at Docker Hub. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** A repository of images in a registry. */
export interface Repository {
  /** Host, with its port where one was given, in lower case; `docker.io` for Docker Hub. */
  readonly registry: string;
  /** Path in the registry, such as `library/python`. */
  readonly path: string;
}

/** An image's reference, taken apart; neither tag nor digest means `latest`. */
export interface Reference extends Repository {
  readonly tag: string | undefined;
  /** `sha256:…` or `sha512:…`; where there is a tag too, the digest counts. */
  readonly digest: string | undefined;
}

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(`^(${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::(\\d{1,5}))?$`);
const PART = '[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*';
const PATH = new RegExp(`^${PART}(?:/${PART})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
/** The most characters of a path (distribution/reference), and of a host name. */
const LONGEST = 255;

/** Whether a text is a digest that this project can check. */
export const isDigest = (text: unknown): text is string => typeof text === 'string' && DIGEST.test(text);

/** Whether a text may be a tag. */
export const isTag = (text: string): boolean => TAG.test(text);

/**
 * The first part of a name counts as a host if it looks like one, or could be nothing else: paths are in lower case
 * (splitDockerDomain of distribution/reference).
 */
function splitHost(name: string): readonly [host: string | undefined, rest: string] {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  return isHost ? [first, name.slice(slash + 1)] : [undefined, name];
}

function splitTag(name: string): readonly [name: string, tag: string | undefined] {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? [name.slice(0, colon), name.slice(colon + 1)] : [name, undefined];
}

function hostOf(given: string | undefined): string | undefined {
  if (given === undefined) return DOCKER_HUB;
  const match = given.length > LONGEST ? null : HOST.exec(given);
  const [, name = '', port] = match ?? [];
  // What an address makes another host of (`127.1` is 127.0.0.1 there) would be judged by the wrong name.
  const hostname = match === null ? undefined : URL.parse(`https://${given}`)?.hostname;
  if (hostname === undefined || (hostname !== name.toLowerCase() && !name.startsWith('['))) return undefined;
  return hostname === 'index.docker.io' ? DOCKER_HUB : `${hostname}${port === undefined ? '' : `:${port}`}`;
}

/** Takes an image's reference apart by the grammar of distribution/reference; undefined where it is none. */
export function parseReference(text: string): Reference | undefined {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const [name, tag] = splitTag(at === -1 ? text : text.slice(0, at));
  const [host, rest] = splitHost(name);
  const registry = hostOf(host);
  const path = registry === DOCKER_HUB && !rest.includes('/') ? `library/${rest}` : rest;
  if (registry === undefined || path.length > LONGEST || !PATH.test(path)) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  // An image id could be meant by 64 hexadecimal digits alone: docker takes no name of that form.
  if (/^[0-9a-f]{64}$/.test(name) || (digest !== undefined && !DIGEST.test(digest))) return undefined;
  return { registry, path, tag, digest };
}

/** The same; throws UserError where the text is no reference. */
export function referenceOf(text: string): Reference {
  const reference = parseReference(text);
  if (reference !== undefined) return reference;
  throw new UserError(
    `${shown(text)} is no image reference. Write [HOST[:PORT]/]PATH[:TAG][@sha256:…], the path in lower case.`,
  );
}

/** The repository as a name that docker takes: Docker Hub's own images by their short names. */
export function repositoryName({ registry, path }: Repository): string {
  if (registry !== DOCKER_HUB) return `${registry}/${path}`;
  const short = path.startsWith('library/') ? path.slice('library/'.length) : path;
  return splitHost(short)[0] === undefined ? short : `${DOCKER_HUB}/${path}`;
}

/** The reference as text, in docker's form. */
export function referenceText({ tag, digest, ...repository }: Reference): string {
  const tagged = tag === undefined ? '' : `:${tag}`;
  return `${repositoryName(repository)}${tagged}${digest === undefined ? '' : `@${digest}`}`;
}

/** The registry that an image's name means, with its port. */
export function registryOf(name: string): string {
  const [host] = splitHost(name);
  return hostOf(host) ?? host ?? DOCKER_HUB;
}

/** The key of a registry in Docker's configuration file. */
export const configKey = (registry: string) => (registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry);

/** Whether a registry is on this machine. */
export const isLocalRegistry = (registry: string) => isLoopback(registry.replace(/:\d+$/, ''));

/** The address of a registry's API. Without TLS only on this machine, as docker has it, and there on every port but 443. */
export function registryUrl(registry: string): string {
  if (registry === DOCKER_HUB) return `https://${DOCKER_HUB_API}`;
  return `${isLocalRegistry(registry) && !registry.endsWith(':443') ? 'http' : 'https'}://${registry}`;
}

/** Whether a registry is Google's own: Artifact Registry, or Container Registry's names, which it serves today. */
export function isGoogleRegistry(registry: string): boolean {
  const host = registry.toLowerCase();
  return host.endsWith('.pkg.dev') || host === 'gcr.io' || host.endsWith('.gcr.io');
}

/**
 * Whether a Google access token may be sent to a registry as its password: to Google's own, and to one on this machine
 * only when Vertex AI is on this machine too.
 */
export function takesGoogleToken(registry: string, vertexOnLoopback: boolean): boolean {
  return isGoogleRegistry(registry) || (vertexOnLoopback && isLocalRegistry(registry.toLowerCase()));
}
