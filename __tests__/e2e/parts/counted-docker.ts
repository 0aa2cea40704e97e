import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Scene } from './scene.ts';

/** A `docker` in front of the real one that notes how often, and for what, it is started. */
export interface CountedDocker {
  /** PATH with it first. */
  readonly path: string;
  /** The arguments of every start since the last call, one line each. */
  starts(): Promise<readonly string[]>;
}

export async function countedDocker(scene: Scene): Promise<CountedDocker> {
  const folder = await scene.folder('counted-docker-');
  const notes = join(folder, 'starts');
  await writeFile(notes, '');
  await writeFile(join(folder, 'docker'), `#!/bin/sh\necho "$*" >> '${notes}'\nexec '${scene.client.docker}' "$@"\n`);
  await chmod(join(folder, 'docker'), 0o755);
  return {
    path: [folder, scene.client.path].join(delimiter),
    starts: async () => {
      const lines = (await readFile(notes, 'utf8')).split('\n').filter((line) => line !== '');
      await writeFile(notes, '');
      return lines;
    },
  };
}
