import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Asked, isSelected, type Selector } from '../../../src/local/faults/requests.ts';
import { type Armed, choose, MOMENTS, momentOf, type Rule } from '../../../src/local/faults/rules.ts';

const JOBS = '/v1/projects/p/locations/l/customJobs';
const CREATE: Asked = { method: 'POST', path: JOBS };
const GET: Asked = { method: 'GET', path: `${JOBS}/1` };
const LIST: Asked = { method: 'GET', path: JOBS };

const armed = (rules: readonly Rule[], sinceMs = 0): Armed[] =>
  rules.map((rule) => ({ rule, sinceMs, seen: 0, fired: 0 }));

/** Which rule, by its place, meets each of the requests, which come a millisecond apart; -1 for none. */
function run(rules: readonly Rule[], asked: readonly Asked[]): { met: number[]; after: readonly Armed[] } {
  let after: readonly Armed[] = armed(rules);
  const met = asked.map((request, index) => {
    const { rules: next, chosen } = choose(after, request, index);
    after = next;
    return chosen === undefined ? -1 : rules.indexOf(chosen);
  });
  return { met, after };
}

const RESET = { kind: 'reset' } as const;

describe('choose', () => {
  it.each<[string, Rule[], Asked[], number[]]>([
    ['one, if no number is given', [{ call: 'create', fault: RESET }], [CREATE, CREATE], [0, -1]],
    [
      'the next two creates',
      [{ call: 'create', times: 2, fault: RESET }],
      [GET, CREATE, LIST, CREATE, CREATE],
      [-1, 0, -1, 0, -1],
    ],
    ['the third get', [{ call: 'get', skip: 2, fault: RESET }], [GET, GET, GET, GET], [-1, -1, 0, -1]],
    ['always', [{ call: 'get', times: 'always', fault: RESET }], [GET, GET, CREATE, GET], [0, 0, -1, 0]],
    ['none', [{ call: 'get', times: 0, fault: RESET }], [GET], [-1]],
    ['for a while', [{ times: 'always', forMs: 2, fault: RESET }], [GET, GET, GET, GET], [0, 0, -1, -1]],
    [
      'one after the other',
      [
        { call: 'get', times: 2, fault: RESET },
        { call: 'get', times: 1, fault: { kind: 'hang' } },
      ],
      [GET, GET, GET, GET],
      [0, 0, 1, -1],
    ],
    [
      'each counting what another meets',
      [
        { call: 'get', fault: RESET },
        { call: 'get', skip: 2, fault: { kind: 'hang' } },
      ],
      [GET, GET, GET, GET],
      [0, -1, 1, -1],
    ],
  ])('%s', (_name, rules, asked, expected) => {
    expect(run(rules, asked).met).toEqual(expected);
  });

  it('gives the very same rules where none matches', () => {
    const rules = armed([{ call: 'create', fault: RESET }]);
    expect(choose(rules, GET, 0).rules).toBe(rules);
  });

  const selector = fc.constantFrom<Selector>(
    {},
    { call: 'create' },
    { call: 'get' },
    { method: 'GET' },
    { path: `${JOBS}/*` },
  );
  const ruleArbitrary = fc
    .record({
      on: selector,
      skip: fc.option(fc.nat(4), { nil: undefined }),
      times: fc.option(fc.oneof(fc.nat(4), fc.constant('always' as const)), { nil: undefined }),
      forMs: fc.option(fc.nat(12), { nil: undefined }),
    })
    .map(({ on, ...rest }): Rule => ({ ...on, ...rest, fault: { kind: 'reset' } }));
  const requests = fc.array(fc.constantFrom(CREATE, GET, LIST), { maxLength: 20 });

  it('meets the matching requests from skip + 1 on, times of them, while it lasts', () => {
    fc.assert(
      fc.property(ruleArbitrary, requests, (rule, asked) => {
        const { skip = 0, times = 1, forMs = Number.POSITIVE_INFINITY } = rule;
        const most = times === 'always' ? Number.POSITIVE_INFINITY : times;
        let nth = 0;
        const expected = asked.map((request, nowMs) => {
          if (!isSelected(rule, request) || nowMs >= forMs) return -1;
          nth += 1;
          return nth > skip && nth <= skip + most ? 0 : -1;
        });
        expect(run([rule], asked).met).toEqual(expected);
      }),
    );
  });

  it('lets one rule at most meet a request, the first of those that would by the requests left to them', () => {
    fc.assert(
      fc.property(fc.array(ruleArbitrary, { maxLength: 4 }), requests, (rules, asked) => {
        const { met, after } = run(rules, asked);
        for (const [place, { rule, seen, fired }] of after.entries()) {
          const { skip = 0, times = 1, forMs = Number.POSITIVE_INFINITY } = rule;
          const matching = asked.filter((request, nowMs) => isSelected(rule, request) && nowMs < forMs);
          expect(seen).toBe(matching.length);
          expect(fired).toBe(met.filter((each) => each === place).length);
          expect(fired).toBeLessThanOrEqual(
            times === 'always' ? Math.max(0, seen - skip) : Math.min(times, Math.max(0, seen - skip)),
          );
        }
        // Without the rules that come after it, a rule meets the same requests.
        for (let length = 0; length <= rules.length; length += 1) {
          const alone = run(rules.slice(0, length), asked).met;
          expect(alone).toEqual(met.map((place) => (place < length ? place : -1)));
        }
      }),
    );
  });
});

describe('momentOf', () => {
  it.each(Object.entries(MOMENTS))('%s strikes %j', (kind, moments) => {
    const rule = { fault: { kind } } as Rule;
    expect(momentOf(rule)).toBe(moments[0]);
    expect(momentOf({ ...rule, when: 'after' })).toBe('after');
  });
});
