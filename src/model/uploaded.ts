import type { RegisteredModel } from '../results/types.ts';
import type { Job } from '../vertex/jobs.ts';

/** The version that a training pipeline uploaded; undefined where it uploaded none, or does not tell which. */
export function uploadedBy({ uploaded }: Pick<Job, 'uploaded'>): RegisteredModel | undefined {
  const [name = '', inName] = uploaded?.name.split('@') ?? [];
  const version = uploaded?.version ?? inName;
  if (uploaded === undefined || version === undefined || version === '') return undefined;
  return { name, version, uri: uploaded.artifactUri, aliases: uploaded.aliases };
}
