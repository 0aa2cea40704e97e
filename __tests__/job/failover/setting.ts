import type { Setting } from '../../../src/job/failover/verdict.ts';

/** A request in us-central1, as a service account made it. */
export function setting(more: Partial<Setting> = {}): Setting {
  return {
    projectId: 'my-project',
    region: 'us-central1',
    hardware: 'n1-standard-8 with 1 NVIDIA_TESLA_T4',
    principal: 'serviceAccount:ci@my-project.iam.gserviceaccount.com',
    serviceAccount: undefined,
    strategy: undefined,
    disableRetries: false,
    ...more,
  };
}
