import { closestMatch } from 'leven';
import { type Fault, shown } from '../../../faults.ts';
import type { Code } from '../python/code.ts';
import type { NamedCall } from '../python/places.ts';
import { runsUnseen } from '../python/sight.ts';
import { type Finding, perhaps, surely } from '../request.ts';
import type { Reports } from './reports.ts';

/** A metric that no code reports leaves every trial infeasible, after it has been paid for. */
export function judgeMetrics(
  code: Code,
  calls: readonly NamedCall[],
  reports: Reports,
  metrics: readonly string[],
): Finding[] {
  if (reports.unknown) return [];
  const missing = metrics.filter((metric) => !reports.tags.has(metric));
  const sure = code.whole && !runsUnseen(calls);
  if (reports.tags.size > 0) {
    return missing.map((metric) => (sure ? surely(otherTag(metric, reports)) : perhaps(otherTag(metric, reports))));
  }
  return sure && missing.length > 0 ? [surely(noReport(code, missing))] : [];
}

function otherTag(metric: string, { tags }: Reports): Fault {
  const names = [...tags.keys()];
  const nearest = closestMatch(metric, names) ?? names[0] ?? '';
  const listed = names.slice(0, 8).map(shown).join(', ');
  const message = `no code reports the metric ${shown(metric)}; reported: ${listed}. Report it with hyperparameter_metric_tag=${shown(metric)}, or name ${shown(nearest)} in metrics.`;
  return { rule: 'metric-not-reported', place: tags.get(nearest), message };
}

function noReport({ main }: Code, missing: readonly string[]): Fault {
  const listed = missing.slice(0, 8).map(shown).join(', ');
  const message = `no code reports the metric ${listed}: no trial would have a result. Call hypertune.HyperTune().report_hyperparameter_tuning_metric(hyperparameter_metric_tag=${shown(missing[0] ?? '')}, metric_value=…) after each epoch, of the package cloudml-hypertune.`;
  return { rule: 'metric-not-reported', place: { file: main.file, line: main.linesBefore + 1, column: 1 }, message };
}
