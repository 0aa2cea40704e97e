import type { Log } from '../log.ts';
import type { ImagePlan } from '../plan/image.ts';
import { buildImage } from './build.ts';
import { privateDockerConfig } from './docker-config.ts';
import type { Programs } from './programs.ts';
import { registryOf } from './registry.ts';
import { chooseLogin, type Login, signIn } from './sign-in.ts';

export interface ImageOptions {
  readonly plan: ImagePlan;
  readonly workspace: string;
  readonly tempFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly programs: Programs;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** registry_username and registry_password, where given. */
  readonly login: Login | undefined;
  readonly vertexOnLoopback: boolean;
  readonly accessToken: () => Promise<string>;
  /** Hears of the folder that will hold the login before it does. */
  readonly onConfigFolder: (folder: string) => void;
}

/** Signs in where the image is to be pushed, and makes it; the login is gone afterwards. Throws UserError. */
export async function makeImage(options: ImageOptions): Promise<string> {
  const { plan, env, tempFolder, programs } = options;
  const registry = plan.push ? registryOf(plan.repository) : undefined;
  const config = await privateDockerConfig({ env, tempFolder, registry });
  try {
    options.onConfigFolder(config.folder);
    const login =
      registry === undefined ? undefined : await chooseLogin({ ...options, registry, given: options.login });
    if (registry !== undefined && login !== undefined) await signIn({ programs, env: config.env, registry, login });
    return await buildImage({ ...options, env: config.env });
  } finally {
    await config.remove();
  }
}
