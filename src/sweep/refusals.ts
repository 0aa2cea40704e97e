import { asSentence } from '../faults.ts';
import { enableCommand, grantOnProject } from '../google/commands.ts';
import type { Caller } from '../preflight/caller.ts';
import { disabledIn, isDenied, reasonOf } from '../preflight/finding.ts';

/** What a refusal of Vertex AI's is explained with. */
export interface Asker {
  readonly projectId: string;
  readonly caller: Caller;
  /** Whether jobs are to be ended, which takes another role than to look. */
  readonly cancel: boolean;
}

/** A request to Vertex AI that failed, and what it was about. */
export interface Refusal {
  readonly about: string;
  readonly error: unknown;
}

/**
 * Failures told in sentences that `told` begins, naming what they are about. Those with one mend, or with one reason, are
 * told as one.
 */
export function refusalTexts(
  refusals: readonly Refusal[],
  asker: Asker,
  told: (about: readonly string[]) => string,
): readonly string[] {
  const groups = new Map<string, { readonly about: Set<string>; readonly reason: string; readonly mend: string }>();
  for (const { about, error } of refusals) {
    const reason = asSentence(reasonOf(error));
    const mend = mendOf(error, asker);
    const group = groups.get(mend || reason) ?? { about: new Set(), reason, mend };
    group.about.add(about);
    groups.set(mend || reason, group);
  }
  return [...groups.values()].map(({ about, reason, mend }) => `${told([...about])}: ${reason}${mend}`);
}

function mendOf(error: unknown, { projectId, caller, cancel }: Asker): string {
  if (!isDenied(error)) return '';
  const disabled = disabledIn(error);
  if (disabled !== undefined) return ` Enable the API: ${enableCommand('aiplatform.googleapis.com', disabled)}.`;
  const role = cancel ? 'roles/aiplatform.user' : 'roles/aiplatform.viewer';
  return ` Grant ${caller.who} ${role}: ${grantOnProject(projectId, role, caller.member)}.${caller.hint}`;
}
