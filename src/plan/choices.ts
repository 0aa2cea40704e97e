import type { Inputs } from '../inputs/inputs.ts';
import type { CustomJobSpec, MachineSpec } from '../vertex/types.ts';
import type { Check } from './checks.ts';
import type { Draft } from './draft.ts';
import type { Finding, Origins } from './findings.ts';
import type { JobPlan } from './job.ts';
import type { ModelUpload } from './model/upload.ts';
import { alike, onItem } from './request/item.ts';
import { chooseMachines } from './request/machines.ts';
import type { Built } from './request/request.ts';

/** A region and hardware that the job may run on. */
export interface PlannedChoice {
  readonly region: string;
  /** For people: `2 x NVIDIA_L4 on g2-standard-24`. No two choices of a region have the same. */
  readonly hardware: string;
  /** What a quota that refuses one refuses of all: accelerators of a kind and number, by how they are scheduled. */
  readonly quotaGroup: string;
  readonly draft: Draft;
  readonly job: JobPlan;
  /** The model that the step uploads itself; undefined where it uploads none, whatever the job does. */
  readonly upload: ModelUpload | undefined;
  /** Where each part of the request came from. */
  readonly origins: Origins;
  /** Why each worker pool has its machine, in one sentence. */
  readonly machineWhy: readonly (string | undefined)[];
  /** What the network has to answer of it. */
  readonly checks: readonly Check[];
}

/** A choice whose job is not named and labelled yet. */
export interface Choice extends Omit<PlannedChoice, 'job' | 'upload' | 'checks'> {
  /** The item of fallback_hardware; undefined for what the inputs and the config ask for. */
  readonly item: number | undefined;
  /** What choosing its machines found. */
  readonly findings: readonly Finding[];
}

export type Choices<T> = readonly [T, ...T[]];

/** What becomes of each choice. */
export function mapChoices<T, U>([first, ...others]: Choices<T>, change: (choice: T, index: number) => U): Choices<U> {
  return [change(first, 0), ...others.map((each, index) => change(each, index + 1))];
}

/** The request on each hardware in order in the first region, then on each in the next. */
export function choicesOf({ region, regions, fallbackHardware }: Inputs, asked: Built): Choices<Choice> {
  const own = choiceOf(asked, undefined, region);
  const pools = alike(own.draft.spec.workerPoolSpecs);
  const items = fallbackHardware.map((item) => ({ number: item.item, built: onItem(asked, item, pools) }));
  const others = (place: string) => items.map(({ number, built }) => choiceOf(built, number, place));
  const [, ...here] = unlike([own, ...others(region)]);
  const elsewhere = regions
    .filter((each) => each !== region)
    .flatMap((each) => unlike([choiceOf(asked, undefined, each), ...others(each)]));
  return [own, ...here, ...elsewhere];
}

function choiceOf({ draft, origins }: Built, item: number | undefined, region: string): Choice {
  const { spec, findings, why } = chooseMachines(draft.spec, region);
  const words = { hardware: hardwareText(spec), quotaGroup: quotaGroupOf(spec) };
  return { item, region, ...words, draft: { ...draft, spec, region }, origins, machineWhy: why, findings };
}

/** Hardware that stands twice is tried once; what is refused has to be told. */
function unlike(choices: readonly Choice[]): readonly Choice[] {
  const names = choices.map(({ hardware }) => hardware);
  return choices.filter(
    ({ hardware, findings }, index) =>
      names.indexOf(hardware) === index || findings.some(({ level }) => level === 'error'),
  );
}

/** The machine of the first pool, and how it is come by where that is not as usual. */
function hardwareText({ scheduling = {}, workerPoolSpecs, persistentResourceId }: CustomJobSpec): string {
  const { strategy = 'STANDARD', maxWaitDuration } = scheduling;
  const machine = workerPoolSpecs[0]?.machineSpec;
  const reservation = machine?.reservationAffinity?.reservationAffinityType ?? 'NO_RESERVATION';
  const wait = maxWaitDuration === undefined ? '' : ` for ${maxWaitDuration}`;
  return [
    machineText(machine),
    ...(persistentResourceId === undefined ? [] : [`of ${persistentResourceId}`]),
    ...(reservation === 'NO_RESERVATION' ? [] : ['reserved']),
    ...(strategy === 'STANDARD' && wait === '' ? [] : [`${strategy}${wait}`]),
  ].join(', ');
}

/** `2 x NVIDIA_L4 on g2-standard-24`. */
export function machineText({ machineType, acceleratorType, acceleratorCount, tpuTopology }: MachineSpec = {}): string {
  const machine = machineType ?? 'a machine';
  const named = tpuTopology === undefined ? machine : `${machine} as ${tpuTopology}`;
  return acceleratorType === undefined ? named : `${acceleratorCount ?? 1} x ${acceleratorType} on ${named}`;
}

/** Spot and flex-start count against quotas of their own (training/schedule-jobs-dws). */
function quotaGroupOf({ scheduling, workerPoolSpecs }: CustomJobSpec): string {
  const { acceleratorType, acceleratorCount = 1, machineType = '' } = workerPoolSpecs[0]?.machineSpec ?? {};
  const family = machineType.replace(/-.*$/, '');
  const what = acceleratorType === undefined ? family : `${acceleratorCount} ${acceleratorType}`;
  return ['SPOT', 'LOW_COST', 'FLEX_START'].includes(scheduling?.strategy ?? '') ? `preemptible ${what}` : what;
}
