import { type EngineAddress, EngineError, engineCall } from '../../../engine/http.ts';
import { isRecord, textAt } from '../../../json.ts';

/** A container or network as the engine lists it. */
export interface Labelled {
  readonly id: string;
  /** The value of one of its labels. */
  readonly label: (name: string) => string | undefined;
  /** Of a container: `created` before it is started, then `running`, `exited` and others. */
  readonly state: string | undefined;
}

/** Containers and networks. */
export interface Listing {
  readonly containers: readonly Labelled[];
  readonly networks: readonly Labelled[];
}

/** The containers and networks that carry a label, running or not, the latest first. Throws `EngineError`. */
export async function labelled(address: EngineAddress, label: string): Promise<Listing> {
  const filters = JSON.stringify({ label: [label] });
  const containers = { method: 'GET', path: '/containers/json', query: { all: '1', filters } } as const;
  const networks = { method: 'GET', path: '/networks', query: { filters } } as const;
  return {
    containers: allLabelled(await engineCall(address, containers)),
    networks: allLabelled(await engineCall(address, networks)),
  };
}

/** The id in an answer of the engine. Throws `EngineError` where there is none. */
export function identifier(answer: unknown): string {
  const id = textAt(answer, 'Id');
  if (id === undefined || !/^[0-9a-f]{12,64}$/.test(id)) throw new EngineError('The Docker engine gave no id.');
  return id;
}

function allLabelled(answer: unknown): Labelled[] {
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return all.map((one) => {
    const labels = isRecord(one) && isRecord(one['Labels']) ? one['Labels'] : {};
    return { id: identifier(one), label: (name) => textAt(labels, name), state: textAt(one, 'State') };
  });
}
