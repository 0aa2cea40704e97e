import { isLoopback } from '../../google/endpoints.ts';
import { RegistryError } from './errors.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';

/** An answer, and the address that gave it in the end. */
export interface Followed extends HttpAnswer {
  readonly url: URL;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST_HOPS = 5;

/**
 * The answer of a GET or HEAD where its redirects lead. Authorization stays with the host that it is for. Throws
 * RegistryError for a redirect that must not be followed: away from TLS, or onto this machine from elsewhere.
 */
export async function followed(http: Http, request: HttpRequest): Promise<Followed> {
  let current = request;
  for (let hop = 0; hop <= MOST_HOPS; hop += 1) {
    const answer = await http(current);
    const { location } = answer.headers;
    const redirected = REDIRECTS.has(answer.status) && location !== undefined;
    if (!redirected || (current.method !== 'GET' && current.method !== 'HEAD')) return { ...answer, url: current.url };
    const url = targetOf(location, current.url);
    current = { ...current, url, headers: headersFor(url, current) };
  }
  throw new RegistryError(`more than ${MOST_HOPS} redirects`);
}

/**
 * Where a Location leads that was given by `from`. Throws RegistryError where a request must not go there: away from
 * TLS, or onto this machine from elsewhere.
 */
export function targetOf(location: string, from: URL): URL {
  const url = URL.parse(location, from.href);
  if (url === null) throw new RegistryError(`${from.host} redirects to no address`);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:');
  if (!safe) throw new RegistryError(`${from.host} redirects from ${from.protocol}// to ${url.protocol}//${url.host}`);
  if (isLoopback(url.hostname) && !isLoopback(from.hostname)) {
    throw new RegistryError(`${from.host} redirects to this machine (${url.host})`);
  }
  url.username = '';
  url.password = '';
  return url;
}

/** A request's headers as they may go to `url`. */
export function headersFor(url: URL, { url: before, headers }: Pick<HttpRequest, 'url' | 'headers'>) {
  if (url.origin === before.origin) return headers;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}
