import type { Setting } from './verdict.ts';

/** A quota that a job would exceed. */
interface ExceededQuota {
  /** The metric without the service's name: `custom_model_training_nvidia_t4_gpus`. */
  readonly metric: string;
  /** How much of it the project has in the region; undefined where nothing tells. */
  readonly limit: number | undefined;
}

/** The metrics, without the service's name, that a refusal names. */
export function quotaMetrics(text: string): readonly string[] {
  const metrics = [...text.matchAll(/\b(?:aiplatform\.googleapis\.com\/)?(custom_model_training_[a-z0-9_]+)/g)];
  return [...new Set(metrics.flatMap(([, metric]) => metric ?? []))];
}

/** The quotas that a refusal names; none where it is of another form. */
function exceededQuotas(text: string, { region, limitOf }: Pick<Setting, 'region' | 'limitOf'>): ExceededQuota[] {
  const [, told] = /\blimit:? (\d+)/i.exec(text) ?? [];
  return quotaMetrics(text).map((metric) => ({
    metric,
    limit: told === undefined ? limitOf?.(metric, region) : Number(told),
  }));
}

/** What is exceeded, by how much may be had, and where to ask for more. */
export function quotaText(text: string, setting: Setting): string {
  const { projectId, region } = setting;
  const quotas = exceededQuotas(text, setting);
  if (quotas.length === 0)
    return `A quota of project ${projectId} in ${region} is exceeded: ${text} ${whereToAsk(projectId)}.`;
  const many = quotas.length > 1;
  const listed = quotas.map(({ metric, limit }) => `aiplatform.googleapis.com/${metric}${limitText(limit)}`).join(', ');
  const names = quotas.map(({ metric }) => metric).join(', ');
  return [
    `The quota${many ? 's' : ''} of project ${projectId} in ${region} ${many ? 'are' : 'is'} exceeded: ${listed}.`,
    'It limits what all training jobs of the project use there at one time, each parallel trial included, and is not that of Compute Engine.',
    `${whereToAsk(projectId)}, for ${names} in ${region}.`,
  ].join(' ');
}

const limitText = (limit: number | undefined) => (limit === undefined ? '' : ` (limit ${limit})`);

const whereToAsk = (projectId: string) =>
  `See its limit and ask for more at https://console.cloud.google.com/iam-admin/quotas?project=${encodeURIComponent(projectId)}`;
