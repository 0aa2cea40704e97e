import { UserError } from '../../faults.ts';
import type { Builder } from './builder.ts';
import { PROXIES } from './proxies.ts';
import type { BuildRequest, Provenance } from './types.ts';

type Asked = Pick<BuildRequest, 'push' | 'provenance' | 'sbom'>;

/** Whether anything is attached to the image. Nothing is to one that is not pushed. */
export const attests = ({ push, provenance, sbom }: Asked) => push && (sbom || provenance !== 'false');

/** Attestations that were asked for are never left out in silence. Throws UserError. */
export function mustAttest(request: Asked, builder: Pick<Builder, 'full' | 'words'>): void {
  if (!attests(request) || builder.full) return;
  throw new UserError(
    `provenance and sbom are asked for, and ${builder.words} attaches neither. In a workflow, run docker/setup-buildx-action before this step, or leave them out.`,
  );
}

export interface ProvenanceAnswer {
  readonly provenance: Provenance;
  /** Why it is less than was asked for. */
  readonly warning: string | undefined;
}

/**
 * How much provenance may tell. More than the least holds every build argument and the proxies of every step, and is
 * pushed beside the image for all to read: with a password in one of them it is the least.
 */
export function safeProvenance(
  { push, provenance, buildArgs }: Pick<BuildRequest, 'push' | 'provenance' | 'buildArgs'>,
  env: Readonly<Record<string, string>>,
): ProvenanceAnswer {
  const values = { ...env, ...buildArgs };
  const open = PROXIES.filter((name) => /^(?:[a-z][a-z\d+.-]*:\/\/)?[^/?#@]+@/i.test(values[name] ?? ''));
  const tellsAll = push && (provenance === 'true' || provenance === 'mode=max');
  if (!tellsAll || open.length === 0) return { provenance, warning: undefined };
  const warning = `provenance is ${provenance}, which would publish the login in ${open.join(' and ')}: mode=min is used, which holds no proxies and no build arguments.`;
  return { provenance: 'mode=min', warning };
}
