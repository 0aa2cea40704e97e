import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { basename, delimiter, dirname, join, relative, resolve, sep } from 'node:path';
import { type ContextPath, rawOf } from './paths.ts';

/** Variables that name a file whose content signs somebody in, or is the runner's own. */
const FILE_VARIABLES = [
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_GHA_CREDS_PATH',
  'CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE',
  'CLOUDSDK_AUTH_ACCESS_TOKEN_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AZURE_FEDERATED_TOKEN_FILE',
  'REGISTRY_AUTH_FILE',
  'NETRC',
  'GITHUB_ENV',
  'GITHUB_OUTPUT',
  'GITHUB_STATE',
  'GITHUB_PATH',
  'GITHUB_STEP_SUMMARY',
  'GITHUB_EVENT_PATH',
];

/** Variables that name a folder of credentials. */
const FOLDER_VARIABLES = ['DOCKER_CONFIG', 'CLOUDSDK_CONFIG', 'AZURE_CONFIG_DIR', 'GNUPGHOME'];

/** Where programs keep credentials below the home folder, which a job in a container may have put into the workspace. */
const AT_HOME = [
  '.aws/credentials',
  '.azure',
  '.config/containers/auth.json',
  '.config/gcloud',
  '.config/git/credentials',
  '.docker/config.json',
  '.git-credentials',
  '.gnupg',
  '.kube/config',
  '.netrc',
  '.ssh',
];

/** Absolute paths of the files and folders of credentials that the environment names, whether they exist or not. */
export function credentialFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = [...FILE_VARIABLES, ...FOLDER_VARIABLES].map((name) => env[name] ?? '');
  const several = (env['KUBECONFIG'] ?? '').split(delimiter);
  // In a folder that is the context itself, these alone hold credentials.
  const docker = env['DOCKER_CONFIG'] ? [join(env['DOCKER_CONFIG'], 'config.json')] : [];
  const home = env['HOME'] ? AT_HOME.map((path) => join(env['HOME'] ?? '', path)) : [];
  return [
    ...new Set([...named, ...several, ...docker, ...home].filter((path) => path !== '').map((path) => resolve(path))),
  ];
}

/** What google-github-actions/auth writes into the workspace, the token of the run in it. */
const GHA_CREDENTIALS = /^gha-creds-.*\.json$/s;

/** Tells which paths of a context are never sent. */
export interface NeverSent {
  has(path: ContextPath, name: string, file: Inode): boolean;
}

/** What two names of one file share; large inode numbers are rounded, so that they alone do not tell. */
type Inode = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs'>;

const inodeKey = ({ dev, ino, size, mtimeMs }: Inode) => `${dev}:${ino}:${size}:${mtimeMs}`;

/**
 * Takes the paths by name, by what links lead to, and by their file, so that no second name of it is sent either. The
 * context itself and the folders around it cannot be kept out.
 */
export async function neverSent(root: string, paths: readonly string[]): Promise<NeverSent> {
  const names = new Set<string>();
  const files = new Set<string>();
  for (const path of paths) {
    const real = await realOf(path);
    for (const way of [relative(root, path), relative(root, real)]) {
      if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`)) names.add(rawOf(way.split(sep).join('/')));
    }
    const found = await stat(real).catch(() => undefined);
    if (found?.isFile()) files.add(inodeKey(found));
  }
  return {
    has: (path, name, file) => GHA_CREDENTIALS.test(name) || names.has(path.raw) || files.has(inodeKey(file)),
  };
}

/** Where the path leads, also if its last part is not there yet. */
async function realOf(path: string): Promise<string> {
  const folder = async () => join(await realpath(dirname(path)), basename(path));
  return realpath(path)
    .catch(folder)
    .catch(() => path);
}
