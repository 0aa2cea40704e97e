import { type Fault, faultText } from '../faults.ts';
import type { Choice } from './choices.ts';

/** What was found of one choice. */
export interface Judged {
  readonly choice: Pick<Choice, 'region' | 'item'>;
  readonly faults: readonly Fault[];
}

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

function named(fault: Fault, of: readonly Judged['choice'][], regions: ReadonlySet<string>): Fault {
  const items = [...new Set(of.map(({ item }) => item))];
  const own = fault.input === 'fallback_hardware' || items.includes(undefined);
  const places = [...new Set(of.map(({ region }) => region))];
  const everywhere = places.length === regions.size || places.every((region) => fault.message.includes(region));
  const parts = [
    ...(own ? [] : [`with item ${items.join(' and ')} of fallback_hardware`]),
    ...(everywhere ? [] : [`in ${places.join(' and ')}`]),
  ];
  return parts.length === 0 ? fault : { ...fault, message: `${fault.message} That is so ${parts.join(' ')}.` };
}
