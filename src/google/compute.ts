import { isRecord } from '../json.ts';
import type { Credentials } from './credentials.ts';
import { encodedName, listIn, orMissing, restOf, textIn } from './rest.ts';

export interface Network {
  readonly peerings: readonly { readonly name: string; readonly state: string }[];
}

/** Compute Engine's networks (v1), by `projects/PROJECT/global/networks/NAME`. Each call throws ApiError. */
export interface ComputeApi {
  /** Undefined where there is no network of that name. */
  network(name: string, signal?: AbortSignal): Promise<Network | undefined>;
}

/** `url` is the service's base address without the path of the API, such as `https://compute.googleapis.com`. */
export function computeApi(url: string, credentials: Credentials): ComputeApi {
  const rest = restOf(url, credentials);
  return {
    network: async (name, signal) => {
      const path = `/compute/v1/${encodedName(name)}?fields=peerings(name,state)`;
      const answer = await orMissing(rest({ action: `get ${name}`, path, signal }));
      if (answer === undefined) return undefined;
      const peerings = listIn(answer, 'peerings').filter(isRecord);
      return {
        peerings: peerings.map((each) => ({ name: textIn(each, 'name') ?? '', state: textIn(each, 'state') ?? '' })),
      };
    },
  };
}
