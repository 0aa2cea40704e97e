import { PICK_RULES } from '../results/types.ts';
import type { Faults } from './collect.ts';
import { parseDownload } from './download.ts';
import { parseGate } from './gate.ts';
import type { ResultInputs } from './inputs.ts';
import { parseMetricsFile } from './metrics-file.ts';
import type { RawInputs } from './raw.ts';
import { parseBoolean, parseWord } from './scalars.ts';

/** What is made of a job that has ended. */
export function parseResults(faults: Faults, raw: RawInputs): ResultInputs {
  return {
    metricsFile: parseMetricsFile(faults, raw('metrics_file'), raw('output_uri')),
    pick: parseWord(faults, 'pick', raw('pick'), PICK_RULES) ?? 'nearest_to_ideal',
    gate: parseGate(faults, raw('gate')),
    download: parseDownload(faults, raw('download')),
    comment: parseBoolean(faults, 'comment', raw('comment') || 'false'),
    githubToken: raw('github_token') === '' ? undefined : raw('github_token'),
  };
}
