import * as core from '@actions/core';
import { InputError } from '../faults.ts';
import { askGithub } from '../github/request.ts';
import { githubRuns, runUrl } from '../github/runs.ts';
import { credentialsOf, fixedCredentials } from '../google/credentials.ts';
import { vertexJobs } from '../google/vertex-jobs.ts';
import { idToken, requestTokenEnded } from '../inputs/id-token.ts';
import type { Log } from '../log.ts';
import { callerOf } from '../preflight/caller.ts';
import { writeSummary } from '../report/conclude.ts';
import { systemClock } from '../retry.ts';
import { actionsLog } from '../runner/actions-log.ts';
import { githubRequest } from '../runner/github.ts';
import { patiently, type SweptPlace } from './list.ts';
import { readSweepStep, type SweepStep } from './step.ts';
import { sweep } from './sweep.ts';
import { failureText } from './tell.ts';

async function start(log: Log): Promise<void> {
  const step = readSweepStep(process.env, (name) => core.getInput(name));
  if (step.faults.length > 0) throw new InputError(step.faults);
  const { inputs, context } = step;
  const { repository, repositoryId, runId } = context;
  const { token } = inputs;
  log.mask(token);
  const github = {
    request: githubRequest(token, log),
    repository,
    token,
    input: 'token' as const,
    clock: systemClock,
    log,
  };
  await sweep({
    ...inputs,
    places: await openPlaces(step, log),
    repositoryId,
    caller: callerOf(inputs.signIn),
    github: githubRuns(askGithub(github), { ownRunId: runId, input: github.input }),
    runUrl: (id) => runUrl(process.env['GITHUB_SERVER_URL'] ?? 'https://github.com', repository, id),
    clock: systemClock,
    log,
    report: {
      outputs: (values) => {
        for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
      },
      summary: writeSummary,
    },
  });
}

/** The regions behind their clients. Signs in first: what fails there would fail in every region. */
async function openPlaces({ inputs, endpoints }: SweepStep, log: Log): Promise<readonly SweptPlace[]> {
  const { projectId, signIn } = inputs;
  const [first] = endpoints.values();
  for (const { variable, url } of first?.overridden ?? []) log.info(`Endpoint from ${variable}: ${url}`);
  const [abroad] = [...endpoints].filter(([region]) => region !== 'local');
  const google =
    abroad &&
    (await credentialsOf({
      projectId,
      signIn,
      endpoints: abroad[1],
      idToken,
      ended: () => requestTokenEnded(process.env, Date.now()),
      mask: log.mask,
    }));
  await patiently(systemClock, async () => google?.accessToken());
  return [...endpoints].map(([region, { url }]) => {
    const credentials = region === 'local' || google === undefined ? fixedCredentials('standing') : google;
    return { region, api: vertexJobs(url.AIPLATFORM, credentials) };
  });
}

async function main(): Promise<number> {
  const log = actionsLog();
  try {
    await start(log);
    return 0;
  } catch (error) {
    log.error(failureText(error));
    return 1;
  }
}

// Open sockets would keep the step alive.
main().then((exitCode) => process.exit(exitCode));
