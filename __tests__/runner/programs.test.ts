import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../src/faults.ts';
import { programEnv, systemPrograms } from '../../src/runner/programs.ts';
import { untilTrue } from '../e2e/parts/until.ts';
import { tempFolders } from '../ground/temp-folder.ts';

const newFolder = tempFolders();

/** Whether a process runs; one that has ended and waits to be collected does not. */
function isAlive(id: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}
const PATH = process.env['PATH'] ?? '';
const NODE = process.execPath;

describe('a short command', () => {
  const run = (script: string, env: Record<string, string> = {}, input?: string) =>
    systemPrograms.run(NODE, ['-e', script, 'a b', '"c"'], {
      env: { PATH, ...env },
      ...(input === undefined ? {} : { input }),
    });

  test('gives its output and exit code, whatever that is', async () => {
    const { exitCode, stdout, stderr } = await run('console.log("out"); console.error("err"); process.exit(7)');
    expect([exitCode, stdout, stderr]).toEqual([7, 'out\n', 'err\n']);
  });

  test('gets its arguments whole, and the environment that is given and no more', async () => {
    const { stdout } = await run(
      'console.log(JSON.stringify([process.argv.slice(1), process.env.A, process.env.HOME]))',
      { A: '1' },
    );
    expect(JSON.parse(stdout)).toEqual([['a b', '"c"'], '1', null]);
  });

  test('reads what is given to it on stdin', async () => {
    const { stdout } = await run('process.stdin.on("data", (data) => process.stdout.write(data))', {}, 'S3cret\n');
    expect(stdout).toBe('S3cret\n');
  });

  test('that is not there is told with the mend', async () => {
    await expect(systemPrograms.run('no-such-program', [], { env: { PATH } })).rejects.toThrow(
      'no-such-program cannot be started. It has to be installed and in the PATH of this step.',
    );
  });

  test('that is not there is told in whole sentences, its cause included', async () => {
    const error = await systemPrograms.run('no-such-program', [], { env: { PATH } }).catch((thrown: unknown) => thrown);
    expect(messageOf(error)).toMatch(
      /in the PATH of this step\. The cause: Unable to locate executable file: no-such-program\./,
    );
  });
});

describe('a long command', () => {
  function stream(script: string, signal = new AbortController().signal, cwd = newFolder()) {
    const lines: string[] = [];
    const ended = systemPrograms.stream(NODE, ['-e', script], {
      env: { PATH },
      cwd,
      onLine: (line) => lines.push(line),
      signal,
    });
    return { lines, ended };
  }

  test('tells the lines of both outputs, cut as the runner cuts them, and gives the exit code', async () => {
    const { lines, ended } = stream('process.stdout.write("a\\r\\nb\\rc\\nlast"); process.exitCode = 3');
    expect(await ended).toBe(3);
    expect(lines).toEqual(['a', 'b', 'c', 'last']);
    const { lines: errors, ended: again } = stream('console.error("x")');
    expect([await again, errors]).toEqual([0, ['x']]);
  });

  test('runs in the folder that is given', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'x'));
    const { lines, ended } = stream('console.log(process.cwd())', undefined, join(folder, 'x'));
    await ended;
    expect(lines[0]).toMatch(/\/x$/);
  });

  test('takes along what it started', async () => {
    const controller = new AbortController();
    // The first program is deaf to what ends it, as an old docker is whose plugin does the work.
    const script = `
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      console.log(child.pid);
      setInterval(() => {}, 1000);`;
    let grandchild = 0;
    const ended = systemPrograms.stream(NODE, ['-e', script], {
      env: { PATH },
      cwd: newFolder(),
      onLine: (line) => {
        grandchild = Number(line);
        controller.abort();
      },
      signal: controller.signal,
    });
    await ended;
    expect(grandchild).toBeGreaterThan(0);
    await untilTrue('the program that it started is gone', async () => !isAlive(grandchild));
  });

  test('ends when the signal aborts', async () => {
    const controller = new AbortController();
    const lines: string[] = [];
    const ended = systemPrograms.stream(NODE, ['-e', 'console.log("ready"); setInterval(() => {}, 1000)'], {
      env: { PATH },
      cwd: newFolder(),
      onLine: (line) => {
        lines.push(line);
        controller.abort();
      },
      signal: controller.signal,
    });
    expect(await ended).not.toBe(0);
    expect(lines).toEqual(['ready']);
  });

  test('with a signal that has aborted does not go on', async () => {
    expect(await stream('setInterval(() => {}, 1000)', AbortSignal.abort()).ended).not.toBe(0);
  });

  test('that is not there is told with the mend', async () => {
    const options = { env: { PATH }, cwd: newFolder(), onLine: () => {}, signal: new AbortController().signal };
    await expect(systemPrograms.stream('no-such-program', [], options)).rejects.toThrow(
      'no-such-program cannot be started. It has to be installed and in the PATH of this step.',
    );
  });
});

test('programs see neither the inputs nor the right to ask for tokens', () => {
  expect(
    programEnv({
      PATH: '/bin',
      INPUT_REGISTRY_PASSWORD: 's',
      STATE_job: 'x',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'u',
      GITHUB_SHA: 'abc',
      EMPTY: undefined,
    }),
  ).toEqual({ PATH: '/bin', GITHUB_SHA: 'abc' });
});
