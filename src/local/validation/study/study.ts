import type { StudySpec } from '../../../vertex/types.ts';
import type { Finding } from '../findings.ts';
import { type Metric, metricsFindings } from './metrics.ts';
import { parametersFindings } from './parameters.ts';
import { type ConvexStopping, convexFindings, stoppingConfigFindings } from './stopping.ts';

/** StudySpec with the parts that only validation reads. */
interface Study extends StudySpec {
  readonly metrics: (StudySpec['metrics'][number] & Metric)[];
  readonly convexAutomatedStoppingSpec?: ConvexStopping & Readonly<Record<string, unknown>>;
}

const FIELD = 'study_spec';

/** What the rules of StudySpec refuse beside what is required (the proto's comments). */
export function studyFindings(spec: StudySpec | undefined): Finding[] {
  if (spec === undefined) return [];
  const { metrics, parameters, algorithm, ...stopping } = spec as Study;
  return [
    ...metricsFindings(metrics ?? [], `${FIELD}.metrics`),
    ...parametersFindings(parameters ?? [], `${FIELD}.parameters`, algorithm === 'GRID_SEARCH'),
    ...convexFindings(stopping.convexAutomatedStoppingSpec ?? {}, `${FIELD}.convex_automated_stopping_spec`),
    ...stoppingConfigFindings(stopping.studyStoppingConfig ?? {}, `${FIELD}.study_stopping_config`),
  ];
}
