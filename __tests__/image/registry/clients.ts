import { type RegistryClient, registryClient } from '../../../src/image/registry/client.ts';
import { type Http, type HttpAnswer, type HttpRequest, nodeHttp } from '../../../src/image/registry/http.ts';
import type { Credential } from '../../../src/image/registry/token.ts';
import type { RegistryOptions } from '../../../src/image/registry/transport.ts';
import { SimulatedClock } from '../../ground/clock.ts';

export interface TestClient {
  readonly client: RegistryClient;
  readonly options: RegistryOptions;
  readonly clock: SimulatedClock;
  readonly masked: string[];
  /** Registries whose login was asked for. */
  readonly logins: string[];
}

export type TestOptions = Partial<Omit<RegistryOptions, 'credentials' | 'clock' | 'mask'>> & {
  /** What each ask for a login gives, the last one for good. */
  readonly logins?: readonly (Credential | undefined)[];
};

/** A client with time of its own, over real HTTP where no other is given. */
export function testClient({ logins: given = [], ...more }: TestOptions = {}): TestClient {
  const clock = new SimulatedClock(1_000_000);
  const masked: string[] = [];
  const logins: string[] = [];
  const options: RegistryOptions = {
    http: nodeHttp({ env: {} }),
    random: () => 0,
    ...more,
    clock,
    mask: (secret) => masked.push(secret),
    credentials: async (registry) => {
      logins.push(registry);
      return given[Math.min(logins.length, given.length) - 1];
    },
  };
  return { client: registryClient(options), options, clock, masked, logins };
}

export type Scripted = Partial<Omit<HttpAnswer, 'body'>> & { readonly body?: unknown };

/** HTTP by a function, for hosts that a test cannot be; it keeps what was asked. */
export function scriptedHttp(answer: (request: HttpRequest) => Scripted): Http & { readonly asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http: Http = async (request) => {
    asked.push(request);
    const { status = 200, headers = {}, body = '' } = answer(request);
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    return { status, headers, body: bytes };
  };
  return Object.assign(http, { asked });
}
