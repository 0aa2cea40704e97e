import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FaultClient } from '../../../local/faults/client.ts';
import { startProcess } from '../../../local/faults/process.ts';
import { PROVIDER, type Stage, simulatedConfig } from '../faults.ts';
import { startRenewingSignIn } from '../faults-sign-in.ts';
import { startGoogleApis } from '../google-apis.ts';
import type { StepOptions } from '../runner.ts';
import type { QuickTime } from './quick.ts';

/**
 * Where scenarios play, one after the other: a service that fails on demand at Google's own addresses, so that the action
 * keeps the pace and the patience that it has with Google's.
 */
export interface Ground {
  readonly time: QuickTime;
  readonly faults: FaultClient;
  readonly step: Pick<StepOptions, 'workspace' | 'inputs' | 'extraEnv'>;
}

const GRANTED = ['create', 'get', 'list', 'cancel'].map((verb) => `aiplatform.customJobs.${verb}`);

/** Ends with the stage. */
export async function openGround(stage: Stage, time: QuickTime): Promise<Ground> {
  const service = await startProcess({ data: await stage.folder('chaos-service-'), env: time.env() });
  stage.add(() => service.stop());
  const signIn = await startRenewingSignIn(PROVIDER);
  stage.add(() => signIn.stop());
  const google = await startGoogleApis({
    project: { id: 'my-project', number: '123456789' },
    granted: { 'projects/my-project': [...GRANTED, 'logging.logEntries.list'] },
  });
  stage.add(() => google.stop());
  const workspace = await stage.folder('chaos-workspace-');
  await writeFile(join(workspace, 'job.yaml'), simulatedConfig('job'));
  const url = `http://127.0.0.1:${service.port}`;
  return {
    time,
    faults: new FaultClient(url),
    step: {
      workspace,
      inputs: {
        project_id: 'my-project',
        region: 'us-central1',
        workload_identity_provider: PROVIDER,
        config: 'job.yaml',
      },
      extraEnv: { ...google.env, ...signIn.env, ...time.env(url) },
    },
  };
}
