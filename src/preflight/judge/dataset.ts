import type { Dataset } from '../../google/big-query.ts';
import { command } from '../../google/commands.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';
import { locationText, nearness } from '../locations.ts';

type Check = CheckOf<'dataset'>;

/** What is wrong with a dataset of BigQuery's; undefined is one that is not there. */
export function judgeDataset(check: Check, dataset: Dataset | undefined): readonly AccessFinding[] {
  const { region } = check;
  const name = `bq://${check.project}.${check.dataset}`;
  if (dataset === undefined) {
    const create = command('bq mk', `--location=${region}`, '--dataset', `${check.project}:${check.dataset}`);
    const message = `names ${name}, and there is no such dataset. Mend the name, or create it: ${create}. If the program creates it itself, name this rule in ignore.`;
    return [finding('error', 'dataset-missing', check, message)];
  }
  if (nearness(dataset, region) !== 'elsewhere') return [];
  const message = `names ${name}, which is in ${locationText(dataset)}, and the job runs in ${region}. What is read crosses regions: slower, and charged as a transfer. Name a dataset in ${region}, or run the job where the dataset is.`;
  return [finding('warning', 'dataset-region', check, message)];
}
