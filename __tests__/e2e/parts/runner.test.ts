import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningStep, type StepResult, startStep } from './runner.ts';

describe('a step', () => {
  let workspace: string;
  const temps: string[] = [];
  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'workspace-'));
  });
  afterEach(async () => {
    for (const folder of [workspace, ...temps.splice(0)]) await rm(folder, { recursive: true, force: true });
  });

  /** Starts a small program in place of the action. */
  async function start(source: string, options: { state?: Record<string, string> } = {}): Promise<RunningStep> {
    const program = join(workspace, 'program.cjs');
    await writeFile(program, `const { appendFileSync } = require('node:fs');\n${source}`);
    const extraEnv = { EXTRA: 'yes' };
    const step = await startStep({ inputs: { region: 'local' }, workspace, program, extraEnv, ...options });
    temps.push(step.runnerTemp);
    return step;
  }

  async function run(source: string, options: { state?: Record<string, string> } = {}): Promise<StepResult> {
    return (await start(source, options)).finished;
  }

  test('has the runner’s environment and nothing else of ours', async () => {
    process.env['CLOUDSDK_LEAK'] = 'x';
    const result = await run('process.stdout.write(JSON.stringify({ cwd: process.cwd(), ...process.env }))', {
      state: { job: 'j1' },
    });
    delete process.env['CLOUDSDK_LEAK'];
    const env = JSON.parse(result.plainLines.join('')) as Record<string, string>;
    expect(env).toMatchObject({
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      INPUT_REGION: 'local',
      INPUT_PROJECT_ID: '',
      INPUT_WAIT: 'true',
      INPUT_MATRIX: 'null',
      STATE_job: 'j1',
      EXTRA: 'yes',
      cwd: workspace,
    });
    expect(Object.keys(env).filter((name) => /^(CLOUDSDK|GOOGLE|npm|JEST)_/i.test(name))).toEqual([]);
  });

  test('gives outputs, state and summary through files, which win over its output', async () => {
    const result = await run(`
      appendFileSync(process.env.GITHUB_OUTPUT, 'state<<E\\nSUCCEEDED\\nE\\n');
      appendFileSync(process.env.GITHUB_STATE, 'job=1\\n');
      appendFileSync(process.env.GITHUB_STEP_SUMMARY, '# Done s3cret\\n');
      console.log('::add-mask::s3cret');
      console.log('::set-output name=state::FORGED\\r::set-output name=more::x');
    `);
    expect(result.outputs).toEqual({ state: 'SUCCEEDED', more: 'x' });
    expect(result.state).toEqual({ job: '1' });
    expect(result.summary).toBe('# Done ***\n');
    expect(result.outcome).toBe('success');
  });

  test.each([
    ['a non-zero exit', 'process.exitCode = 1'],
    ['a command that the runner refuses', 'console.error("x ##[set-env name=A]b")'],
    ['a broken output file', "appendFileSync(process.env.GITHUB_OUTPUT, 'nonsense')"],
  ])('fails with %s', async (_case, source) => {
    expect((await run(source)).outcome).toBe('failure');
  });

  test('is cancelled with SIGINT, and what it saved then counts', async () => {
    const step = await start(`
      process.on('SIGINT', () => {
        appendFileSync(process.env.GITHUB_OUTPUT, 'state=CANCELLED\\n');
        process.exit(1);
      });
      console.log('ready');
      setInterval(() => {}, 1000);
    `);
    await step.waitForLine(/^ready$/);
    const result = await step.cancel();
    expect(result.outcome).toBe('cancelled');
    expect(result.outputs).toEqual({ state: 'CANCELLED' });
    expect(result.elapsedMs).toBeLessThan(7_000);
  });

  test('that ends without the line waited for says so', async () => {
    const step = await start('console.log("something else")');
    await expect(step.waitForLine(/ready/)).rejects.toThrow(/something else/);
  });
});
