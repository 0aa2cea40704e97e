import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { setInterval } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { runStep, type StepResult, startStep } from '../__tests__/e2e/parts/runner.ts';
import { messageOf } from '../src/faults.ts';
import { liveLog, renderSummary } from './demo/show.ts';
import { actionInputs } from './demo/workflow.ts';
import { pageOf, THEMES } from './look/page.ts';
import { ensureBuildx } from './machine/buildx.ts';
import { type Engine, findBuildKitClient } from './machine/engine.ts';
import { prepare } from './machine/prepare.ts';

/** Trains examples/digits in `region: local`, by the step of its own workflow file, as a runner would. */

const example = resolve(import.meta.dirname, '../examples/digits');
const workflow = join(example, '.github/workflows/train.yml');

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function title(text: string): void {
  say(`\n━━ ${text} ${'━'.repeat(Math.max(0, 76 - text.length))}`);
}

/** The variables that lead the step to a docker client that builds with BuildKit. */
async function dockerVariables(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const path = (docker: string) => [dirname(docker), process.env['PATH'] ?? ''].join(delimiter);
  const client = await findBuildKitClient();
  if (client !== undefined) return { PATH: path(client) };
  const { dockerConfig } = await ensureBuildx(engine);
  return { PATH: path(engine.docker), ...(dockerConfig === undefined ? {} : { DOCKER_CONFIG: dockerConfig }) };
}

async function train(engine: Engine, runnerTemp: string): Promise<StepResult> {
  const inputs = { ...actionInputs(workflow), region: 'local' };
  const common = { inputs, workspace: example, runnerTemp, extraEnv: await dockerVariables(engine) };
  title(`The step: ${relative(resolve(import.meta.dirname, '..'), workflow)}`);
  say("Its inputs are the workflow's own, but for region: local.");
  const step = await startStep(common);
  const showNews = liveLog(() => step.log(), say);
  const timer = setInterval(showNews, 200);
  const interrupt = () => void step.cancel();
  process.once('SIGINT', interrupt);
  const result = await step.finished;
  clearInterval(timer);
  process.off('SIGINT', interrupt);
  showNews();
  title('Its clean-up (post)');
  const post = await runStep({ ...common, entry: 'post', state: result.state });
  for (const line of post.log) say(`  ${line}`);
  say(`  ended with exit code ${post.exitCode}`);
  return result;
}

function show({ outputs, summary }: StepResult): void {
  title('Outputs for the next step');
  for (const [name, value] of Object.entries(outputs)) say(`  ${name} = ${value}`);
  title('The job summary, as GitHub shows it beside the log');
  say(renderSummary(summary));
  const page = join(import.meta.dirname, '../build/demo-summary.html');
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, pageOf(summary, THEMES.light));
  say(`\nThe same with its charts: ${pathToFileURL(page).href}`);
}

async function demo(): Promise<number> {
  title('This machine');
  const { engine, images } = await prepare({ images: ['python:3.12-slim'] });
  const runnerTemp = mkdtempSync(join(tmpdir(), 'train-on-vertex-demo-'));
  try {
    say(`Docker engine ${engine.serverVersion}${engine.startedByUs ? ', started for this demo' : ''}`);
    for (const { name, standIn } of images) {
      say(
        standIn
          ? `${name} cannot be pulled here: a stand-in made from Debian's packages is used`
          : `${name} is at hand`,
      );
    }
    const result = await train(engine, runnerTemp);
    show(result);
    return result.outcome === 'success' ? 0 : 1;
  } finally {
    rmSync(runnerTemp, { recursive: true, force: true });
    await engine.stop();
    say(
      engine.startedByUs
        ? '\nThe Docker engine that was started for this demo has ended.'
        : '\nNothing is left running.',
    );
  }
}

try {
  process.exitCode = await demo();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
