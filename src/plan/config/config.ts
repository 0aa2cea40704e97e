import type { Fault } from '../../faults.ts';
import type { Place } from '../../log.ts';
import { camelCase } from '../../vertex/schema.ts';
import { type ConfigTree, parseConfig } from './tree.ts';
import { type Json, typedMessage } from './typed.ts';

/** A config in gcloud's `--config` format, read. */
export interface Config {
  /** The message that the file holds: gcloud takes a CustomJobSpec for custom jobs, the whole job for tuning jobs. */
  readonly type: 'CustomJobSpec' | 'HyperparameterTuningJob';
  /** In proto3 JSON. */
  readonly value: Json;
  /** Where each part stands, by its path in `value`. */
  readonly places: ReadonlyMap<string, Place>;
  /** Paths of the values that were refused, and so left out. */
  readonly refused: ReadonlySet<string>;
  /** Paths of the lists from which an item was left out: rules cannot judge them. */
  readonly shifted: ReadonlySet<string>;
  readonly faults: readonly Fault[];
}

export interface ConfigText {
  /** Name of the file for messages; the input's name where the config is inline. */
  readonly file: string;
  readonly text: string;
}

/** Fields that only a whole tuning job has. */
const TUNING_KEYS = new Set([
  'studySpec',
  'trialJobSpec',
  'maxTrialCount',
  'parallelTrialCount',
  'maxFailedTrialCount',
]);

/** Reads a config; every unknown key, wrong type and unknown variable is a fault with its path, line and column. */
export function readConfig({ file, text }: ConfigText, variables: ReadonlyMap<string, string>): Config {
  const { tree, faults } = parseConfig(text, file);
  const type = tree === undefined ? 'CustomJobSpec' : typeOf(tree);
  if (tree === undefined) return { type, value: {}, places: new Map(), refused: new Set(), shifted: new Set(), faults };
  const typed = typedMessage(type, tree, variables);
  return { type, ...typed, faults: [...faults, ...typed.faults] };
}

function typeOf(tree: ConfigTree): Config['type'] {
  const keys = tree.kind === 'map' ? tree.entries.map(({ key }) => camelCase(key)) : [];
  return keys.some((key) => TUNING_KEYS.has(key)) ? 'HyperparameterTuningJob' : 'CustomJobSpec';
}
