import { asSentence } from '../../faults.ts';
import { type ArtifactName, parseArtifactName } from '../../plan/image-name.ts';
import { registryWords, unquoted } from './errors.ts';
import { registryOf } from './reference.ts';
import { createCommand, enableCommand, grantCommand, WRITER } from './remedies.ts';

/** Why a registry did not take an image. */
export type DenialKind =
  | 'immutable-tag'
  | 'api-disabled'
  | 'no-repository'
  | 'image-name'
  | 'too-large'
  | 'rate-limited'
  | 'untrusted-certificate'
  | 'not-signed-in'
  | 'denied-or-missing'
  | 'expired-login'
  | 'no-permission'
  | 'transient';

export interface Denial {
  readonly kind: DenialKind;
  /** What helps before another attempt: a new login, or only time. Undefined where none is worth it. */
  readonly again: 'renewed-login' | 'later' | undefined;
  /** What happened, and the mend. */
  readonly message: string;
}

/**
 * The words of docker, BuildKit and the registries, the more telling before those that they stand beside. Artifact Registry's
 * are in its troubleshooting page; the others in the distribution project's error codes.
 */
const WORDS: readonly (readonly [DenialKind, RegExp])[] = [
  ['immutable-tag', /\bimmutab/i],
  ['api-disabled', /API has not been used in project|SERVICE_DISABLED/i],
  ['no-repository', /\bname unknown\b|NAME_UNKNOWN|repository\b.{0,80}\bnot found|repo does not exist|createOnPush/i],
  ['image-name', /NAME_INVALID|\bname invalid\b|missing image name|invalid reference format/i],
  ['too-large', /\b413\b.{0,4}(?:request entity|payload|content) too large|HTTP 413\b/i],
  ['rate-limited', /toomanyrequests|\b429 too many|HTTP 429\b/i],
  ['untrusted-certificate', /\bx509:|server gave HTTP response to HTTPS client/i],
  ['not-signed-in', /unauthenticated request|no basic auth credentials|failed to fetch anonymous token/i],
  ['denied-or-missing', /\(or it may not exist\)/i],
  ['expired-login', /\bunauthorized\b|HTTP 401\b|invalid_grant|token.{0,20}expired|failed to fetch oauth token/i],
  ['no-permission', /\bdenied\b|\b403 forbidden|HTTP 403\b|insufficient_scope/i],
  [
    'transient',
    /blob upload (?:unknown|invalid)|BLOB_UPLOAD_(?:UNKNOWN|INVALID)|\bEOF\b|connection re(?:set|fused)|broken pipe/i,
  ],
  [
    'transient',
    /time(?:d )?out\b|\b50[0234] (?:internal|bad|service|gateway)|HTTP 50[0234]\b|closed (?:network )?connection/i,
  ],
  ['transient', /request canceled|temporary failure|server misbehaving|stream error|GOAWAY|no answer\b/i],
];

const AGAIN: Partial<Record<DenialKind, Denial['again']>> = {
  'not-signed-in': 'renewed-login',
  'expired-login': 'renewed-login',
  'rate-limited': 'later',
  transient: 'later',
};

/** What a program printed inside the build, and what was said of images that are pulled, is not about the push. */
const ELSEWHERE = /^#\d+ \d+(?:\.\d+)? |failed to resolve source metadata|pull access denied|load metadata for/i;

/** The kind of one line of docker's, or of a RegistryError's message; undefined where it says nothing of the push. */
export function denialKind(line: string): DenialKind | undefined {
  if (ELSEWHERE.test(line)) return undefined;
  const bare = unquoted(line);
  return WORDS.find(([, words]) => words.test(bare))?.[0];
}

/** Why a push of `image` (without tag) failed, by its last lines; undefined where they tell of something else. */
export function classifyDenial(lines: readonly string[], image: string): Denial | undefined {
  for (const line of lines.toReversed()) {
    const kind = denialKind(line);
    if (kind !== undefined) return { kind, again: AGAIN[kind], message: denialMessage(kind, image, line) };
  }
  return undefined;
}

/** The message of a denial in the registry's words, with the mend. */
export function denialMessage(kind: DenialKind, image: string, words: string): string {
  const name = parseArtifactName(image);
  const mend = name === undefined ? elsewhereMend(kind) : googleMend(kind, name);
  return `${registryOf(image)} ${SAID[kind]}: ${asSentence(registryWords(words))} ${mend ?? MENDS[kind]}`;
}

const SAID: Readonly<Record<DenialKind, string>> = {
  'immutable-tag': 'keeps the tag on another image',
  'api-disabled': 'is not enabled in the project of the image',
  'no-repository': 'has no such repository',
  'image-name': 'does not take the name of the image',
  'too-large': 'does not take a layer of that size',
  'rate-limited': 'takes no more requests for now',
  'untrusted-certificate': 'could not be reached over TLS',
  'not-signed-in': 'was asked without a login',
  'denied-or-missing': 'denied the push, or has no such repository',
  'expired-login': 'refused the login',
  'no-permission': 'denied the push',
  transient: 'broke off the push',
};

const MENDS: Readonly<Record<DenialKind, string>> = {
  'immutable-tag': 'Give another tag, or let the tags of the repository be moved.',
  'api-disabled': 'Enable the Artifact Registry API in that project.',
  'no-repository': 'Create the repository, or mend image.',
  'image-name': 'Mend image: HOST/PATH[:TAG], the path in lower case.',
  'too-large': 'Raise the limit of the registry or of the proxy before it, or make the largest layer smaller.',
  'rate-limited': 'Try again later.',
  'untrusted-certificate': 'Its certificate has to be trusted by the Docker engine of this machine.',
  'not-signed-in': 'Give registry_username and registry_password, or log docker in before this step.',
  'denied-or-missing': 'Check that the repository exists and that the login of this step may push to it.',
  'expired-login': 'Check the login of this step for that registry, and that it may push there.',
  'no-permission': 'Check that the login of this step may push there.',
  transient: 'Try again.',
};

function elsewhereMend(kind: DenialKind): string | undefined {
  return kind === 'no-permission'
    ? 'Check that the name of the image begins with an account or organisation of yours, and that the login of this step may push there.'
    : undefined;
}

function googleMend(kind: DenialKind, name: ArtifactName): string | undefined {
  const grant = `grant the identity of this step ${WRITER}: ${grantCommand(name, WRITER)}`;
  const create = `create it: ${createCommand(name)}`;
  switch (kind) {
    case 'api-disabled':
      return `Enable it: ${enableCommand(name.project)}.`;
    case 'no-repository':
      return `Check its location, project and name, or ${create}.`;
    case 'denied-or-missing':
      return `If there is no repository ${name.repository} in ${name.location} of project ${name.project}, ${create}. Otherwise ${grant}.`;
    case 'no-permission':
      return `To let it push, ${grant}.`;
    case 'not-signed-in':
      return 'Check the sign-in of this step: workload_identity_provider, or the application default credentials.';
    default:
      return undefined;
  }
}
