import type { Place } from '../../../log.ts';
import type { Code } from '../python/code.ts';
import type { PythonModule } from '../python/module.ts';
import { type NamedCall, placeOf } from '../python/places.ts';
import { attributeOf, textOf } from '../python/tree.ts';
import { textsOf } from '../python/values.ts';

/** What a program reports through cloudml-hypertune. */
export interface Reports {
  /** Tags, and where each is reported. */
  readonly tags: ReadonlyMap<string, Place>;
  /** Some report has a tag that is known only at run time, or the file is written by other means. */
  readonly unknown: boolean;
  readonly importsHypertune: Place | undefined;
}

const REPORT = 'report_hyperparameter_tuning_metric';
/** The tag where none is given (cloudml-hypertune, hypertune.py). */
const DEFAULT_TAG = 'training/hptuning/metric';
/** Whoever names the file, or the method in a text, reports in a way of his own. */
const BY_HAND = /CLOUD_ML_HP_METRIC_FILE|\/hypertune\b|output\.metrics|report_hyperparameter_tuning_metric/;

export function readReports(code: Code, calls: readonly NamedCall[]): Reports {
  const tags = new Map<string, Place>();
  let unknown = false;
  for (const { module, call, last } of calls) {
    if (last !== REPORT) continue;
    const texts = tagsOf(code, module, call.arguments);
    if (texts === undefined) unknown = true;
    for (const text of texts ?? []) {
      const tag = text === '' ? DEFAULT_TAG : text;
      if (!tags.has(tag)) tags.set(tag, placeOf(module, call.node));
    }
  }
  const modules = [...code.modules.values()];
  unknown ||= modules.some((module) => writesByHand(module) || hasAlias(module));
  return { tags, unknown, importsHypertune: importOf(modules) };
}

/** `hyperparameter_metric_tag=…`, or the first argument. */
function tagsOf(code: Code, module: PythonModule, list: NamedCall['call']['arguments']): readonly string[] | undefined {
  if (list.some(({ star }) => star)) return undefined;
  const given =
    list.find(({ name }) => name === 'hyperparameter_metric_tag') ?? list.find(({ name }) => name === undefined);
  return given === undefined ? [DEFAULT_TAG] : textsOf(code, module, given.value);
}

function writesByHand({ strings, text }: PythonModule): boolean {
  return strings.some((node) => BY_HAND.test(textOf(node, text).slice(0, 2000)));
}

/** The method handed on as a value. */
function hasAlias({ members, text }: PythonModule): boolean {
  return members.some((node) => {
    if (attributeOf(node, text) !== REPORT) return false;
    return node.parent?.name !== 'CallExpression' || node.parent.firstChild?.from !== node.from;
  });
}

function importOf(modules: readonly PythonModule[]): Place | undefined {
  for (const module of modules) {
    const found = module.imports.some(({ module: from }) => from === 'hypertune' || from.startsWith('hypertune.'));
    if (!found) continue;
    const line = module.text.split('\n').findIndex((text) => /^\s*(?:import|from)\s+hypertune\b/.test(text));
    return { file: module.file, line: module.linesBefore + Math.max(line, 0) + 1, column: 1 };
  }
  return undefined;
}
