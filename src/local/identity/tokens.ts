import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../retry.ts';

/** What a bearer token is to this service. */
export type TokenState = 'foreign' | 'expired' | 'good';

const FORM = /^ya29\.local-(\d{1,16})-([\w-]{22})\.([\w-]{43})$/;

/**
 * The access tokens that this process issues. Nothing is kept of them: each tells its own end, under a seal whose key only
 * this process has, so that none can be made elsewhere and none outlives the process.
 */
export class Tokens {
  readonly #clock: Clock;
  readonly #key = randomBytes(32);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A token that is good for so many milliseconds from now; each is another. */
  issue(lifeMs: number): string {
    const end = Math.floor(this.#clock.now() + lifeMs);
    const content = `${end}-${randomBytes(16).toString('base64url')}`;
    return `ya29.local-${content}.${this.#seal(content)}`;
  }

  /** `foreign` is what was not issued here, or by an earlier process. */
  stateOf(token: string): TokenState {
    const [, end = '', word = '', seal = ''] = FORM.exec(token) ?? [];
    if (seal === '') return 'foreign';
    if (!timingSafeEqual(Buffer.from(seal), Buffer.from(this.#seal(`${end}-${word}`)))) return 'foreign';
    return this.#clock.now() < Number(end) ? 'good' : 'expired';
  }

  #seal(content: string): string {
    return createHmac('sha256', this.#key).update(content).digest('base64url');
  }
}
