import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../../json.ts';

/**
 * Writes the logins of a DOCKER_CONFIG folder as podman reads them: it looks elsewhere by itself, and takes the empty
 * helper name that keeps docker from using a helper for a helper without a name.
 */
export async function writePodmanLogins(dockerConfig: string, path: string): Promise<void> {
  const text = await readFile(join(dockerConfig, 'config.json'), 'utf8').catch(() => '{}');
  const config: unknown = JSON.parse(text);
  const auths = isRecord(config) && isRecord(config['auths']) ? config['auths'] : {};
  const helpers = isRecord(config) && isRecord(config['credHelpers']) ? config['credHelpers'] : {};
  const credHelpers = Object.fromEntries(Object.entries(helpers).filter(([, name]) => name !== ''));
  await writeFile(path, JSON.stringify({ auths, credHelpers }), { mode: 0o600 });
}
