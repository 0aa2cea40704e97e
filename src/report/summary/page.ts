import { cut, escaped } from '../markdown.ts';
import { bestSection } from './best.ts';
import { causeSection } from './cause.ts';
import { factsSection } from './facts.ts';
import { fitted, type Section } from './fit.ts';
import { gateSection } from './gate.ts';
import type { SummaryParts } from './parts.ts';
import { importanceSection } from './study/importance.ts';
import { hasValue, measuredOf } from './study/measured.ts';
import { objectiveSection } from './study/objective.ts';
import { parameterSections } from './study/parameters.ts';
import { paretoSection } from './study/pareto.ts';
import { timelineSection } from './study/timeline.ts';
import { trialsSection } from './study/trials.ts';
import { verdict, whereLine } from './verdict.ts';

export type { SummaryParts } from './parts.ts';

/** GitHub drops a step's summary of more than 1 MiB whole; what the step has written before needs some of it. */
const SUMMARY_BYTES = 900_000;
const MOST_METRICS = 3;
const MOST_NOTES = 20;
const NOTE = 1_000;

/** The job summary: verdict first, then the cause or what came of the job, then every trial. */
export function summaryOf(parts: SummaryParts): string {
  const { job, metrics, now } = parts;
  const best = bestIds(parts);
  const sections = [
    ...headSections(parts),
    ...chartSections(parts),
    timelineSection(job, best, now),
    trialsSection(job, metrics, best),
    factsSection(parts),
  ];
  return fitted(present(sections), SUMMARY_BYTES);
}

/** What stands first, in the summary and in the comment: verdict, what went wrong, notes, best trial and gate. */
export function headSections(parts: SummaryParts): Section[] {
  const { cause, failures, notes, results } = parts;
  const gate = gateSection(results.gate);
  const failed = results.gate.some(({ passed }) => !passed);
  return present([
    { name: 'verdict', forms: [verdict(parts)], worth: undefined },
    cause && causeSection(cause),
    listSection('what failed', failures),
    failed ? gate : undefined,
    { name: 'links', forms: [whereLine(parts)], worth: 12 },
    listSection('notes', notes),
    bestSection(parts),
    failed ? undefined : gate,
  ]);
}

/** The charts, the most telling first. */
export function chartSections({ job, results, metrics, importance }: SummaryParts): Section[] {
  const [first] = metrics;
  if (first === undefined) return [];
  const trials = measuredOf(job, first);
  const objectives = metrics.slice(0, MOST_METRICS).map((metric) => objectiveSection(measuredOf(job, metric), metric));
  return present([
    paretoSection(job, metrics, results.best),
    ...objectives,
    importanceSection(importance, first, trials.filter(hasValue).length),
    ...parameterSections(trials, first, importance),
  ]);
}

const bestIds = ({ results: { best } }: SummaryParts): string[] =>
  best.pareto?.trials.map(({ id }) => id) ?? (best.trial === undefined ? [] : [best.trial.id]);

function listSection(name: string, sentences: readonly string[]): Section | undefined {
  if (sentences.length === 0) return undefined;
  const lines = sentences.slice(0, MOST_NOTES).map((sentence) => `- ${escaped(cut(sentence, NOTE))}`);
  return { name, forms: [lines.join('\n')], worth: 10 };
}

const present = (sections: readonly (Section | undefined)[]): Section[] =>
  sections.filter((section) => section !== undefined);
