import { expect, test } from '@jest/globals';
import { must, run } from '../../../scripts/machine/run.ts';

test('a program gets its arguments as they are, and its input', async () => {
  const program = 'process.stdin.pipe(process.stdout); process.stderr.write(process.argv[1])';
  const ran = await run(process.execPath, ['-e', program, 'a "b" $HOME;'], { input: 'from standard input' });
  expect(ran).toEqual({ code: 0, stdout: 'from standard input', stderr: 'a "b" $HOME;' });
});

test.each([
  ['that fails', process.execPath, ['-e', 'process.exit(4)'], 4],
  ['that is not there', '/nowhere/program', [], 127],
  ['that a signal ends', process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'], 128],
])('a program %s gives its code', async (_case, command, args, code) => {
  expect((await run(command, args)).code).toBe(code);
});

test('a program that had to succeed shows its last lines', async () => {
  const failing = must(process.execPath, ['-e', 'console.error("the disk is full"); process.exit(1)']);
  await expect(failing).rejects.toThrow(/exit code 1:\nthe disk is full/);
});
