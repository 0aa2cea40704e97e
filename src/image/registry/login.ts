import type { Log } from '../../log.ts';
import type { Programs } from '../programs.ts';
import { helperFor, loginInFile, loginOfHelper } from './docker-auths.ts';
import { dockerConfig } from './docker-files.ts';
import { configKey, takesGoogleToken } from './reference.ts';
import { basic, type Credential, GOOGLE_USER } from './token.ts';

export interface LoginOptions {
  /** The environment that docker is started with. */
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Pick<Programs, 'run'>;
  readonly log: Log;
  /** registry_username and registry_password, where given, and the registry that they are for. */
  readonly given: { readonly registry: string; readonly username: string; readonly password: string } | undefined;
  readonly vertexOnLoopback: boolean;
  /** A Google access token that is good now. */
  readonly accessToken: () => Promise<string>;
}

/**
 * The login for a registry, by the order of the push's own: what the step was given for it, Google's token where it may be
 * sent, else what Docker keeps. Undefined is nobody. Every password is masked before it is handed on.
 */
export function registryCredentials(options: LoginOptions): (registry: string) => Promise<Credential | undefined> {
  const { log } = options;
  return async (registry) => {
    const credential = await choose(options, registry);
    if (credential === undefined) return undefined;
    log.mask('identityToken' in credential ? credential.identityToken : credential.password);
    const header = basic(credential);
    if (header !== undefined) log.mask(header.replace('Basic ', ''));
    return credential;
  };
}

async function choose(options: LoginOptions, registry: string): Promise<Credential | undefined> {
  const { given, vertexOnLoopback, accessToken, env } = options;
  if (given?.registry === registry) return { username: given.username, password: given.password };
  if (takesGoogleToken(registry, vertexOnLoopback)) return { username: GOOGLE_USER, password: await accessToken() };
  const config = await dockerConfig(env);
  const helper = helperFor(config, registry);
  if (helper === undefined) return loginInFile(config, registry);
  if (helper !== 'unusable') return askHelper(options, helper.name, registry);
  options.log.warning(
    `Docker's configuration names a credential helper for ${registry} that no program can have for its name. The registry is asked without a login.`,
  );
  return undefined;
}

/** What a helper says of its failure is not shown: it may be about secrets. */
async function askHelper({ env, programs, log }: LoginOptions, name: string, registry: string) {
  const program = `docker-credential-${name}`;
  const told = (what: string) =>
    log.warning(
      `${program}, which Docker's configuration names for ${registry}, ${what}. The registry is asked without a login.`,
    );
  try {
    const { exitCode, stdout } = await programs.run(program, ['get'], { env, input: configKey(registry) });
    if (exitCode === 0) return loginOfHelper(stdout);
    // The answer of every helper that works and keeps no login.
    if (!stdout.includes('credentials not found')) told(`ended with exit code ${exitCode}`);
  } catch {
    told('cannot be started');
  }
  return undefined;
}
