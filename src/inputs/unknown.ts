import leven from 'leven';
import type { Fault } from '../faults.ts';
import { INPUT_NAMES, type InputName } from './raw.ts';

const PREFIX = 'INPUT_';
const isKnown = (name: string) => INPUT_NAMES.some((known) => known === name);

/**
 * Slips in the names of inputs. GitHub hands on what an action has no input for, with a warning that is easily missed
 * (actions/runner, ActionRunner.cs and Handler.cs); an input that counts for nothing may cost days of the wrong machines. Names
 * that are like none are let be: the variable may be another's.
 */
export function misspeltInputs(env: Readonly<Record<string, string | undefined>>): Fault[] {
  return Object.keys(env).flatMap((variable) => {
    const name = variable.startsWith(PREFIX) ? variable.slice(PREFIX.length).toLowerCase() : '';
    return name === '' || isKnown(name) || nearestInput(name) === undefined ? [] : [unknownInput(name)];
  });
}

/** An input that the action does not have. */
export function unknownInput(name: string): Fault {
  const nearest = nearestInput(name) ?? beginningWith(name);
  const mend =
    nearest === undefined
      ? 'Remove it, or look its name up in action.yml.'
      : `The nearest is ${nearest}. Mend the name.`;
  return { rule: 'input-unknown', input: name, message: `is no input of this action. ${mend}` };
}

/** The input that may have been meant: one letter in four may be wrong, in a short name one; two that changed places count as one. */
export function nearestInput(name: string): InputName | undefined {
  const plain = name.toLowerCase().replaceAll(/[- ]/g, '_');
  const most = Math.max(1, Math.floor(plain.length / 4));
  const [nearest] = INPUT_NAMES.map((known) => ({ known, distance: distance(plain, known) })).sort(
    (one, other) => one.distance - other.distance,
  );
  return nearest !== undefined && nearest.distance <= most ? nearest.known : undefined;
}

/** The one input that the name is the beginning of: `project` for `project_id`. */
function beginningWith(name: string): InputName | undefined {
  const [only, ...others] = INPUT_NAMES.filter((known) => known.startsWith(`${name}_`));
  return others.length === 0 ? only : undefined;
}

function distance(one: string, other: string): number {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  const swapped = `${one.slice(0, at)}${one[at + 1]}${one[at]}${one.slice(at + 2)}`;
  return at !== -1 && swapped === other ? 1 : leven(one, other);
}

/** The faults without those that a misspelt name explains: that what was meant is missing. */
export function withoutMissing(faults: readonly Fault[], unknown: readonly Fault[]): readonly Fault[] {
  const meant = new Set<string | undefined>(
    unknown.map(({ input = '' }) => nearestInput(input) ?? beginningWith(input)),
  );
  return faults.filter(({ rule, input }) => rule !== 'required' || input === undefined || !meant.has(input));
}
