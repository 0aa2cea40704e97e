import type { CustomJobSpec } from '../../vertex/types.ts';
import { escapeReferences } from '../containers/replica/environment.ts';
import { trialArguments } from '../study/search.ts';
import type { Point } from '../study/space.ts';

/** The job of one trial: its values after the given arguments, its output in a folder of its own. */
export function trialSpec(spec: CustomJobSpec, trialId: string, point: Point): CustomJobSpec {
  const values = trialArguments(point).map(escapeReferences);
  const withValues = <P extends { readonly args?: readonly string[] }>(program: P) => ({
    ...program,
    args: [...(program.args ?? []), ...values],
  });
  const workerPoolSpecs = spec.workerPoolSpecs.map(({ containerSpec, pythonPackageSpec, ...pool }) => ({
    ...pool,
    ...(containerSpec && { containerSpec: withValues(containerSpec) }),
    ...(pythonPackageSpec && { pythonPackageSpec: withValues(pythonPackageSpec) }),
  }));
  const base = spec.baseOutputDirectory?.outputUriPrefix;
  if (base === undefined) return { ...spec, workerPoolSpecs };
  const folder = base.endsWith('/') ? base : `${base}/`;
  return { ...spec, workerPoolSpecs, baseOutputDirectory: { outputUriPrefix: `${folder}${trialId}/` } };
}
