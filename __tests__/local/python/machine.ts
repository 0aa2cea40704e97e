import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePython } from '../../../scripts/machine/python.ts';
import { must } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';

const HERE = import.meta.dirname;
const REQUIREMENTS = join(HERE, 'requirements.txt');

/** The version of a package that the tests' Python has. */
export function versionOf(name: string): string {
  const pinned = readFileSync(REQUIREMENTS, 'utf8').split('\n');
  return pinned.find((line) => line.startsWith(`${name}==`))?.split('==')[1] ?? 'unknown';
}

/** Runs a script beside this file, and gives what it prints. */
export type Script = (name: string, args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<string>;

/** A Python that has Google's libraries, or the reason why there is none. With CI=true there must be one. */
export async function findPython(): Promise<Script | string> {
  try {
    const { program } = await ensurePython(REQUIREMENTS);
    return (name, args, env = {}) => {
      // Not those of this machine's user, should there be any.
      const { GOOGLE_APPLICATION_CREDENTIALS: _credentials, ...own } = process.env;
      return must(program, [join(HERE, name), ...args], { env: { ...own, ...env }, timeoutMs: 100_000 });
    };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}

/** What a script printed in its last line, as JSON. */
export function lastLine(printed: string): unknown {
  return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
}
