import { placeOf } from '../python/places.ts';
import type { Reader } from './reading.ts';

/** Flags of Hydra itself (hydra.cc, Hydra's command line flags). */
const OWN =
  `--cfg --config-dir --config-name --config-path --experimental-rerun --help --hydra-help --info --multirun --package
--resolve --run --shell-completion --version`.split(/\s+/);

/** Hydra takes `name=value`; whatever else begins with dashes it refuses. */
export const readHydra: Reader = ({ code, calls }) => {
  const first = calls.find(({ name }) => name === 'hydra.main');
  if (first === undefined) return undefined;
  const place = placeOf(first.module, first.call.node);
  const flags = new Map(OWN.map((flag) => [flag, place]));
  return {
    library: 'Hydra',
    place,
    flags,
    prefixes: true,
    dashesAlike: false,
    others: code.read ? 'closed' : 'unknown',
  };
};
