import type { MadeImage } from '../image/image.ts';
import type { Plan } from '../plan/plan.ts';
import type { MetricSpec } from '../vertex/types.ts';
import { nameText, tableOf } from './markdown.ts';
import { imageFacts } from './summary/facts.ts';

/** The metrics of a tuning job; none for a custom job. */
export function metricsOf({ draft }: Pick<Plan, 'draft'>): readonly MetricSpec[] {
  return draft.study?.studySpec.metrics ?? [];
}

/** The summary of a step that submits no job. */
export function imageSummary({ job }: Plan, image: MadeImage): string {
  const [first = [], ...rest] = imageFacts(image);
  return `### ✅ Image of ${nameText(job.resource.displayName)}\n\n${tableOf(first, rest)}\n`;
}
