import { asSentence } from '../../faults.ts';
import { textAt } from '../../json.ts';
import { durationText } from '../../plan/duration.ts';
import { RegistryError } from './errors.ts';
import { DOCKER_HUB, isGoogleRegistry, isLocalRegistry, type Repository } from './reference.ts';
import { LONGEST_WAIT_MS } from './refusal.ts';
import { WRITER } from './remedies.ts';

/** Something that is asked of a registry. */
export interface Asked {
  /** In words that begin a sentence and name the image: `Looking for the image r.example/a:1`. */
  readonly doing: string;
  readonly repository: Repository;
}

/**
 * Runs what asks a registry. A RegistryError that comes out of it says by itself what was asked for, what came and what
 * mends it; its `reason` is what came.
 */
export async function told<T>({ doing, repository: { registry } }: Asked, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof RegistryError) || error.reason !== error.message) throw error;
    const message = `${doing} failed: ${asSentence(error.message)} ${mendOf(error, registry)}`;
    throw new RegistryError(message, { ...error, reason: error.message, cause: error.cause });
  }
}

function mendOf(error: RegistryError, registry: string): string {
  const { status, kind } = error;
  if (kind === 'connection') return connectionMend(error, registry);
  if (kind === 'content') {
    return `If ${registry} is the registry that was meant, that image is broken there: delete it, or have it built anew by build: always.`;
  }
  return (status === undefined ? undefined : statusMend(status, error, registry)) ?? strangeMend(registry);
}

const strangeMend = (registry: string) =>
  `${registry} does not answer as a registry does: check the name of the image, and that no proxy or sign-in page answers in its place.`;

function statusMend(status: number, { retryAfterMs, codes }: RegistryError, registry: string): string | undefined {
  if (status === 429) {
    return `${registry} takes no more requests for now: its rate limit is met.${waitWords(retryAfterMs)} Try again later.${limitWords(registry)}`;
  }
  if (status === 408 || status >= 500) {
    return `${registry} has a fault of its own, or too much to do.${waitWords(retryAfterMs)} Try again later.`;
  }
  if (status === 401 || status === 403) return loginMend(registry);
  if (status === 404) return `Check the name of the image, and that ${registry} has its repository.`;
  // Whoever has codes is a registry.
  return codes.length > 0 ? `Check the name of the image, and what ${registry} lets be put there.` : undefined;
}

function waitWords(retryAfterMs: number | undefined): string {
  if (retryAfterMs === undefined) return '';
  const seconds = Math.ceil(retryAfterMs / 1000);
  const about = seconds < 3600 ? '' : ` (${durationText(seconds)})`;
  const most = `, longer than the ${LONGEST_WAIT_MS / 1000} s that this step waits: it was not asked again`;
  return ` It asks to wait ${seconds} s${about} before the next request${retryAfterMs > LONGEST_WAIT_MS ? most : ''}.`;
}

const LOGIN = 'registry_username and registry_password, or docker/login-action before this step';

const limitWords = (registry: string) =>
  registry === DOCKER_HUB ? ` It lets those do more who are signed in: ${LOGIN}.` : '';

function loginMend(registry: string): string {
  return isGoogleRegistry(registry)
    ? `Check the sign-in of this step, and its role in the repository of the image: ${WRITER}.`
    : `Check that this step has a login for ${registry} which may use that repository: ${LOGIN}.`;
}

/** What OpenSSL and Node say of certificates that they do not take, and of an answer that is not TLS. */
const CERTIFICATE = /CERT|UNABLE_TO_VERIFY/;
const NO_TLS = /^(?:EPROTO|ERR_SSL_)/;

function connectionMend({ cause }: RegistryError, registry: string): string {
  const code = textAt(cause, 'code') ?? '';
  if (code === 'ENOTFOUND') {
    return 'This machine finds no host of that name: check the registry in the name of the image and, where this machine reaches it through a proxy, HTTPS_PROXY and NO_PROXY.';
  }
  if (CERTIFICATE.test(code)) {
    return "This step does not trust that certificate. Where an authority of your own has signed it (a proxy's too), name that authority's file in NODE_EXTRA_CA_CERTS of the runner.";
  }
  if (NO_TLS.test(code)) {
    return `${registry} does not speak TLS there, which every registry outside of this machine has to. Check its port in the name of the image.`;
  }
  if (isLocalRegistry(registry)) return `Check that a registry answers at ${registry}, on this machine.`;
  return "Try again later. If it stays so, check the registry in the name of the image, and this machine's way to it: its firewall, HTTPS_PROXY and NO_PROXY.";
}
