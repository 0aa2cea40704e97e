import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { importanceOf, importanceText } from '../../src/results/importance.ts';
import { chanceLimit, curveShare, groupShare, ranksOf } from '../../src/results/ranks.ts';
import type { MetricSpec, ParameterValue, Trial } from '../../src/vertex/types.ts';
import { trial } from '../job/jobs.ts';

const METRIC: MetricSpec = { metricId: 'm', goal: 'MAXIMIZE' };

type Parameters = Readonly<Record<string, ParameterValue>>;

const trialOf = (id: number, parameters: Parameters, m: number): Trial =>
  trial(
    `${id}`,
    'SUCCEEDED',
    { m },
    {
      parameters: Object.entries(parameters).map(([parameterId, value]) => ({ parameterId, value })),
    },
  );

/** Trials of a study whose objective is a function of its parameters. */
const studyOf = (count: number, parametersOf: (index: number) => Parameters, m: (parameters: Parameters) => number) =>
  Array.from({ length: count }, (_, index) => {
    const parameters = parametersOf(index);
    return trialOf(index + 1, parameters, m(parameters));
  });

/** Numbers from 0 to 1 that look random, the same for a seed. */
function random(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  for (let index = 0; index < 10; index += 1) next();
  return next;
}

const sharesOf = (trials: readonly Trial[]) =>
  Object.fromEntries((importanceOf(trials, METRIC) ?? []).map(({ parameter, share }) => [parameter, share]));

const number = (value: ParameterValue | undefined) => Number(value);

describe('importance', () => {
  const next = random(7);
  const noise = Array.from({ length: 200 }, next);
  const of = (index: number) => noise[index] ?? 0;

  test('is not known from seven trials, or where nothing differs', () => {
    const study = (count: number, m: (index: number) => number) =>
      Array.from({ length: count }, (_, index) => trialOf(index + 1, { rate: index }, m(index)));
    expect(
      importanceOf(
        study(7, (index) => index),
        METRIC,
      ),
    ).toBeUndefined();
    expect(
      importanceOf(
        study(8, (index) => index),
        METRIC,
      ),
    ).toEqual([{ parameter: 'rate', share: expect.closeTo(1) }]);
    expect(
      importanceOf(
        study(20, () => 1),
        METRIC,
      ),
    ).toBeUndefined();
    expect(importanceOf([], METRIC)).toBeUndefined();
  });

  test('counts only trials that have the metric', () => {
    const good = Array.from({ length: 7 }, (_, index) => trialOf(index + 1, { rate: index }, index));
    const bad = [trialOf(8, { rate: 9 }, Number.NaN), trial('9', 'INFEASIBLE', { m: 3 })];
    expect(importanceOf([...good, ...bad], METRIC)).toBeUndefined();
  });

  test('of a study without parameters is an empty list', () => {
    expect(
      importanceOf(
        studyOf(10, () => ({}), next),
        METRIC,
      ),
    ).toEqual([]);
  });

  test.each<{ name: string; m: (x: number) => number; least: number }>([
    { name: 'rises', m: (x) => x, least: 0.999 },
    { name: 'falls over many orders of magnitude', m: (x) => Math.exp(-50 * x), least: 0.999 },
    { name: 'is best in the middle', m: (x) => -((x - 0.5) ** 2), least: 0.9 },
    { name: 'is best left of the middle', m: (x) => -Math.abs(x - 0.35), least: 0.75 },
    { name: 'has an outlier', m: (x) => (x > 0.99 ? 1e12 : x), least: 0.999 },
  ])('of a number by which the objective $name is near 1', ({ m, least }) => {
    const trials = studyOf(
      40,
      (index) => ({ x: index / 39, noise: of(index) }),
      ({ x }) => m(number(x)),
    );
    expect(sharesOf(trials)['x']).toBeGreaterThan(least);
    expect(sharesOf(trials)['noise']).toBeLessThan(0.1);
  });

  test('of a number in a log scale is that in a linear one', () => {
    const trials = (scale: (x: number) => number) =>
      studyOf(
        30,
        (index) => ({ x: scale(index / 30) }),
        ({ x }) => Math.sin(number(scale === Math.exp ? Math.log(number(x)) : x) * 3),
      );
    expect(sharesOf(trials(Math.exp))).toEqual(sharesOf(trials((x) => x)));
  });

  test('of a category that decides is 1, of another next to nothing', () => {
    const names = ['sgd', 'adam', 'adagrad'];
    const trials = studyOf(
      30,
      (index) => ({ optimizer: names[index % 3] ?? '', other: index % 2 === 0 ? 'a' : 'b' }),
      ({ optimizer }) => names.indexOf(String(optimizer)) * 7,
    );
    expect(sharesOf(trials)).toEqual({ optimizer: 1, other: 0 });
  });

  test('of a discrete number with two values that decides is 1', () => {
    const trials = studyOf(
      10,
      (index) => ({ layers: index % 2 }),
      ({ layers }) => number(layers),
    );
    expect(sharesOf(trials)).toEqual({ layers: 1 });
  });

  test('of a category of which each trial has its own is 0: nothing can be told', () => {
    expect(sharesOf(studyOf(20, (index) => ({ id: `run-${index}` }), next))).toEqual({ id: 0 });
  });

  test('of a parameter that never changes is 0', () => {
    expect(sharesOf(studyOf(20, () => ({ fixed: 3, name: 'x' }), next))).toEqual({ fixed: 0, name: 0 });
  });

  test('is shared between two that both matter', () => {
    const trials = studyOf(
      100,
      (index) => ({ a: of(index), b: of(index + 100) }),
      ({ a, b }) => number(a) + number(b),
    );
    const { a = 0, b = 0 } = sharesOf(trials);
    for (const share of [a, b]) expect(share).toBeGreaterThan(0.3);
    for (const share of [a, b]) expect(share).toBeLessThan(0.7);
  });

  describe('of a conditional parameter', () => {
    const conditional = (m: (parameters: Parameters) => number) =>
      studyOf(60, (index) => (index % 2 === 0 ? { optimizer: 'sgd', momentum: of(index) } : { optimizer: 'adam' }), m);

    test('is none of what its parent does', () => {
      const shares = sharesOf(conditional(({ optimizer }) => (optimizer === 'sgd' ? 1 : 2)));
      expect(shares).toEqual({ optimizer: 1, momentum: 0 });
    });

    test('is its part of the whole', () => {
      const { momentum = 0, optimizer = 0 } = sharesOf(
        conditional(({ optimizer: name, momentum: value }) => (name === 'sgd' ? number(value) : 0.5)),
      );
      expect(momentum).toBeGreaterThan(0.9);
      expect(optimizer).toBeLessThan(0.1);
    });

    test('is not told where too few trials have it', () => {
      const trials = studyOf(
        30,
        (index) => (index < 7 ? { rate: of(index), momentum: of(index) } : { rate: of(index) }),
        ({ rate }) => number(rate),
      );
      expect(Object.keys(sharesOf(trials))).toEqual(['rate']);
    });
  });

  test('is sorted, the most first, and by name where it is the same', () => {
    const trials = studyOf(
      20,
      (index) => ({ z: 1, b: 2, main: index }),
      ({ main }) => number(main),
    );
    expect(importanceOf(trials, METRIC)?.map(({ parameter }) => parameter)).toEqual(['main', 'b', 'z']);
  });

  test('keeps hostile names apart', () => {
    const trials = studyOf(
      20,
      (index) => JSON.parse(`{"__proto__": ${index}, "constructor": "x"}`),
      (parameters) => number(Object.values(parameters)[0]),
    );
    expect(importanceOf(trials, METRIC)).toEqual([
      { parameter: '__proto__', share: expect.closeTo(1) },
      { parameter: 'constructor', share: 0 },
    ]);
  });

  test('is told in sentences, with a warning where trials are few', () => {
    expect(importanceText('accuracy', 100)).toMatch(/^How much of the order of 100 trials by accuracy .*not seen\.$/);
    expect(importanceText('accuracy', 12)).toMatch(/not seen\. With so few trials only the clearest show\.$/);
  });
});

describe('any study', () => {
  const seeds = fc.integer({ min: 1, max: 1_000_000 });
  const kinds = ['a', 'b', 'c', 'd'];
  const mixed = (next: () => number): Parameters => ({
    double: next(),
    integer: Math.floor(next() * 6),
    category: kinds[Math.floor(next() * 4)] ?? '',
    ...(next() < 0.5 ? { sometimes: next() } : {}),
  });
  const randomStudy = (seed: number, count: number) => {
    const next = random(seed);
    return studyOf(
      count,
      () => mixed(next),
      ({ double, integer }) => number(double) + number(integer) * next(),
    );
  };

  test('of noise gives nearly nothing, whatever its number of trials', () => {
    for (const count of [8, 15, 30, 100]) {
      const shares = Array.from({ length: 300 }, (_, seed) => {
        const next = random(seed * 1_000 + count);
        return Object.values(sharesOf(studyOf(count, () => mixed(next), next)));
      }).flat();
      const mean = shares.reduce((total, share) => total + share, 0) / shares.length;
      expect(mean).toBeLessThan(0.04);
      // One in twenty is what the test of significance lets pass.
      expect(shares.filter((share) => share > 0).length / shares.length).toBeLessThan(0.07);
    }
  });

  test('gives shares from 0 to 1, the same in whatever order the trials come', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 8, max: 60 }), (seed, count) => {
        const trials = randomStudy(seed, count);
        const shares = sharesOf(trials);
        for (const share of Object.values(shares)) expect(share >= 0 && share <= 1).toBe(true);
        const turned = sharesOf([...trials].reverse());
        for (const [name, share] of Object.entries(shares)) expect(turned[name]).toBeCloseTo(share, 9);
      }),
    );
  });

  test('gives the same with other names, other categories, other units and the goal turned', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 8, max: 60 }), (seed, count) => {
        const trials = randomStudy(seed, count);
        const renamed = trials.map((each) => ({
          ...each,
          parameters: each.parameters.map(({ parameterId, value }) => ({
            parameterId: `x-${parameterId}`,
            value: typeof value === 'number' ? 1_000 - value ** 3 : `${value}!`,
          })),
          finalMeasurement: {
            metrics: (each.finalMeasurement?.metrics ?? []).map(({ metricId, value }) => ({
              metricId,
              value: -Math.exp(value),
            })),
          },
        }));
        const other = sharesOf(renamed);
        for (const [name, share] of Object.entries(sharesOf(trials))) expect(other[`x-${name}`]).toBeCloseTo(share, 9);
      }),
    );
  });

  test('whose objective a parameter decides gives it nearly 1', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 12, max: 80 }), fc.boolean(), (seed, count, byCategory) => {
        const trials = studyOf(
          count,
          // Each kind comes in turn, so that no study lacks one.
          (index) => ({
            ...mixed(random(seed + index)),
            double: random(seed * 100 + index)(),
            turn: kinds[index % 3] ?? '',
          }),
          ({ turn, double }) => (byCategory ? kinds.indexOf(String(turn)) : number(double) ** 5),
        );
        const { turn, double } = sharesOf(trials);
        expect(byCategory ? turn : double).toBeGreaterThan(0.99);
      }),
    );
  });
});

describe('the statistic', () => {
  test('ranks share the mean of equals', () => {
    expect(ranksOf([30, 10, 20, 20, -0, 0])).toEqual([6, 3, 4.5, 4.5, 1.5, 1.5]);
    expect(ranksOf([])).toEqual([]);
  });

  // H = 12 / (n (n + 1)) Σ R²/n_g - 3 (n + 1), with sums of ranks of 15, 40 and 65 in groups of 5.
  test('of groups is that of Kruskal and Wallis', () => {
    const ranks = Array.from({ length: 15 }, (_, index) => index + 1);
    const keys = ranks.map((rank) => (rank <= 5 ? 'a' : rank <= 10 ? 'b' : 'c'));
    const { share, freedom } = groupShare(keys, ranks);
    expect(share * 14).toBeCloseTo((12 / (15 * 16)) * ((15 ** 2 + 40 ** 2 + 65 ** 2) / 5) - 3 * 16, 9);
    expect(freedom).toBe(2);
  });

  test('of a curve takes a parabola whole, and never less than a line', () => {
    const at = [1, 2, 3, 4, 5, 6, 7];
    expect(
      curveShare(
        at,
        at.map((x) => (x - 3) ** 2),
      ).share,
    ).toBeCloseTo(1, 12);
    expect(curveShare(at, [1, 2, 3, 4, 7, 6, 5]).share).toBeGreaterThan(0.7);
  });

  // Tables of chi-squared.
  test.each([
    [1, 3.841],
    [2, 5.991],
    [3, 7.815],
    [9, 16.919],
    [100, 124.342],
  ])('chance reaches with %d degrees of freedom %d', (freedom, limit) => {
    expect(Math.abs(chanceLimit(freedom) - limit) / limit).toBeLessThan(0.01);
  });
});
