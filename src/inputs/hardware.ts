import { type Fault, faultText, shown } from '../faults.ts';
import { Faults } from './collect.ts';
import { yamlInput } from './collections.ts';
import type { HardwareInputs, Inputs } from './inputs.ts';
import type { RawInputs } from './raw.ts';
import { parseCount, parsePattern } from './scalars.ts';
import { parseSpecFields } from './spec-fields.ts';
import type { Entry, Tree } from './yaml.ts';

const FALLBACK = 'fallback_hardware';

type Machine = Pick<Inputs, 'machineType' | 'acceleratorType' | 'acceleratorCount' | 'tpuTopology'>;
type Replicas = Pick<Inputs, 'replicaCount' | 'reductionServers' | 'evaluators'>;

/** A count that was rejected is NaN, so that nothing is made up for it. */
const countOf = (faults: Faults, raw: RawInputs, input: Parameters<RawInputs>[0]) =>
  raw(input) === '' ? undefined : (parseCount(faults, input, raw(input)) ?? Number.NaN);

/** The hardware that the inputs ask for. */
export function parseHardware(faults: Faults, raw: RawInputs): Machine & Replicas {
  return {
    ...parseMachine(faults, raw, raw('accelerator_type') !== '' || raw('config') !== ''),
    replicaCount: countOf(faults, raw, 'replica_count'),
    reductionServers: countOf(faults, raw, 'reduction_servers'),
    evaluators: countOf(faults, raw, 'evaluators'),
  };
}

/** `paired` tells whether an accelerator may be there that a count alone would be of. */
function parseMachine(faults: Faults, raw: RawInputs, paired: boolean): Machine {
  const acceleratorCount = countOf(faults, raw, 'accelerator_count');
  const unpaired = acceleratorCount !== undefined && !paired;
  if (unpaired) {
    faults.add(
      'accelerator-pair',
      'accelerator_type',
      'is missing beside accelerator_count. Name the accelerator, or remove the count.',
    );
  }
  return {
    machineType: raw('machine_type') || undefined,
    acceleratorType: raw('accelerator_type') || undefined,
    acceleratorCount: unpaired ? undefined : acceleratorCount,
    tpuTopology: parsePattern(
      faults,
      'tpu_topology',
      raw('tpu_topology'),
      'tpu-topology',
      /^\d+x\d+(?:x\d+)?$/,
      'Write it as 2x4 or 2x2x4.',
    ),
  };
}

/** The inputs that an item may give anew. */
const KEYS = [
  'machine_type',
  'accelerator_type',
  'accelerator_count',
  'tpu_topology',
  'strategy',
  'max_wait_duration',
] as const;
type Key = (typeof KEYS)[number];

const ACCEPTED = `Accepted: ${KEYS.join(', ')}.`;
const EXAMPLE = 'Write a YAML sequence of mappings, such as - { accelerator_type: t4 }.';

/** Further hardware, in order; an item with a fault is left out, the others keep their numbers. */
export function parseFallback(faults: Faults, raw: RawInputs): readonly HardwareInputs[] {
  const text = raw(FALLBACK);
  const tree = text.trim() === '' ? undefined : yamlInput(faults, FALLBACK, text);
  if (tree === undefined) return [];
  if (tree.kind !== 'list') {
    faults.add('fallback-hardware', FALLBACK, `is not a sequence. ${EXAMPLE}`);
    return [];
  }
  return tree.items.flatMap((each, index) => {
    const found = new Faults();
    const parsed = parseItem(found, each, index + 1, raw);
    faults.list.push(...found.list.map((fault) => ofItem(fault, index + 1)));
    return parsed === undefined || found.list.length > 0 ? [] : [parsed];
  });
}

function parseItem(found: Faults, tree: Tree, item: number, raw: RawInputs): HardwareInputs | undefined {
  const refuse = (message: string) => {
    found.add('fallback-hardware', FALLBACK, message);
    return undefined;
  };
  if (tree.kind !== 'map') return refuse(`line ${tree.line}: is no mapping. ${EXAMPLE}`);
  if (tree.entries.length === 0) return refuse(`line ${tree.line}: is empty. ${ACCEPTED}`);
  const values = valuesOf(tree.entries, refuse);
  const own: RawInputs = (name) => values.get(name) ?? '';
  const others = startsAnew(own) ? '' : raw('accelerator_type') + raw('config');
  return {
    item,
    ...parseMachine(found, own, own('accelerator_type') !== '' || others !== ''),
    specFields: parseSpecFields(found, own),
  };
}

/** Whether an item names hardware of its own, so that nothing of the inputs' is kept. */
const startsAnew = (own: RawInputs) =>
  own('machine_type') !== '' || own('accelerator_type') !== '' || own('tpu_topology') !== '';

const isKey = (key: string): key is Key => KEYS.some((known) => known === key);

function valuesOf(entries: readonly Entry[], refuse: (message: string) => void): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const { key, value, line } of entries) {
    if (!isKey(key)) refuse(`line ${line}: ${strangeKey(key)}`);
    else if (values.has(key)) refuse(`line ${line}: ${key} stands here a second time.`);
    else if (value.kind !== 'scalar') refuse(`line ${line}: ${key} has to be one text, not a ${value.kind}.`);
    else if (value.text === '') refuse(`line ${line}: ${key} is empty. Give it a value, or remove it.`);
    else values.set(key, value.text);
  }
  return values;
}

function strangeKey(key: string): string {
  const mend = key === 'region' ? ' Regions are given in region, in order of preference.' : '';
  return `${shown(key)} is not accepted here. ${ACCEPTED}${mend}`;
}

/** A fault of one item of fallback_hardware, by its number. */
export function ofItem({ input, ...fault }: Fault, item: number): Fault {
  const named = input === FALLBACK ? undefined : input;
  const text = faultText({ rule: fault.rule, input: named, message: fault.message });
  return { ...fault, input: FALLBACK, message: `item ${item}: ${text.slice(0, -` [${fault.rule}]`.length)}` };
}
