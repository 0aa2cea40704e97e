import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuildx } from '../../../scripts/machine/buildx.ts';
import { ensureEngine, findBuildKitClient } from '../../../scripts/machine/engine.ts';
import { must } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';
import { readTar, type TarEntry } from './tar.ts';

/** A docker client that builds with BuildKit. */
export interface Builder {
  readonly name: string;
  /** Builds, and gives what the image holds. */
  build(folder: string, dockerfile: string): Promise<readonly TarEntry[]>;
}

export interface Builders {
  readonly buildx: Builder;
  /** A client of before version 23, which walks the context by older rules; undefined where there is none. */
  readonly old: Builder | undefined;
  stop(): Promise<void>;
}

function builder(name: string, command: readonly string[], env: NodeJS.ProcessEnv): Builder {
  const [program = '', ...args] = command;
  return {
    name,
    build: async (folder, dockerfile) => {
      const temp = await mkdtemp(join(tmpdir(), 'context-built-'));
      try {
        const archive = join(temp, 'image.tar');
        await must(program, [...args, 'build', `--output=type=tar,dest=${archive}`, `--file=${dockerfile}`, folder], {
          env: { ...process.env, ...env },
        });
        return readTar(await readFile(archive));
      } finally {
        await rm(temp, { recursive: true, force: true });
      }
    },
  };
}

/** The clients of this machine's engine, or the reason why there is none. With CI=true there must be one. */
export async function findBuilders(): Promise<Builders | string> {
  try {
    const engine = await ensureEngine();
    const { dockerConfig } = await ensureBuildx(engine);
    const old = await findBuildKitClient();
    return {
      buildx: builder(
        'buildx',
        [engine.docker, 'buildx'],
        dockerConfig === undefined ? {} : { DOCKER_CONFIG: dockerConfig },
      ),
      old: old === undefined ? undefined : builder('docker build', [old], { DOCKER_BUILDKIT: '1' }),
      stop: () => engine.stop(),
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}
