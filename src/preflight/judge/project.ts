import { command } from '../../google/commands.ts';
import type { Project } from '../../google/resource-manager.ts';
import type { AccessFinding } from '../../image/registry/findings.ts';
import type { CheckOf } from '../check.ts';
import { finding } from '../finding.ts';

/** A project that is on its way to be deleted runs nothing. */
export function judgeProject(check: CheckOf<'project'>, { state }: Project): readonly AccessFinding[] {
  if (state === undefined || state === 'ACTIVE') return [];
  const restore =
    state === 'DELETE_REQUESTED' ? ` To bring it back: ${command('gcloud projects undelete', check.project)}.` : '';
  return [finding('error', 'project-state', check, `names ${check.project}, which is in state ${state}.${restore}`)];
}
