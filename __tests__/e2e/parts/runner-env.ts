import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandFiles } from './runner-files.ts';

export interface EnvironmentOptions {
  readonly workspace: string;
  readonly runnerTemp: string;
  readonly files: CommandFiles;
  /** The event's payload, written to the file that GITHUB_EVENT_PATH names. */
  readonly event?: unknown;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'X64', arm64: 'ARM64', arm: 'ARM' };
const SYSTEMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** What is kept of this process's own environment: how programs, the home folder and the engine are found. */
const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'DOCKER_HOST'];

function kept(): Record<string, string> {
  const pairs = KEPT.map((name) => [name, process.env[name]] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** A push to main of a repository that is there for the tests alone. */
const GITHUB: Readonly<Record<string, string>> = {
  GITHUB_ACTIONS: 'true',
  CI: 'true',
  GITHUB_ACTION: 'train',
  GITHUB_ACTION_REF: '',
  GITHUB_ACTION_REPOSITORY: '',
  GITHUB_ACTOR: 'octocat',
  GITHUB_ACTOR_ID: '583231',
  GITHUB_TRIGGERING_ACTOR: 'octocat',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_BASE_REF: '',
  GITHUB_HEAD_REF: '',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_JOB: 'train',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_PROTECTED: 'true',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REPOSITORY: 'octo-org/digits',
  GITHUB_REPOSITORY_ID: '700123456',
  GITHUB_REPOSITORY_OWNER: 'octo-org',
  GITHUB_REPOSITORY_OWNER_ID: '6811672',
  GITHUB_RETENTION_DAYS: '90',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_RUN_ID: '9000000001',
  GITHUB_RUN_NUMBER: '17',
  GITHUB_SHA: '4f6b1c0d9e2a35b7c8d1e0f9a6b3c2d4e5f60718',
  GITHUB_WORKFLOW: 'Train',
  GITHUB_WORKFLOW_REF: 'octo-org/digits/.github/workflows/train.yml@refs/heads/main',
  GITHUB_WORKFLOW_SHA: '4f6b1c0d9e2a35b7c8d1e0f9a6b3c2d4e5f60718',
  RUNNER_ENVIRONMENT: 'github-hosted',
  RUNNER_NAME: 'test runner',
};

/** The environment that the runner gives a step's program, without inputs and states. Nothing else of ours leaks in. */
export async function runnerEnvironment(options: EnvironmentOptions): Promise<Record<string, string>> {
  const { workspace, runnerTemp, files, event = {} } = options;
  const toolCache = join(runnerTemp, '_tool');
  const eventPath = join(runnerTemp, '_github_workflow', 'event.json');
  await mkdir(toolCache, { recursive: true });
  await mkdir(join(runnerTemp, '_github_workflow'), { recursive: true });
  await writeFile(eventPath, JSON.stringify(event));
  return {
    ...kept(),
    ...GITHUB,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKSPACE: workspace,
    GITHUB_OUTPUT: files.output,
    GITHUB_STATE: files.state,
    GITHUB_ENV: files.env,
    GITHUB_PATH: files.path,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_ARCH: ARCHITECTURES[process.arch] ?? process.arch,
    RUNNER_OS: SYSTEMS[process.platform] ?? process.platform,
    RUNNER_TEMP: runnerTemp,
    RUNNER_TOOL_CACHE: toolCache,
    RUNNER_WORKSPACE: join(workspace, '..'),
  };
}
