import { dirname, join } from 'node:path';
import { idToken, requestTokenEnded } from '../inputs/id-token.ts';
import type { Step } from '../inputs/step.ts';
import { type LocalService, launchLocal, stopLocal } from '../local/launch.ts';
import type { Log } from '../log.ts';
import { googleRegion, localRegion, type Region } from '../region.ts';
import { systemClock } from '../retry.ts';
import { programEnv } from './programs.ts';
import { saveState } from './state.ts';

export interface OpenedRegion extends Region {
  /** Ends the local service that this step started, with all that it runs; elsewhere nothing is to be done. */
  close(): Promise<void>;
}

/** Opens the region that the step names, starting the local service where it is that. */
export async function openRegion(step: Step, log: Log): Promise<OpenedRegion> {
  const { endpoints, inputs } = step;
  for (const { variable, url } of endpoints.overridden) log.info(`Endpoint from ${variable}: ${url}`);
  if (inputs.region !== 'local') {
    const region = await googleRegion({
      projectId: inputs.projectId,
      endpoints,
      signIn: inputs.signIn,
      idToken,
      ended: () => requestTokenEnded(process.env, systemClock.now()),
      mask: log.mask,
    });
    return { ...region, close: async () => {} };
  }
  if (step.standingLocal) {
    return { ...localRegion({ url: endpoints.url.AIPLATFORM, token: 'standing' }), close: async () => {} };
  }
  const service = await launchLocal({
    entry: join(dirname(process.argv[1] ?? ''), '..', 'local', 'index.js'),
    env: programEnv(process.env),
    tempFolder: step.tempFolder,
    mask: log.mask,
  });
  saveState('local', service);
  log.info(`The local region listens on ${service.url}: the job runs on this machine's Docker engine.`);
  return { ...localRegion(service), close: () => stopLocal(service) };
}

/** A region that main opened, found again in post. */
export async function reopenRegion(step: Step, log: Log, local: LocalService | undefined): Promise<OpenedRegion> {
  if (local !== undefined) return { ...localRegion(local), close: () => stopLocal(local) };
  return openRegion(step, log);
}
