import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIRST_TRIALS, searchNote, searchOf, trialArguments } from '../../../src/local/study/search.ts';
import {
  childrenOf,
  type Point,
  pointFrom,
  shareOf,
  sharesOf,
  valueAt,
  valueCount,
} from '../../../src/local/study/space.ts';
import type { Algorithm, ParameterSpec, ParameterValue, StudySpec, Trial } from '../../../src/vertex/types.ts';
import { gridSpaces, spaces } from './spaces.ts';

function study(parameters: readonly ParameterSpec[], algorithm?: Algorithm): StudySpec {
  const metrics = [{ metricId: 'm', goal: 'MAXIMIZE' as const }];
  return algorithm === undefined ? { metrics, parameters } : { metrics, parameters, algorithm };
}

/** The points of a search whose trials never end. */
function take(spec: StudySpec, count: number, seed = 's'): Point[] {
  const search = searchOf(spec, seed);
  return Array.from({ length: count }, () => search.next([])).filter((point) => point !== undefined);
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

  const leaf = (parameterId: string): ParameterSpec => ({ parameterId, categoricalValueSpec: { values: ['only'] } });
  it.each<[string, ParameterSpec, object, unknown]>([
    ['a category', optimiser, { parentCategoricalValues: { values: ['adam'] } }, 'adam'],
    ['an int64', layers, { parentIntValues: { values: ['2'] } }, 2],
    [
      'a discrete value within 1e-10',
      { parameterId: 'd', discreteValueSpec: { values: [0.1, 0.3] } },
      { parentDiscreteValues: { values: [0.1 + 0.2] } },
      0.3,
    ],
  ])('hangs a child on %s, and its own child on it', (_name, parent, condition, value) => {
    const inner: ParameterSpec = {
      ...leaf('child'),
      conditionalParameterSpecs: [
        { parameterSpec: leaf('grandchild'), parentCategoricalValues: { values: ['only'] } },
        { parameterSpec: leaf('other'), parentCategoricalValues: { values: ['none'] } },
      ],
    };
    const spec: ParameterSpec = { ...parent, conditionalParameterSpecs: [{ parameterSpec: inner, ...condition }] };
    for (const algorithm of ['GRID_SEARCH', 'RANDOM_SEARCH', 'ALGORITHM_UNSPECIFIED'] as const) {
      const points = take(study([spec], algorithm), 40);
      expect(points.some((point) => point[0]?.value === value)).toBe(true);
      for (const [first, ...others] of points) {
        const ids = others.map(({ parameterId }) => parameterId);
        expect(ids).toEqual(first?.value === value ? ['child', 'grandchild'] : []);
      }
    }
  });

  it('starts a huge grid without making it', () => {
    const huge = Array.from({ length: 40 }, (_unused, index) => ({ ...layers, parameterId: `p${index}` }));
    expect(take(study(huge, 'GRID_SEARCH'), 2)).toHaveLength(2);
  });

  it('says what changes nothing', () => {
    const noisy = { ...study([rate], 'RANDOM_SEARCH'), observationNoise: 'HIGH' };
    expect(searchNote(noisy)).toMatch(/drawn at random\. observation_noise is for Vizier studies/);
  });

  it('says that the default algorithm is not the service’s own', () => {
    expect(searchNote(study([rate]))).toMatch(/stands in for the service's Bayesian.*Halton.*Parzen/);
  });
});

/** What is wrong with a point of that space: told by the specs alone. */
function faultsOf(parameters: readonly ParameterSpec[], point: Point): string[] {
  const values = new Map(point.map(({ parameterId, value }) => [parameterId, value]));
  const seen = new Set<string>();
  const faults = parameters.flatMap(function check(spec: ParameterSpec): string[] {
    const {
      parameterId: id,
      doubleValueSpec: double,
      integerValueSpec: integer,
      conditionalParameterSpecs = [],
    } = spec;
    const value = values.get(id);
    if (value === undefined) return [`${id} is missing`];
    seen.add(id);
    const number = typeof value === 'number' ? value : Number.NaN;
    const isRight =
      (spec.categoricalValueSpec?.values.includes(String(value)) && typeof value === 'string') ||
      spec.discreteValueSpec?.values.includes(number) ||
      (double && number >= double.minValue && number <= double.maxValue) ||
      (integer && Number.isInteger(number) && number >= Number(integer.minValue) && number <= Number(integer.maxValue));
    const below = conditionalParameterSpecs.flatMap((each) => {
      const on: readonly ParameterValue[] =
        each.parentCategoricalValues?.values ?? each.parentDiscreteValues?.values ?? each.parentIntValues?.values ?? [];
      return on.some((other) => String(other) === String(value)) ? check(each.parameterSpec) : [];
    });
    return [...(isRight ? [] : [`${id} is ${value}`]), ...below];
  });
  return [...faults, ...[...values.keys()].filter((id) => !seen.has(id)).map((id) => `${id} is not active`)];
}

describe('any space', () => {
  const algorithms = fc.constantFrom('ALGORITHM_UNSPECIFIED' as const, 'RANDOM_SEARCH' as const);

  /** So many trials, most of which succeed with some value, one after the other. */
  function trialsOf(spec: StudySpec, count: number): Trial[] {
    const search = searchOf(spec, 'seed');
    const trials: Trial[] = [];
    for (let id = 1; id <= count; id += 1) {
      const parameters = search.next(trials);
      if (parameters === undefined) break;
      trials.push(
        id % 5 === 0 ? { id: String(id), state: 'INFEASIBLE', parameters } : ended(id, parameters, (id * 7919) % 13),
      );
    }
    return trials;
  }

  it('is searched inside its bounds, with the values that are active and no others, the same for the same seed', () => {
    fc.assert(
      fc.property(spaces, algorithms, (parameters, algorithm) => {
        const spec = study(parameters, algorithm);
        const trials = trialsOf(spec, FIRST_TRIALS + 8);
        expect(trials.flatMap((trial) => faultsOf(parameters, trial.parameters))).toEqual([]);
        expect(trialsOf(spec, FIRST_TRIALS + 8)).toEqual(trials);
      }),
      { numRuns: 60 },
    );
  });

  it('is told to the program in a form that reads back to the value', () => {
    fc.assert(
      fc.property(spaces, (parameters) => {
        const [point = []] = take(study(parameters, 'RANDOM_SEARCH'), 1);
        for (const [index, argument] of trialArguments(point).entries()) {
          const { parameterId, value } = point[index] ?? { parameterId: '', value: '' };
          const [name, ...rest] = argument.split('=');
          const text = rest.join('=');
          expect(name).toBe(`--${parameterId}`);
          expect(typeof value === 'number' ? Number(text) : text).toBe(value);
          // Whole numbers as whole numbers, which a program may read as such.
          if (typeof value === 'number' && Number.isSafeInteger(value)) expect(text).toMatch(/^-?\d+$/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('has as many points in a grid as it has combinations, each once', () => {
    fc.assert(
      fc.property(gridSpaces, (parameters) => {
        const size = (specs: readonly ParameterSpec[]): number =>
          specs.reduce((product, spec) => {
            const count = valueCount(spec);
            const values = Array.from({ length: count }, (_unused, index) =>
              valueAt(linear(spec), (index + 0.5) / count),
            );
            return product * values.reduce<number>((sum, value) => sum + size(childrenOf(spec, value)), 0);
          }, 1);
        const expected = size(parameters);
        fc.pre(expected <= 3000);
        const points = take(study(parameters, 'GRID_SEARCH'), expected + 5);
        expect(points).toHaveLength(expected);
        expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(expected);
        expect(points.flatMap((point) => faultsOf(parameters, point))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  const linear = ({ scaleType: _scale, ...spec }: ParameterSpec): ParameterSpec => spec;
});

describe('shareOf', () => {
  const scale = fc.constantFrom('UNIT_LINEAR_SCALE', 'UNIT_LOG_SCALE', 'UNIT_REVERSE_LOG_SCALE');
  const parameter = fc.oneof(
    fc.record({
      parameterId: fc.constant('p'),
      scaleType: scale,
      integerValueSpec: fc.record({ minValue: fc.constantFrom('1', '7'), maxValue: fc.constantFrom('7', '900') }),
    }),
    fc.record({
      parameterId: fc.constant('p'),
      discreteValueSpec: fc.record({ values: fc.constantFrom([1], [0.1, 0.2, 4]) }),
    }),
    fc.record({
      parameterId: fc.constant('p'),
      categoricalValueSpec: fc.record({ values: fc.constantFrom(['a'], ['a', 'b', 'c']) }),
    }),
  );
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('is a share at which the parameter has the value', () => {
    fc.assert(
      fc.property(parameter, share, (spec, at) => {
        const value = valueAt(spec, at);
        expect(valueAt(spec, Math.min(shareOf(spec, value), 1 - 1e-12))).toBe(value);
      }),
    );
  });

  it('undoes every scale', () => {
    fc.assert(
      fc.property(scale, share, (scaleType, at) => {
        const spec = { parameterId: 'p', scaleType, doubleValueSpec: { minValue: 0.001, maxValue: 10 } };
        expect(shareOf(spec, valueAt(spec, at))).toBeCloseTo(at, 6);
      }),
    );
  });

  it('knows which of two children of one name is active', () => {
    const child = (max: number): ParameterSpec => ({
      parameterId: 'child',
      doubleValueSpec: { minValue: 0, maxValue: max },
    });
    const [narrow, wide] = [child(1), child(100)];
    const parent: ParameterSpec = {
      ...layers,
      conditionalParameterSpecs: [
        { parameterSpec: narrow, parentIntValues: { values: ['1'] } },
        { parameterSpec: wide, parentIntValues: { values: ['3'] } },
      ],
    };
    const point = pointFrom([parent], (spec) => (spec === parent ? 0.99 : 0.5));
    expect(sharesOf([parent], point)).toEqual(
      new Map([
        [parent, 2.5 / 3],
        [wide, 0.5],
      ]),
    );
  });
});

const ended = (id: number, parameters: Point, ...values: number[]): Trial => ({
  id: String(id),
  state: 'SUCCEEDED',
  parameters,
  finalMeasurement: { metrics: values.map((value, index) => ({ metricId: `m${index || ''}`, value })) },
});

/** Runs a study of a function whose least value is sought, so many trials at a time; gives the least found. */
function least(spec: StudySpec, { f, trials, sideBySide = 1, seed }: Run): number {
  const search = searchOf({ ...spec, metrics: [{ metricId: 'm', goal: 'MINIMIZE' }] }, seed);
  const done: Trial[] = [];
  let found = Number.POSITIVE_INFINITY;
  while (done.length < trials) {
    const active: Trial[] = [];
    for (let lane = 0; lane < sideBySide; lane += 1) {
      const id = String(done.length + lane + 1);
      active.push({ id, state: 'ACTIVE', parameters: search.next([...done, ...active]) ?? [] });
    }
    for (const { id, parameters } of active) {
      const value = f(parameters);
      found = Math.min(found, value);
      done.push(ended(Number(id), parameters, value));
    }
  }
  return found;
}

interface Run {
  readonly f: (point: Point) => number;
  readonly trials: number;
  readonly sideBySide?: number;
  readonly seed: string;
}

const doubles = (count: number, minValue: number, maxValue: number): ParameterSpec[] =>
  Array.from({ length: count }, (_unused, index) => ({
    parameterId: `x${index}`,
    doubleValueSpec: { minValue, maxValue },
  }));
const numbers = (point: Point) => point.map(({ value }) => Number(value));
const of = (point: Point) => Object.fromEntries(point.map(({ parameterId, value }) => [parameterId, value]));

const sphere = (x: number[]) => x.reduce((sum, value) => sum + (value - 1) ** 2, 0);
const branin = ([a = 0, b = 0]: number[]) =>
  (b - (5.1 * a * a) / (4 * Math.PI ** 2) + (5 * a) / Math.PI - 6) ** 2 +
  10 * (1 - 1 / (8 * Math.PI)) * Math.cos(a) +
  10;
const rosenbrock = (x: number[]) =>
  x.slice(1).reduce((sum, next, index) => {
    const here = x[index] ?? 0;
    return sum + 100 * (next - here ** 2) ** 2 + (1 - here) ** 2;
  }, 0);
const ackley = (x: number[]) => {
  const mean = (part: (value: number) => number) => x.reduce((sum, value) => sum + part(value), 0) / x.length;
  const squares = mean((value) => value * value);
  return 20 + Math.E - 20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(mean((v) => Math.cos(2 * Math.PI * v)));
};
const tree: ParameterSpec = {
  parameterId: 'model',
  categoricalValueSpec: { values: ['linear', 'forest', 'network', 'none'] },
  conditionalParameterSpecs: [
    { parameterSpec: rate, parentCategoricalValues: { values: ['linear'] } },
    {
      parameterSpec: {
        parameterId: 'depth',
        integerValueSpec: { minValue: '1', maxValue: '32' },
        conditionalParameterSpecs: [
          { parameterSpec: { ...rate, parameterId: 'leaf' }, parentIntValues: { values: ['6', '7', '8'] } },
        ],
      },
      parentCategoricalValues: { values: ['forest'] },
    },
  ],
};
/** Best where the model is a forest of depth 7 with leaf 0.01. */
const nested = (point: Point) => {
  const { model, rate: given, depth, leaf } = of(point);
  if (model === 'linear') return 0.5 + (Math.log10(Number(given)) + 3) ** 2;
  if (model !== 'forest') return 3;
  return Math.abs(Number(depth) - 7) / 5 + (leaf === undefined ? 1 : Math.abs(Math.log10(Number(leaf)) + 2));
};

describe('the default search', () => {
  it.each<[string, ParameterSpec[], (point: Point) => number]>([
    ['a sphere of five parameters', doubles(5, -5, 5), (point) => sphere(numbers(point))],
    ["Branin's function", doubles(2, -5, 15), (point) => branin(numbers(point))],
    ["Rosenbrock's valley of four parameters", doubles(4, -2, 2), (point) => rosenbrock(numbers(point))],
    ["Ackley's function of four parameters", doubles(4, -20, 30), (point) => ackley(numbers(point))],
    ['nested conditional parameters', [tree], nested],
  ])('beats a random one on %s, one after the other and side by side', (_name, parameters, f) => {
    // The median of nine studies; of every second one the trials run five at a time.
    const middle = (algorithm: Algorithm) => {
      const found = Array.from({ length: 9 }, (_unused, index) =>
        least(study(parameters, algorithm), { f, trials: 60, sideBySide: index % 2 === 0 ? 1 : 5, seed: `s${index}` }),
      );
      return found.sort((left, right) => left - right)[4] ?? Number.NaN;
    };
    expect(middle('ALGORITHM_UNSPECIFIED')).toBeLessThan(middle('RANDOM_SEARCH'));
  });

  it('tries no point of a small space twice while another is near, and every active parameter', () => {
    const spec = study([optimiser, layers]);
    const search = searchOf(spec, 's');
    const trials: Trial[] = [];
    for (let id = 1; id <= 30; id += 1) {
      const point = search.next(trials) ?? [];
      expect(point.some(({ parameterId }) => parameterId === 'momentum')).toBe(of(point)['optimiser'] === 'sgd');
      trials.push(ended(id, point, Number(of(point)['layers'])));
    }
    const tried = new Set(trials.map(({ parameters }) => JSON.stringify(parameters)));
    expect(tried.size).toBe(9);
  });

  it('learns nothing from trials that failed but that they are bad', () => {
    const spec = study(doubles(1, 0, 1));
    const trials = Array.from({ length: 40 }, (_unused, index): Trial => {
      const x = (index + 0.5) / 40;
      const parameters = [{ parameterId: 'x0', value: x }];
      return x > 0.5 ? { id: String(index + 1), state: 'INFEASIBLE', parameters } : ended(index + 1, parameters, x);
    });
    const low = Array.from({ length: 20 }, (_unused, index) => {
      const [value = Number.NaN] = numbers(searchOf(spec, `s${index}`).next(trials) ?? []);
      return value;
    }).filter((value) => value > 0.3 && value < 0.6);
    expect(low.length).toBeGreaterThanOrEqual(16);
  });

  it('seeks between the best of several metrics', () => {
    const spec: StudySpec = {
      metrics: [
        { metricId: 'm', goal: 'MINIMIZE' },
        { metricId: 'm1', goal: 'MINIMIZE' },
      ],
      parameters: doubles(1, 0, 10),
    };
    const search = searchOf(spec, 's');
    const trials: Trial[] = [];
    for (let id = 1; id <= 60; id += 1) {
      const point = search.next(trials) ?? [];
      const [x = 0] = numbers(point);
      trials.push(ended(id, point, Math.abs(x - 4), Math.abs(x - 5)));
    }
    const late = trials.slice(FIRST_TRIALS + 10).map(({ parameters }) => numbers(parameters)[0] ?? 0);
    expect(late.filter((x) => x > 3 && x < 6).length).toBeGreaterThan(late.length * 0.6);
  });
});
