import { UserError } from '../faults.ts';
import type { Programs } from './programs.ts';
import { DOCKER_HUB, takesGoogleToken } from './registry.ts';

export interface Login {
  readonly username: string;
  readonly password: string;
}

export interface LoginChoice {
  readonly registry: string;
  /** registry_username and registry_password, where given. */
  readonly given: Login | undefined;
  readonly vertexOnLoopback: boolean;
  readonly accessToken: () => Promise<string>;
}

/** The login for the image's registry; undefined leaves it to the logins that Docker already has. */
export async function chooseLogin({
  registry,
  given,
  vertexOnLoopback,
  accessToken,
}: LoginChoice): Promise<Login | undefined> {
  if (given !== undefined) return given;
  if (!takesGoogleToken(registry, vertexOnLoopback)) return undefined;
  return { username: 'oauth2accesstoken', password: await accessToken() };
}

export interface SignInOptions {
  readonly programs: Programs;
  readonly env: Readonly<Record<string, string>>;
  readonly registry: string;
  readonly login: Login;
}

/** Signs docker in; the password goes in on stdin. Throws UserError with the registry's own words. */
export async function signIn({ programs, env, registry, login }: SignInOptions): Promise<void> {
  const host = registry === DOCKER_HUB ? [] : [registry];
  const args = ['login', '--username', login.username, '--password-stdin', ...host];
  const { exitCode, stderr } = await programs.run('docker', args, { env, input: login.password });
  if (exitCode === 0) return;
  throw new UserError(
    `Sign-in to the registry ${registry} as ${login.username} failed: ${stderr.trim()}. Check that the repository exists and that the identity of this step may push to it (roles/artifactregistry.writer for Artifact Registry).`,
  );
}
