import { CONTROL_PATH, type JobOrder } from '../../../src/local/faults/control.ts';
import type { Call } from '../../../src/local/faults/requests.ts';
import type { RequestFault, Rule } from '../../../src/local/faults/rules.ts';
import type { Script } from '../../../src/local/faults/script.ts';
import type { Conditions } from '../../../src/local/faults/views.ts';
import type { Status } from '../../../src/vertex/types.ts';

export interface Orders {
  readonly rules?: readonly Rule[];
  readonly conditions?: Conditions;
  readonly scripts?: Readonly<Record<string, Script>>;
  readonly clock?: { readonly advanceMs?: number; readonly skewMs?: number };
  readonly jobs?: readonly JobOrder[];
  /** Lets go on what the fault `hold` keeps. */
  readonly release?: boolean;
}

export interface Report {
  /** By the service's clock. */
  readonly nowMs: number;
  readonly rules: readonly (Rule & { readonly seen: number; readonly fired: number })[];
  readonly conditions: Conditions;
  readonly requests: readonly {
    readonly atMs: number;
    readonly method: string;
    readonly path: string;
    readonly call: Call;
    readonly fault?: string;
  }[];
  /** All that lists can tell of, whatever they show at the time. */
  readonly jobs: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly state: string;
    readonly createTime: string;
    readonly endTime?: string;
    readonly error?: Status;
  }[];
}

/** Speaks to a service that was started with `--faults`. */
export class FaultClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** `url` is the service's, without a slash at the end; `token` where it demands one. */
  constructor(url: string, token?: string) {
    this.#url = `${url}${CONTROL_PATH}`;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /** Sets what is given; nothing of it where its form is refused. Throws with the service's words. */
  async order(orders: Orders): Promise<void> {
    await this.#call('POST', JSON.stringify(orders));
  }

  async report(): Promise<Report> {
    return (await this.#call('GET')) as Report;
  }

  /** Takes back all rules, conditions, scripts and refused tokens, and forgets the requests; the clock stays. */
  async calm(): Promise<void> {
    await this.#call('DELETE');
  }

  /** How often a call was made so far. */
  async count(call: Call): Promise<number> {
    return (await this.report()).requests.filter((request) => request.call === call).length;
  }

  async #call(method: string, body?: string): Promise<unknown> {
    const response = await fetch(this.#url, {
      method,
      headers: this.#headers,
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${CONTROL_PATH}: HTTP ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

/** A rule for the next calls of a kind: one, if no number is given. */
export function next(call: Call, fault: RequestFault, more: Omit<Rule, 'call' | 'fault'> = {}): Rule {
  return { call, fault, ...more };
}
