import type { SignIn } from '../inputs/inputs.ts';

/** Who signs in, as IAM writes it; who a provider's own identity is, only GitHub's token says. */
export const principalOf = ({ serviceAccount }: SignIn): string | undefined =>
  serviceAccount === undefined ? undefined : `serviceAccount:${serviceAccount}`;
