import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { setInterval } from 'node:timers';
import { pathToFileURL } from 'node:url';
import { type GithubApi, startGithub } from '../__tests__/e2e/parts/github.ts';
import { runStep, type StepResult, startStep } from '../__tests__/e2e/parts/runner.ts';
import { messageOf } from '../src/faults.ts';
import { keep } from './demo/keep.ts';
import { coloured, liveLog, outputLine, renderSummary, wantsColour } from './demo/show.ts';
import { actionInputs } from './demo/workflow.ts';
import { ensureBuildx } from './machine/buildx.ts';
import { type Engine, findBuildKitClient } from './machine/engine.ts';
import { prepare } from './machine/prepare.ts';

/** Trains examples/digits in `region: local`, by the step of its own workflow file, as a runner would. */

const root = resolve(import.meta.dirname, '..');
const example = join(root, 'examples/digits');
const workflow = join(example, '.github/workflows/train.yml');
/** What the demo leaves to look at. */
const KEPT = join(root, 'build/demo');

/** What is asked for beside the workflow's own inputs, so that all that a step hands on is seen. */
const MORE = {
  region: 'local',
  output_uri: 'gs://demo/digits',
  gate: 'accuracy >= 0.9',
  download: 'model',
  comment: 'true',
};

/** Stands in for GitHub, which nothing is sent to: it takes the comment on a pull request. */
const TOKEN = 'a-token-of-the-demo';
const EVENT = {
  repository: { default_branch: 'main', full_name: 'octo-org/digits' },
  pull_request: { number: 1, head: { repo: { full_name: 'octo-org/digits' } } },
};

const colours = wantsColour(process.stdout.isTTY === true, process.env);

function say(line: string): void {
  process.stdout.write(`${coloured(line, colours)}\n`);
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

interface Ground {
  readonly engine: Engine;
  readonly github: GithubApi;
  readonly runnerTemp: string;
  /** A copy of the example, which the model is downloaded into. */
  readonly workspace: string;
}

async function train({ engine, github, runnerTemp, workspace }: Ground): Promise<StepResult> {
  const inputs = { ...actionInputs(workflow), ...MORE, github_token: TOKEN };
  const extraEnv = { ...(await dockerVariables(engine)), ...github.env };
  const common = { inputs, workspace, runnerTemp, extraEnv, event: EVENT };
  title(`The step: ${relative(root, workflow)}`);
  say("Its inputs are the workflow's own, but for:");
  for (const [name, value] of Object.entries(MORE)) say(`  ${name}: ${value}`);
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

function show({ outputs, summary, log }: StepResult, { github, workspace }: Ground): void {
  title('Outputs for the next step');
  for (const [name, value] of Object.entries(outputs)) say(`  ${outputLine(name, value)}`);
  title('The gate');
  for (const line of log.filter((each) => each.startsWith('Gate '))) say(`  ${line}`);
  title('The job summary, as GitHub shows it beside the log');
  say(renderSummary(summary));
  title('Left to look at');
  const trials = outputs['trials_file'];
  const comment = github.world.comments[0]?.body;
  for (const { name, path } of keep({ summary, comment, trials, model: join(workspace, MORE.download) }, KEPT)) {
    say(`  ${name}: ${pathToFileURL(path).href}`);
  }
}

async function demo(): Promise<number> {
  title('This machine');
  const { engine, images } = await prepare({ images: ['python:3.12-slim'] });
  const folder = mkdtempSync(join(tmpdir(), 'train-on-vertex-demo-'));
  const runnerTemp = join(folder, 'temp');
  mkdirSync(runnerTemp);
  const github = await startGithub(TOKEN);
  try {
    say(`Docker engine ${engine.serverVersion}${engine.startedByUs ? ', started for this demo' : ''}`);
    for (const { name, standIn } of images) {
      say(
        standIn
          ? `${name} cannot be pulled here: a stand-in made from Debian's packages is used`
          : `${name} is at hand`,
      );
    }
    const ground = { engine, github, runnerTemp, workspace: join(folder, 'digits') };
    cpSync(example, ground.workspace, { recursive: true });
    const result = await train(ground);
    show(result, ground);
    return result.outcome === 'success' ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await github.stop();
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
