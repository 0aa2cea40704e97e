import type { CustomJobSpec } from '../../vertex/types.ts';

const CPUS = 'custom_model_training_cpus';

/** Vertex AI has no quota of memory: the name is this service's own, made like those that it has. */
export const MEMORY = 'custom_model_training_memory';

/** Vertex AI's words for a quota of machines that is used up (observed at create and in pipelines' errors). */
export function quotaText(metrics: readonly string[] = [CPUS]): string {
  return `The following quota metrics exceed quota limits: ${metrics.map((name) => `aiplatform.googleapis.com/${name}`).join(',')}`;
}

/**
 * The metric that counts the CPUs of a job, without the service's name. SPOT and FLEX_START have their own (the page on
 * them); the metrics of machine families other than N1 and E2 are not known, and are called by the same name here.
 */
export function cpuMetric({ scheduling }: CustomJobSpec): string {
  const { strategy = '' } = scheduling ?? {};
  return ['SPOT', 'FLEX_START'].includes(strategy) ? 'custom_model_training_preemptible_cpus' : CPUS;
}
