import type { Job } from '../vertex/jobs.ts';
import type { Trial } from '../vertex/types.ts';
import { byId, parametersOf } from './best-trial.ts';

/** What changed between two looks at a job, a line each; nothing where nothing did. */
export function newsOf(before: Job, now: Job): string[] {
  const lines: string[] = [];
  const known = new Map(before.trials.map((trial) => [trial.id, trial]));
  for (const trial of [...now.trials].sort(byId)) {
    const line = trialNews(known.get(trial.id), trial);
    if (line !== undefined) lines.push(line);
  }
  if (before.state !== now.state) lines.push(`Job is ${now.state}.`);
  return lines;
}

function trialNews(before: Trial | undefined, now: Trial): string | undefined {
  if (before?.state === now.state) return undefined;
  const metrics = now.finalMeasurement?.metrics?.map(({ metricId, value }) => `${metricId} = ${value}`).join(', ');
  if (now.state === 'SUCCEEDED') return `Trial ${now.id} SUCCEEDED: ${metrics ?? 'no measurement'}`;
  if (now.state === 'INFEASIBLE') return `Trial ${now.id} INFEASIBLE: ${now.infeasibleReason ?? 'no reason given'}`;
  if (now.state !== 'ACTIVE') return undefined;
  return `Trial ${now.id} started: ${Object.entries(parametersOf(now))
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}`;
}
