import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ACT, ensureGoProgram } from '../../../scripts/machine/go-program.ts';
import { must, run } from '../../../scripts/machine/run.ts';
import { messageOf } from '../../../src/faults.ts';
import { CHECKOUT } from './action-file.ts';
import type { Scene } from './scene.ts';

/** Path of nektos/act, or the reason why it is not to be had. With CI=true it must be. */
export async function findAct(): Promise<{ readonly program: string } | string> {
  try {
    return { program: await ensureGoProgram(ACT) };
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return messageOf(error);
  }
}

/** How a workflow went in act. */
export interface Played {
  readonly exitCode: number;
  /** Its log, a line each, without the name of workflow and job. */
  readonly lines: readonly string[];
  /** What the step of this action handed on. */
  readonly outputs: Readonly<Record<string, string>>;
}

const WORKFLOW = '.github/workflows/train.yml';

/** The example as a repository of its own, on the default branch, with some texts of its workflow put in place of others. */
async function repository(scene: Scene, example: string, changes: Readonly<Record<string, string>>): Promise<string> {
  const folder = await scene.folder('act-repository-');
  await cp(example, folder, { recursive: true });
  let workflow = await readFile(join(folder, WORKFLOW), 'utf8');
  for (const [text, other] of Object.entries(changes)) {
    if (workflow.split(text).length !== 2) throw new Error(`${WORKFLOW} of ${example} does not hold ${text} once`);
    workflow = workflow.replace(text, other);
  }
  await writeFile(join(folder, WORKFLOW), workflow);
  const git = (...args: string[]) => must('git', ['-C', folder, ...args]);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message=All');
  await git('remote', 'add', 'origin', `https://github.com/octo-org/${basename(example)}.git`);
  return folder;
}

/** What of the checkout is the action, so that act copies no more. */
async function release(scene: Scene): Promise<string> {
  const folder = await scene.folder('act-action-');
  for (const name of ['action.yml', 'dist']) await cp(join(CHECKOUT, name), join(folder, name), { recursive: true });
  return folder;
}

/** Variables of a workflow that the tests themselves run in would be another run's. */
const ofNoRun = (env: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:GITHUB|RUNNER|ACTIONS|INPUT)_|^CI$/.test(name)));

/** Plays an example's workflow, started by hand, on this machine itself; nothing is asked of GitHub. */
export async function play(
  act: string,
  scene: Scene,
  example: string,
  changes: Readonly<Record<string, string>>,
): Promise<Played> {
  const cwd = await repository(scene, example, changes);
  const home = await scene.folder('act-home-');
  const path = [dirname(process.execPath), scene.env['PATH'] ?? ''].join(delimiter);
  const own = ['-W', WORKFLOW, '-P', 'ubuntu-latest=-self-hosted', '--action-offline-mode', '--pull=false'];
  const action = `--local-repository=OWNER/train-on-vertex@v1=${await release(scene)}`;
  const { code, stdout, stderr } = await run(act, ['workflow_dispatch', ...own, action], {
    cwd,
    env: { ...ofNoRun(process.env), ...scene.env, PATH: path, HOME: home, XDG_CACHE_HOME: join(home, '.cache') },
    timeoutMs: 240_000,
  });
  const lines = stripVTControlCharacters(`${stdout}${stderr}`)
    .split('\n')
    .map((line) => line.replace(/^\[[^\]]*\] +/, ''));
  const outputs = lines.flatMap((line) => {
    const [, name, value] = /::set-output:: (\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return { exitCode: code, lines, outputs: Object.fromEntries(outputs) };
}
