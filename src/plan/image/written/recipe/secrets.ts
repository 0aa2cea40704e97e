import { type Fault, shown } from '../../../../faults.ts';

/** Where the installers look for what a build secret holds, by the secret's id. */
const TARGETS: Readonly<Record<string, string>> = {
  netrc: '/root/.netrc',
  'pip.conf': '/root/.config/pip/pip.conf',
  'pip-conf': '/root/.config/pip/pip.conf',
  pip_conf: '/root/.config/pip/pip.conf',
  'uv.toml': '/root/.config/uv/uv.toml',
  'uv-credentials': '/root/.local/share/uv/credentials/credentials.toml',
};

/** Mounts that hand the secrets to a RUN; they are in no layer. */
export function secretMounts(ids: readonly string[]): string[] {
  const known = ids.flatMap((id) => (Object.hasOwn(TARGETS, id) ? [[TARGETS[id] ?? '', id] as const] : []));
  return [...new Map(known)].map(([target, id]) => `type=secret,id=${id},target=${target}`);
}

/** A secret that no step of the written file can use. */
export function secretFaults(ids: readonly string[]): Fault[] {
  const unknown = ids.filter((id) => !Object.hasOwn(TARGETS, id));
  if (unknown.length === 0) return [];
  const message = `${unknown.map(shown).join(', ')}: the Dockerfile that is written for you mounts only secrets whose place is known: ${Object.keys(TARGETS).join(', ')}. Add a Dockerfile that mounts what else is needed.`;
  return [{ rule: 'secret-unused', input: 'build_secrets', message }];
}
