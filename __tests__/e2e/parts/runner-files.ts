import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileValues, readFileValues } from './file-commands.ts';

/** The runner's files for one step, made empty before it starts. */
export interface CommandFiles {
  readonly output: string;
  readonly state: string;
  readonly env: string;
  readonly path: string;
  readonly summary: string;
}

/** What a step left in them. */
export interface FileResults {
  readonly outputs: FileValues;
  readonly states: FileValues;
  readonly env: FileValues;
  readonly path: readonly string[];
  readonly summary: string;
}

/** A folder that serves as RUNNER_TEMP of one job: its steps and their posts share it. */
export function makeRunnerTemp(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'runner-temp-'));
}

export async function makeCommandFiles(runnerTemp: string): Promise<CommandFiles> {
  const folder = join(runnerTemp, '_runner_file_commands');
  await mkdir(folder, { recursive: true });
  const id = randomUUID();
  const file = async (kind: string) => {
    const path = join(folder, `${kind}_${id}`);
    await writeFile(path, '');
    return path;
  };
  return {
    output: await file('set_output'),
    state: await file('save_state'),
    env: await file('set_env'),
    path: await file('add_path'),
    summary: await file('step_summary'),
  };
}

export async function readCommandFiles(files: CommandFiles): Promise<FileResults> {
  return {
    outputs: await readFileValues(files.output),
    states: await readFileValues(files.state),
    env: await readFileValues(files.env),
    path: (await readFile(files.path, 'utf8')).split('\n').filter((line) => line !== ''),
    summary: await readFile(files.summary, 'utf8'),
  };
}
