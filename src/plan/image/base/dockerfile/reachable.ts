import type { Stage } from '../../../code/dockerfile/stages.ts';

/** A stage and all that it copies from, itself first. */
export function withSources(stage: Stage): readonly Stage[] {
  const found = new Set<Stage>([stage]);
  for (const one of found) {
    for (const { from } of one.copies) if (from) found.add(from);
  }
  return [...found];
}
