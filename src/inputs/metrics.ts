import { shown } from '../faults.ts';
import type { Goal } from '../vertex/types.ts';
import type { Faults } from './collect.ts';
import { yamlInput } from './collections.ts';
import type { StudyInputs } from './inputs.ts';
import type { Entry, Tree } from './yaml.ts';

type Metrics = StudyInputs['metrics'];
type Metric = Metrics[number];

const INPUT = 'metrics';
const FORM = "Write 'NAME: maximize' or 'NAME: minimize'.";

/** `metrics`: a mapping of metric to goal, or the API's list of MetricSpec. */
export function parseMetrics(faults: Faults, text: string): Metrics {
  if (text.trim() === '') return [];
  const tree = yamlInput(faults, INPUT, text);
  if (tree === undefined) return [];
  const metrics = tree.kind === 'map' ? shortMetrics(faults, tree.entries) : listedMetrics(faults, tree);
  refuseRepeated(
    faults,
    INPUT,
    metrics.map((metric) => metric.metricId),
  );
  for (const { metricId } of metrics) refuseSpaces(faults, INPUT, metricId);
  return metrics;
}

/** Names are unique within their study (study.proto). */
export function refuseRepeated(faults: Faults, input: string, names: readonly string[]): void {
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  for (const name of repeated) {
    faults.add('unique-name', input, `${shown(name)} is named more than once. Keep one of them.`);
  }
}

/** Metric and parameter ids hold no white space and are not empty (study.proto). */
export function refuseSpaces(faults: Faults, input: string, name: string): void {
  if (/^\S+$/u.test(name)) return;
  faults.reject('name-without-space', input, name, 'A name is not empty and holds no white space.');
}

function shortMetrics(faults: Faults, entries: readonly Entry[]): Metric[] {
  return entries.flatMap(({ key, value, line }) => {
    const goal = value.kind === 'scalar' ? goalOf(value.text) : undefined;
    if (goal !== undefined) return [{ metricId: key, goal }];
    const found = value.kind === 'scalar' ? shown(value.text) : `a ${value.kind}`;
    faults.add('metric-goal', INPUT, `line ${line}: the goal of ${shown(key)} is ${found}. ${FORM}`);
    return [];
  });
}

function goalOf(text: string): Goal | undefined {
  const word = text.toUpperCase();
  return word === 'MAXIMIZE' || word === 'MINIMIZE' ? word : undefined;
}

function listedMetrics(faults: Faults, tree: Tree): Metric[] {
  if (tree.kind !== 'list') {
    faults.add('metric-goal', INPUT, `is neither a mapping of metrics nor a list of MetricSpec. ${FORM}`);
    return [];
  }
  return tree.items.flatMap((item) => listedMetric(faults, item));
}

function listedMetric(faults: Faults, item: Tree): Metric[] {
  const fields = new Map(item.kind === 'map' ? item.entries.map(({ key, value }) => [key, value] as const) : []);
  const id = fields.get('metricId') ?? fields.get('metric_id');
  const goal = fields.get('goal');
  const word = goal?.kind === 'scalar' ? goalOf(goal.text) : undefined;
  if (fields.size === 2 && id?.kind === 'scalar' && word !== undefined) return [{ metricId: id.text, goal: word }];
  faults.add(
    'metric-goal',
    INPUT,
    `line ${item.line}: a MetricSpec holds metricId and goal (MAXIMIZE or MINIMIZE) and nothing else here.`,
  );
  return [];
}
