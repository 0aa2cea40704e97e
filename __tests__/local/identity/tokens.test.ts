import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Tokens } from '../../../src/local/identity/tokens.ts';
import type { Clock } from '../../../src/retry.ts';

function clockAt(start: number): Clock & { nowMs: number } {
  const clock = { nowMs: start, now: () => clock.nowMs, sleep: async () => {} };
  return clock;
}

describe('Tokens', () => {
  const clock = clockAt(1_800_000_000_000);
  const tokens = new Tokens(clock);

  it('issues what is good until its end, and another each time', () => {
    const [one, other] = [tokens.issue(1_000), tokens.issue(1_000)];
    expect(one).not.toBe(other);
    expect(tokens.stateOf(one)).toBe('good');
    clock.nowMs += 999;
    expect(tokens.stateOf(one)).toBe('good');
    clock.nowMs += 1;
    expect(tokens.stateOf(one)).toBe('expired');
  });

  it('knows none of another process', () => {
    expect(new Tokens(clock).stateOf(tokens.issue(1_000))).toBe('foreign');
  });

  it('knows none that was changed anywhere', () => {
    const token = tokens.issue(1_000);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'aZ09-_.=é'), (at, letter) => {
        fc.pre(token[at] !== letter);
        expect(tokens.stateOf(`${token.slice(0, at)}${letter}${token.slice(at + 1)}`)).toBe('foreign');
      }),
    );
  });

  it.each(['', 'any', 'ya29.local-', `ya29.local-1-${'a'.repeat(22)}.${'é'.repeat(43)}`])('%j is foreign', (text) => {
    expect(tokens.stateOf(text)).toBe('foreign');
  });
});
