import * as core from '@actions/core';
import type { Fault } from '../faults.ts';
import { type Endpoints, endpointsOf, onLoopback } from '../google/endpoints.ts';
import { type RepositoryFiles, readFiles } from './files.ts';
import { ID_TOKEN_MEND, offersIdTokens } from './id-token.ts';
import type { Inputs, JobName } from './inputs.ts';
import { parseInputs } from './parse.ts';
import type { RawInputs } from './raw.ts';
import { type RunContext, readRunContext } from './run-context.ts';
import { readSecrets } from './secrets.ts';
import { misspeltInputs, withoutMissing } from './unknown.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Everything that the step was given. */
export interface Step {
  readonly inputs: Inputs;
  /** What is wrong with it; to be told together with what the plan finds. */
  readonly faults: readonly Fault[];
  readonly context: RunContext;
  readonly workspace: string;
  /** The runner's folder for files that go with the job. */
  readonly tempFolder: string;
  readonly files: RepositoryFiles;
  readonly endpoints: Endpoints;
  /** YYYY-MM-DD. */
  readonly today: string;
  /** Whether `region: local` names a service that stands already, by an endpoint override. */
  readonly standingLocal: boolean;
}

const fromRunner: RawInputs = (name) => core.getInput(name);

/** Reads inputs, the run's variables and the repository's files; nothing is asked of the network. */
export function readStep(env: Env, raw: RawInputs = fromRunner, mask: (secret: string) => void = core.setSecret): Step {
  const { inputs, faults } = parseInputs(raw);
  if (inputs.registry !== undefined) mask(inputs.registry.password);
  if (inputs.results.githubToken !== undefined) mask(inputs.results.githubToken);
  const workspace = env['GITHUB_WORKSPACE'] || process.cwd();
  const secrets = readSecrets(inputs.build.secrets, env, workspace);
  for (const value of secrets.values) mask(value);
  const { files, faults: fileFaults } = readFiles(workspace, inputs);
  const misspelt = misspeltInputs(env);
  const endpoints = endpointsOf(env, inputs.region);
  const { url, overridden } = endpoints;
  const standingLocal =
    overridden.some(({ variable }) => variable.endsWith('_AIPLATFORM')) && onLoopback(url.AIPLATFORM);
  return {
    inputs,
    faults: [
      ...misspelt,
      ...withoutMissing(faults, misspelt),
      ...fileFaults,
      ...secrets.faults,
      ...endpoints.faults,
      ...runFaults(inputs, env, standingLocal),
    ],
    context: readRunContext(env),
    workspace,
    tempFolder: env['RUNNER_TEMP'] || workspace,
    files,
    endpoints,
    today: new Date().toISOString().slice(0, 10),
    standingLocal,
  };
}

function runFaults(inputs: Inputs, env: Env, standingLocal: boolean): Fault[] {
  const faults: Fault[] = [];
  if (inputs.region === 'local' && !inputs.wait && !standingLocal) {
    const message =
      'false leaves the job to run on, but region local ends with this step. Remove it, or name a standing local service in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM.';
    faults.push({ rule: 'local-wait', input: 'wait', message });
  }
  faults.push(...courseFaults(inputs, standingLocal), ...tokenFaults(inputs));
  const federated = inputs.signIn.workloadIdentityProvider !== undefined && inputs.region !== 'local';
  if (federated && !inputs.dryRun && !offersIdTokens(env)) {
    faults.push({ rule: 'id-token', input: 'workload_identity_provider', message: ID_TOKEN_MEND });
  }
  return faults;
}

/** GitHub answers nobody without a token. */
function tokenFaults({ results }: Inputs): Fault[] {
  const { comment, gate, githubToken } = results;
  const asking = [
    ...(comment ? ['comment'] : []),
    ...(gate.some(({ bound }) => bound.kind === 'baseline') ? ['the baseline of gate'] : []),
  ];
  if (githubToken !== undefined || asking.length === 0) return [];
  const message = `is empty, and ${asking.join(' and ')} cannot do without. Leave it at its default, or give a token.`;
  return [{ rule: 'github-token', input: 'github_token', message }];
}

function courseFaults(inputs: Inputs, standingLocal: boolean): Fault[] {
  const { region, course } = inputs;
  const faults: Fault[] = [];
  const endsHere = region === 'local' && !standingLocal;
  const mend = 'Remove it, or name a standing local service in CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM.';
  const left = [
    ['detach_after', course.detachAfterSeconds !== undefined],
    ['on_cancel', course.onCancel === 'detach'],
  ] as const;
  for (const [input, given] of left) {
    const message = `leaves the job to run on, but region local ends with this step. ${mend}`;
    if (endsHere && given) faults.push({ rule: 'local-wait', input, message });
  }
  if (course.job !== undefined && endsHere) {
    const message = `names a job of an earlier step, but region local ended with that. ${mend}`;
    faults.push({ rule: 'local-wait', input: 'job', message });
  }
  if (course.job !== undefined) faults.push(...standingFaults(course.job, inputs));
  return faults;
}

/** What does not go with a job that stands already. */
function standingFaults({ name, region }: JobName, inputs: Inputs): Fault[] {
  const faults: Fault[] = [];
  const { regions, projectId, dryRun, submit } = inputs;
  if (inputs.region !== 'local' && inputs.region !== '' && !regions.includes(region)) {
    const message = `names a job in ${region}, but region is ${regions.join(', ')}. Give the region of the job.`;
    faults.push({ rule: 'job-region', input: 'job', message });
  }
  const [, project = ''] = name.split('/');
  // The service writes the project's number, of which the inputs do not tell whose it is.
  if (!/^\d+$/.test(project) && projectId !== '' && !/^\d+$/.test(projectId) && project !== projectId) {
    const message = `names a job of project ${project}, but project_id is ${projectId}. Give the project of the job.`;
    faults.push({ rule: 'job-project', input: 'job', message });
  }
  const idle = dryRun ? 'dry_run: true' : submit ? undefined : 'submit: false';
  if (idle !== undefined) {
    const message = `names a job that stands already and is only followed, which does not go with ${idle}. Remove one of them.`;
    faults.push({ rule: 'job-alone', input: 'job', message });
  }
  return faults;
}
