import type { Verdict } from './verdict.ts';

/** Hardware that a job may run on. */
export interface Hardware<H> {
  readonly value: H;
  /** In words, as in `n1-standard-8 with 1 NVIDIA_TESLA_T4`. */
  readonly name: string;
  /** What of it counts against one quota, such as the accelerator's type; hardware of the same is refused together. */
  readonly quotaGroup: string;
}

/** One place and one kind of machine. */
export interface Choice<H> {
  readonly region: string;
  readonly hardware: Hardware<H>;
}

/** A choice that was tried, and what came of it. */
export interface Tried<H> {
  readonly choice: Choice<H>;
  readonly verdict: Verdict;
  /** The job that was made; undefined where none was. */
  readonly job: string | undefined;
}

/** All choices in order: the hardware in its order in the first region, then in the next. Doubles are dropped. */
export function choicesOf<H>(regions: readonly string[], hardware: readonly Hardware<H>[]): Choice<H>[] {
  const machines = [...new Map(hardware.map((each) => [each.name, each])).values()];
  return [...new Set(regions)].flatMap((region) => machines.map((each) => ({ region, hardware: each })));
}

/** A choice in words: `n1-standard-8 with 1 NVIDIA_TESLA_T4 in us-central1`. */
export const choiceText = ({ region, hardware }: Choice<unknown>) => `${hardware.name} in ${region}`;

/**
 * What to try next; undefined where nothing is left or the last verdict ends it. Never a choice that was tried. A region whose
 * quota was exceeded comes after all others, and there what would count against the same quota is passed over.
 */
export function nextChoice<H>(choices: readonly Choice<H>[], tried: readonly Tried<H>[]): Choice<H> | undefined {
  if (tried.at(-1)?.verdict.course === 'stop') return undefined;
  const exceeded = tried.filter(({ verdict }) => verdict.course === 'next-region').map(({ choice }) => choice);
  const left = choices.filter(
    (choice) => !tried.some((each) => isSame(each.choice, choice)) && !isRuledOut(choice, exceeded),
  );
  return left.find(({ region }) => !exceeded.some((each) => each.region === region)) ?? left[0];
}

const isSame = (a: Choice<unknown>, b: Choice<unknown>) => a.region === b.region && a.hardware.name === b.hardware.name;

const isRuledOut = (choice: Choice<unknown>, exceeded: readonly Choice<unknown>[]) =>
  exceeded.some(
    ({ region, hardware }) => region === choice.region && hardware.quotaGroup === choice.hardware.quotaGroup,
  );

/** All that was tried, a line each, and the mend where nothing is left. */
export function triedText(tried: readonly Tried<unknown>[]): string {
  const lines = tried.map(({ choice, verdict }) => `- ${choiceText(choice)}: ${verdict.message}`);
  const kinds = new Set(tried.map(({ verdict }) => verdict.kind));
  const mend = kinds.has('capacity') || kinds.has('preempted') ? [CAPACITY_MEND] : [];
  const intro =
    tried.length === 1 ? 'Nothing else is left to try:' : `None of the ${tried.length} choices could be had:`;
  return [intro, ...lines, ...mend].join('\n');
}

const CAPACITY_MEND =
  'Name further regions in region or other hardware, raise failover_after, or let the job wait for its machines with the scheduling strategy FLEX_START where they are offered.';
