import { placeText } from './gather.ts';
import type { PythonDemand, Reading } from './reading.ts';
import { compatible, parseVersion, pinned, satisfies } from './versions.ts';

/** More demands than this are not compared with each other. */
const MOST_DEMANDS = 96;

/** The Python that all demand together; contradictions are told. Undefined where nothing is demanded. */
export function gatherPython(reading: Reading, given: string | undefined): string | undefined {
  const said = reading.pythons.filter(({ specifier }) => specifier !== '');
  const demands = said.filter(({ soft }) => soft !== true);
  for (const wish of said) if (wish.soft === true && compatible(joined([...demands, wish]))) demands.push(wish);
  const whole = joined(demands);
  if (!compatible(whole)) tellPython(reading, demands);
  else if (given !== undefined) judgePython(reading, demands, given);
  return whole === '' ? undefined : whole;
}

const joined = (demands: readonly PythonDemand[]) =>
  [...new Set(demands.flatMap(({ specifier }) => specifier.split(',').map((clause) => clause.trim())))].join(',');

/** A Python without its patch is judged by its series alone. */
function judgePython(reading: Reading, demands: readonly PythonDemand[], given: string): void {
  const exact = given.split('.').length > 2 ? `==${given}` : `==${given}.*`;
  const other = demands.find(({ specifier }) => !compatible(`${specifier},${exact}`));
  if (other === undefined) return;
  const message = `${other.who} wants Python ${other.specifier}, and the image has ${given}. Change one of them.`;
  reading.error('requirements-python', other.place, message);
}

function tellPython(reading: Reading, demands: readonly PythonDemand[]): void {
  const few = demands.slice(0, MOST_DEMANDS);
  for (const [index, other] of few.entries()) {
    const one = few.slice(0, index).find(({ specifier }) => !compatible(`${specifier},${other.specifier}`));
    if (one === undefined) continue;
    const message = `${other.who} wants Python ${other.specifier}, and ${one.who} (${placeText(one.place)}) wants ${one.specifier}: no Python fits both. Make them agree.`;
    reading.error('requirements-python', other.place, message);
    return;
  }
}

/** Newest first where images have been proven with them; 3.12 first as the one with wheels for most packages. */
const PYTHONS = ['3.12', '3.11', '3.13', '3.10', '3.14', '3.9', '3.8', '3.7', '3.15'];

/** A Python that fits the specifiers: the pinned one, else the first of the common ones that does; 3.12 where none is known to. */
export function pythonFor(specifier: string | undefined): string {
  if (specifier === undefined || !compatible(specifier)) return '3.12';
  const pin = pinned(specifier);
  if (pin !== undefined && parseVersion(pin)?.release[0] === 3) return pin;
  const fits = (python: string) => satisfies(`${python}.99`, specifier) || satisfies(`${python}.0`, specifier);
  return PYTHONS.find(fits) ?? '3.12';
}
