import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuthClient } from 'google-auth-library';

/** What the call that runs was last answered. */
export interface LastAnswer {
  headers: Headers | undefined;
}

const calls = new AsyncLocalStorage<LastAnswer>();

type Interceptors = AuthClient['transporter']['interceptors']['response'];
type Interceptor = Extract<Parameters<Interceptors['add']>[0], object>;

const listener: Interceptor = {
  resolved: async (response) => {
    const call = calls.getStore();
    if (call !== undefined) call.headers = response.headers;
    return response;
  },
};

/**
 * Lets `hearing` know of what the client is answered. google-gax's REST transport hands on the body of a refusal and drops
 * its headers, and so the wait that it asks for.
 */
export function listenTo(client: AuthClient): void {
  client.transporter.interceptors.response.add(listener);
}

/** Runs the call; `answer` holds the headers of the last answer that it met, whether it succeeds or throws. */
export const hearing = <T>(answer: LastAnswer, call: () => Promise<T>): Promise<T> => calls.run(answer, call);
