import { readFile } from 'node:fs/promises';
import { isRecord, textAt } from '../../../json.ts';

/** The keys under which `docker login` keeps the credentials of a registry. */
function keysOf(registry: string): string[] {
  if (registry === 'docker.io') return ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];
  return [
    registry,
    `https://${registry}`,
    `https://${registry}/`,
    `https://${registry}/v1/`,
    `https://${registry}/v2/`,
  ];
}

function decoded(auth: string): { readonly username: string; readonly password: string } | undefined {
  const plain = Buffer.from(auth, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  return colon < 0 ? undefined : { username: plain.slice(0, colon), password: plain.slice(colon + 1) };
}

/**
 * The X-Registry-Auth header for a registry, from the text of Docker's config.json; undefined where it holds no
 * credentials for it in `auths` (credential helpers are not asked).
 */
export function registryAuth(configText: string, registry: string): string | undefined {
  const config: unknown = JSON.parse(configText);
  const auths = isRecord(config) ? config['auths'] : undefined;
  if (!isRecord(auths)) return undefined;
  const entry = keysOf(registry)
    .map((key) => (Object.hasOwn(auths, key) ? auths[key] : undefined))
    .find(isRecord);
  const credentials = decoded(textAt(entry, 'auth') ?? '');
  if (credentials === undefined) return undefined;
  return Buffer.from(JSON.stringify({ ...credentials, serveraddress: registry })).toString('base64url');
}

/** The same from the file; a missing or unreadable file holds no credentials. */
export async function registryAuthFrom(file: string | undefined, registry: string): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return registryAuth(await readFile(file, 'utf8'), registry);
  } catch {
    return undefined;
  }
}
