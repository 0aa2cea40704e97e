import type { MadeImage } from '../../image/image.ts';
import type { Plan } from '../../plan/plan.ts';
import { nameText, tableOf } from '../markdown.ts';
import { imageFacts } from './facts.ts';

/** The summary of a step that submits no job. */
export function imageSummary({ job }: Plan, image: MadeImage): string {
  const [first = [], ...rest] = imageFacts(image);
  return `### ✅ Image of ${nameText(job.resource.displayName)}\n\n${tableOf(first, rest)}\n`;
}
