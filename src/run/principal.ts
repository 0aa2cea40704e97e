import type { SignIn } from '../inputs/inputs.ts';
import { callerOf } from '../preflight/caller.ts';

/** Who signs in, as IAM writes it, as far as the inputs tell; undefined where only the credentials do. */
export function principalOf(signIn: SignIn): string | undefined {
  if (signIn.serviceAccount === undefined && signIn.workloadIdentityProvider === undefined) return undefined;
  return callerOf(signIn).member;
}
