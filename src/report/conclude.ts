import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as core from '@actions/core';
import { mapTexts } from '../json.ts';
import type { Selecting } from '../results/trials.ts';
import { trialsFile } from '../results/trials-file.ts';
import { idOf, type Job } from '../vertex/jobs.ts';
import type { Outputs } from './outputs.ts';

/** Hands outputs to the next steps. GitHub reads them when the step ends, however it ends; the last value counts. */
export function setOutputs(outputs: Outputs): void {
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

/** Writes every trial to a file under the runner's temporary folder, without what `redact` hides, and gives its path. */
export function writeTrials(
  job: Pick<Job, 'name' | 'trials'>,
  selecting: Selecting,
  tempFolder: string,
  redact: (text: string) => string,
): string {
  const { name, trials } = mapTexts(job, redact);
  const path = join(tempFolder, `train-on-vertex-${idOf(name).replace(/\D/g, '')}-trials.json`);
  writeFileSync(path, trialsFile(trials, selecting, redact));
  return path;
}

/** Writes the Dockerfile that the repository lacks to a file under the runner's temporary folder and gives its path. */
export function writeDockerfile(text: string, tempFolder: string): string {
  const folder = mkdtempSync(join(tempFolder, 'train-on-vertex-dockerfile-'));
  const path = join(folder, 'Dockerfile');
  writeFileSync(path, text);
  return path;
}

/** Adds to the step's summary, where the runner has one. */
export async function writeSummary(markdown: string): Promise<void> {
  if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown).write();
}
