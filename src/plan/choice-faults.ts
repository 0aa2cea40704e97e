import { type Fault, faultText } from '../faults.ts';
import type { Limits } from '../inputs/inputs.ts';
import type { Choice, Choices } from './choices.ts';
import { limitFaults, upperBounds } from './cost.ts';
import { type Judgement, leveled } from './findings.ts';

/** What was found of one choice. */
export interface Judged {
  readonly choice: Pick<Choice, 'region' | 'item'>;
  readonly faults: readonly Fault[];
}

/** What the rules found, of all choices together. */
export function judgeChoices(choices: Choices<Choice>): Omit<Judgement, 'notes'> {
  const judged = choices.map((choice) => ({ choice, ...leveled(choice.findings, choice.origins) }));
  return {
    errors: faultsOfAll(judged.map(({ choice, errors: faults }) => ({ choice, faults }))),
    warnings: faultsOfAll(judged.map(({ choice, warnings: faults }) => ({ choice, faults }))),
  };
}

/** The limits that any of the choices may pass. */
export const limitsOfAll = (choices: Choices<Choice>, limits: Limits): readonly Fault[] =>
  faultsOfAll(choices.map((choice) => ({ choice, faults: limitFaults(upperBounds(choice.draft, limits), limits) })));

/** Each fault once, in the order in which they were found; what is not so of all choices names those that it is so of. */
export function faultsOfAll(judged: readonly Judged[]): readonly Fault[] {
  const found = new Map<string, { readonly fault: Fault; readonly of: Judged['choice'][] }>();
  for (const { choice, faults } of judged) {
    for (const fault of faults) {
      const known = found.get(faultText(fault));
      if (known === undefined) found.set(faultText(fault), { fault, of: [choice] });
      else known.of.push(choice);
    }
  }
  const regions = new Set(judged.map(({ choice }) => choice.region));
  return [...found.values()].map(({ fault, of }) => named(fault, of, regions));
}

/** What is so of the first hardware needs no item's name, and what is so in every region none of a region. */
function named(fault: Fault, of: readonly Judged['choice'][], regions: ReadonlySet<string>): Fault {
  const items = [...new Set(of.map(({ item }) => item))];
  const places = [...new Set(of.map(({ region }) => region))];
  const anyHardware = fault.input === 'fallback_hardware' || items.includes(undefined);
  const anywhere = places.length === regions.size || places.every((region) => fault.message.includes(region));
  const parts = [
    ...(anyHardware ? [] : [`with item ${items.join(' and ')} of fallback_hardware`]),
    ...(anywhere ? [] : [`in ${places.join(' and ')}`]),
  ];
  return parts.length === 0 ? fault : { ...fault, message: `${fault.message} That is so ${parts.join(' ')}.` };
}
