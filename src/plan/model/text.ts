import type { Plan } from '../plan.ts';

/** Who uploads which model, and when. */
export function modelLines({ job, upload, draft }: Pick<Plan, 'job' | 'upload' | 'draft'>): string[] {
  const what = draft.study === undefined ? 'what the job wrote' : "the best trial's folder";
  if (upload !== undefined) {
    const { modelId, aliases, gated } = upload;
    const when = gated ? 'once the job has succeeded and passed its gate' : 'once the job has succeeded';
    return [`Model: this step uploads ${what} as a version of ${modelId}${aliasText(aliases)} ${when}`];
  }
  if (job.collection !== 'trainingPipelines') return [];
  const { modelId, modelToUpload } = job.resource;
  if (modelId === undefined) return [];
  const aliases = aliasText(modelToUpload?.versionAliases ?? []);
  return [
    `Model: the training pipeline uploads ${what} as a version of ${modelId}${aliases} once training has succeeded`,
  ];
}

const aliasText = (aliases: readonly string[]) =>
  aliases.length === 0 ? '' : `, which becomes ${aliases.join(' and ')},`;
