import { faultText, InputError } from '../faults.ts';
import type { ArtifactRegistryApi } from '../google/artifact-registry.ts';
import type { Log } from '../log.ts';
import { type AccessOptions, checkAccess } from './registry/access.ts';
import type { AccessFinding } from './registry/findings.ts';

/** Who pushes, and for whose job. */
export interface Pusher {
  readonly artifactRegistry: ArtifactRegistryApi | undefined;
  /** The job's project: its id, or its number. */
  readonly project: string;
  /** Its number, where it is known. */
  readonly projectNumber: string | undefined;
  /** Who is signed in to Google, as IAM writes it; undefined where that is not known. */
  readonly principal: string | undefined;
  /** Rules whose findings are told as notes. */
  readonly ignore: readonly string[];
}

export interface PushCheck extends Pusher, Pick<AccessOptions, 'image' | 'client' | 'ownLogin'> {
  readonly log: Log;
}

/** Throws InputError where this step may not push the image, or Vertex AI may not pull it; tells what else was found. */
export async function checkPush(options: PushCheck): Promise<void> {
  report(await checkAccess(options), options);
}

/** Tells warnings and notes; throws InputError with every error. */
export function report(findings: readonly AccessFinding[], { ignore, log }: Pick<PushCheck, 'ignore' | 'log'>): void {
  const heavy = findings.filter(({ fault }) => !ignore.includes(fault.rule));
  for (const finding of findings) {
    const ignored = heavy.includes(finding) ? '' : 'Ignored: ';
    if (ignored !== '' || finding.level === 'note') log.info(`${ignored}${faultText(finding.fault)}`);
    else if (finding.level === 'warning') log.warning(faultText(finding.fault));
  }
  const errors = heavy.flatMap(({ level, fault }) => (level === 'error' ? [fault] : []));
  if (errors.length > 0) throw new InputError(errors, 'checked');
}
