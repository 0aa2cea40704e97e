import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Point, searchNote, searchPoints, trialArguments, valueAt } from '../../../src/local/study/search.ts';
import type { Algorithm, ParameterSpec, StudySpec } from '../../../src/vertex/types.ts';

function study(parameters: readonly ParameterSpec[], algorithm?: Algorithm): StudySpec {
  const metrics = [{ metricId: 'm', goal: 'MAXIMIZE' as const }];
  return algorithm === undefined ? { metrics, parameters } : { metrics, parameters, algorithm };
}

function take(spec: StudySpec, count: number, seed = 's'): Point[] {
  const points = searchPoints(spec, seed);
  return Array.from({ length: count }, () => points.next().value).filter((point) => point !== undefined) as Point[];
}

const rate: ParameterSpec = {
  parameterId: 'rate',
  scaleType: 'UNIT_LOG_SCALE',
  doubleValueSpec: { minValue: 0.0001, maxValue: 0.1 },
};
const layers: ParameterSpec = { parameterId: 'layers', integerValueSpec: { minValue: '1', maxValue: '3' } };
const optimiser: ParameterSpec = {
  parameterId: 'optimiser',
  categoricalValueSpec: { values: ['sgd', 'adam'] },
  conditionalParameterSpecs: [
    {
      parameterSpec: { parameterId: 'momentum', discreteValueSpec: { values: [0.8, 0.9] } },
      parentCategoricalValues: { values: ['sgd'] },
    },
  ],
};

describe('valueAt', () => {
  it.each([
    ['the middle of a linear range', { doubleValueSpec: { minValue: 0, maxValue: 10 } }, 0.5, 5],
    [
      'the middle of a log range',
      { scaleType: 'UNIT_LOG_SCALE', doubleValueSpec: { minValue: 1, maxValue: 100 } },
      0.5,
      10,
    ],
    [
      'the middle of a reverse log range',
      { scaleType: 'UNIT_REVERSE_LOG_SCALE', doubleValueSpec: { minValue: 1, maxValue: 100 } },
      0.5,
      91,
    ],
    ['the last integer', { integerValueSpec: { minValue: '1', maxValue: '3' } }, 0.999, 3],
    ['a category', { categoricalValueSpec: { values: ['a', 'b'] } }, 0.5, 'b'],
    ['a discrete value', { discreteValueSpec: { values: [8, 16, 32] } }, 0, 8],
  ] as const)('%s', (_name, spec, share, expected) => {
    const value = valueAt({ parameterId: 'p', ...spec }, share);
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 9);
    else expect(value).toBe(expected);
  });

  it('never leaves the range, on any scale', () => {
    const scale = fc.constantFrom('UNIT_LINEAR_SCALE', 'UNIT_LOG_SCALE', 'UNIT_REVERSE_LOG_SCALE');
    const bound = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        scale,
        bound,
        bound,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (scaleType, a, b, share) => {
          const [minValue, maxValue] = [Math.min(a, b), Math.max(a, b)];
          const value = Number(
            valueAt({ parameterId: 'p', scaleType, doubleValueSpec: { minValue, maxValue } }, share),
          );
          expect(value).toBeGreaterThanOrEqual(minValue);
          expect(value).toBeLessThanOrEqual(maxValue);
        },
      ),
    );
  });
});

describe('searchPoints', () => {
  it.each(['ALGORITHM_UNSPECIFIED', 'RANDOM_SEARCH'] as const)('%s is the same for the same seed only', (algorithm) => {
    const spec = study([rate, layers], algorithm);
    expect(take(spec, 20, 'a')).toEqual(take(spec, 20, 'a'));
    expect(take(spec, 20, 'a')).not.toEqual(take(spec, 20, 'b'));
  });

  it('spreads a quasi-random search evenly over the scale', () => {
    const decades = take(study([rate]), 30).map((point) => Math.floor(Math.log10(Number(point[0]?.value))));
    for (const decade of [-4, -3, -2]) expect(decades.filter((found) => found === decade).length).toBeGreaterThan(7);
  });

  it('takes every combination of a grid once, with the conditional values where they are active', () => {
    const points = take(
      study([optimiser, { ...layers, integerValueSpec: { minValue: '1', maxValue: '2' } }], 'GRID_SEARCH'),
      100,
    );
    expect(points.map((point) => trialArguments(point).join(' '))).toEqual([
      '--optimiser=sgd --momentum=0.8 --layers=1',
      '--optimiser=sgd --momentum=0.8 --layers=2',
      '--optimiser=sgd --momentum=0.9 --layers=1',
      '--optimiser=sgd --momentum=0.9 --layers=2',
      '--optimiser=adam --layers=1',
      '--optimiser=adam --layers=2',
    ]);
  });

  it('gives a conditional value exactly when its parent has the value', () => {
    for (const point of take(study([optimiser]), 50)) {
      const isSgd = point[0]?.value === 'sgd';
      expect(point.map((item) => item.parameterId)).toEqual(isSgd ? ['optimiser', 'momentum'] : ['optimiser']);
    }
  });

  it('matches an int64 parent by number', () => {
    const parent: ParameterSpec = {
      ...layers,
      conditionalParameterSpecs: [{ parameterSpec: rate, parentIntValues: { values: ['2'] } }],
    };
    const sizes = take(study([parent]), 30).map((point) => [point[0]?.value === 2, point.length === 2]);
    expect(sizes.every(([isTwo, hasChild]) => isTwo === hasChild)).toBe(true);
  });

  it('starts a huge grid without making it', () => {
    const huge = Array.from({ length: 40 }, (_unused, index) => ({ ...layers, parameterId: `p${index}` }));
    expect(take(study(huge, 'GRID_SEARCH'), 2)).toHaveLength(2);
  });

  it('says that the default algorithm is not the service’s own', () => {
    expect(searchNote(study([rate]))).toMatch(/no Bayesian optimisation.*Halton/);
  });
});
