import { type Finding, findingUnless } from '../findings.ts';
import { idFindings } from './parameter.ts';

/** MetricSpec with what only these rules read. */
export interface Metric {
  readonly metricId?: string;
  readonly safetyConfig?: { readonly desiredMinSafeTrialsFraction?: number };
}

/** What the rules of a study's metrics refuse (study.proto). */
export function metricsFindings(metrics: readonly Metric[], field: string): Finding[] {
  const hasObjective = metrics.length === 0 || metrics.some(({ safetyConfig }) => safetyConfig === undefined);
  const seen = new Set<string>();
  return [
    ...metrics.flatMap(({ metricId, safetyConfig }, index) => {
      const path = `${field}[${index}]`;
      const { desiredMinSafeTrialsFraction: fraction = 0 } = safetyConfig ?? {};
      const isNew = metricId === undefined || !seen.has(metricId);
      seen.add(metricId ?? '');
      return [
        ...idFindings(metricId, `${path}.metric_id`),
        ...findingUnless(isNew, `${path}.metric_id`, 'Metric ids must be unique.'),
        ...findingUnless(
          fraction >= 0 && fraction <= 1,
          `${path}.safety_config.desired_min_safe_trials_fraction`,
          'Must be between 0.0 and 1.0.',
        ),
      ];
    }),
    ...findingUnless(hasObjective, field, 'Safety metrics need a separate objective metric.'),
  ];
}
