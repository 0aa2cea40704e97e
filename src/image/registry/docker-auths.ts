import { isRecord, textAt } from '../../json.ts';
import { configKey, DOCKER_HUB } from './reference.ts';
import type { Credential } from './token.ts';

type Json = Readonly<Record<string, unknown>>;

/** The user name by which helpers and older files mark a refresh token. */
const TOKEN_USER = '<token>';

/** A credential helper as Docker's configuration names it: it becomes part of a program's name. */
const HELPER = /^[a-z0-9_-]+$/i;

/** A key of older files may be a whole address. */
const hostOf = (key: string) => key.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';

/** The keys under which a registry may stand, the one that docker itself writes first. */
function keysOf(registry: string): readonly string[] {
  return registry === DOCKER_HUB ? [configKey(registry), 'index.docker.io', DOCKER_HUB] : [registry];
}

const own = (value: unknown, key: string) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);

/**
 * The credential helper that keeps a registry's login, by its name behind `docker-credential-`; undefined where the file
 * keeps it. `unusable` is a name that could be another program's.
 */
export function helperFor(config: Json, registry: string): { readonly name: string } | 'unusable' | undefined {
  const named = keysOf(registry).map((key) => own(config['credHelpers'], key));
  // An empty name for a registry means the file, whatever store there is beside.
  const chosen = named.find((each) => typeof each === 'string') ?? textAt(config, 'credsStore') ?? '';
  if (chosen === '') return undefined;
  return typeof chosen === 'string' && HELPER.test(chosen) ? { name: chosen } : 'unusable';
}

/** The login of a registry in `auths` of Docker's config.json. */
export function loginInFile(config: Json, registry: string): Credential | undefined {
  const entry = entryFor(config['auths'], registry);
  const identityToken = textAt(entry, 'identitytoken');
  if (identityToken) return { identityToken };
  const plain = Buffer.from(textAt(entry, 'auth') ?? '', 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  return colon < 1 ? undefined : credentialOf(plain.slice(0, colon), plain.slice(colon + 1));
}

function entryFor(auths: unknown, registry: string): unknown {
  const keys = keysOf(registry);
  const exact = keys.map((key) => own(auths, key)).find(isRecord);
  if (exact !== undefined || !isRecord(auths)) return exact;
  return Object.entries(auths).find(([key, entry]) => keys.includes(hostOf(key)) && isRecord(entry))?.[1];
}

/** What a helper printed for `get`. */
export function loginOfHelper(output: string): Credential | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    return undefined;
  }
  return credentialOf(textAt(answer, 'Username') ?? '', textAt(answer, 'Secret') ?? '');
}

function credentialOf(username: string, secret: string): Credential | undefined {
  // Docker pads what it encodes with zeros.
  const password = secret.replace(/\0+$/, '');
  if (password === '') return undefined;
  return username === TOKEN_USER ? { identityToken: password } : { username, password };
}
