import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** What a step did to the world outside it. */
export interface Watched {
  /** The variables that make a step be watched. */
  readonly env: Readonly<Record<string, string>>;
  /** Every connection that was begun and every program that was started, docker's with its arguments. */
  acts(): Promise<readonly string[]>;
}

/** Loaded into the step's process before its entry: tells of each connection and each program, and lets them go on. */
const PRELOAD = `
const { appendFileSync } = require('node:fs');
const { Socket } = require('node:net');
const { ChildProcess } = require('node:child_process');
const tell = (what) => appendFileSync(process.env.WATCHED_ACTS, what + '\\n');
for (const [of, name] of [[Socket.prototype, 'connect'], [ChildProcess.prototype, 'spawn']]) {
  const original = of[name];
  of[name] = function (...args) {
    tell(name);
    return original.apply(this, args);
  };
}
`;

/** Makes the watch in a folder of its own. Its docker does nothing but tell that it was started. */
export async function watch(folder: string): Promise<Watched> {
  const acts = join(folder, 'acts');
  const preload = join(folder, 'preload.cjs');
  await mkdir(join(folder, 'bin'));
  await writeFile(acts, '');
  await writeFile(preload, PRELOAD);
  await writeFile(join(folder, 'bin', 'docker'), '#!/bin/sh\necho "docker $*" >> "$WATCHED_ACTS"\nexit 1\n');
  await chmod(join(folder, 'bin', 'docker'), 0o755);
  return {
    env: {
      WATCHED_ACTS: acts,
      NODE_OPTIONS: `--require=${preload}`,
      PATH: [join(folder, 'bin'), process.env['PATH'] ?? ''].join(delimiter),
    },
    acts: async () => (await readFile(acts, 'utf8')).split('\n').filter((line) => line !== ''),
  };
}
