import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { faultText } from '../../src/faults.ts';
import { parseInputs } from '../../src/inputs/parse.ts';
import { INPUT_NAMES, type InputName } from '../../src/inputs/raw.ts';

const yamlish = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '{',
        '}',
        ': ',
        '- ',
        '? ',
        '\n',
        '  ',
        ', ',
        '"',
        "'",
        '|',
        '>',
        '&a ',
        '*a',
        '!t ',
        '#',
      ),
      fc.constantFrom(
        'a',
        'min',
        'max',
        'values',
        'maximize',
        '1',
        '0',
        '1e3',
        '.5',
        'A=1',
        '---',
        '...',
        '%YAML',
        '\t',
      ),
      fc.constantFrom(
        'parameterId',
        'doubleValueSpec',
        '<<',
        '~',
        '__proto__',
        '\\',
        '\r',
        '\u0000',
        '\ufeff',
        '`',
        '@',
      ),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''));
const text = fc.oneof(fc.constant(''), yamlish, fc.string({ unit: 'binary' }), fc.json());

test('whatever an input holds, reading it gives faults and never throws', () => {
  const anything = fc.record(Object.fromEntries(INPUT_NAMES.map((name) => [name, text])));
  fc.assert(
    fc.property(anything, (given) => {
      const { inputs, faults } = parseInputs((name: InputName) => given[name] ?? '');
      for (const fault of faults) {
        expect(INPUT_NAMES).toContain(fault.input);
        expect(faultText(fault)).not.toMatch(/\n.*\n/);
      }
      const faulty = new Set(faults.map(({ input }) => input));
      const counts = {
        accelerator_count: inputs.acceleratorCount,
        replica_count: inputs.replicaCount,
        reduction_servers: inputs.reductionServers,
        evaluators: inputs.evaluators,
        max_trials: inputs.study?.maxTrials,
        parallel_trials: inputs.study?.parallelTrials,
      };
      // NaN stands for a number that was rejected, and compares with nothing.
      for (const [input, count] of Object.entries(counts)) {
        expect(Number.isNaN(count) ? faulty.has(input) : (count ?? 1) > 0).toBe(true);
      }
      for (const { input, path, value } of inputs.specFields) {
        if (path === 'scheduling.timeout') expect(value).toMatch(/^[1-9]\d*s$/);
        expect([input, value === undefined]).toEqual([input, false]);
      }
    }),
    { numRuns: 1_500 },
  );
});

/** Each would take hours where an expression or the YAML parser backtracked over it. */
const LONG = 10_000;
test.each([
  { name: 'brackets', long: '['.repeat(LONG) },
  { name: 'closed brackets', long: '['.repeat(LONG) + ']'.repeat(LONG) },
  { name: 'braces', long: '{'.repeat(LONG) },
  { name: 'hyphens', long: '- '.repeat(LONG) },
  { name: 'question marks', long: '? '.repeat(LONG) },
  { name: 'colons', long: 'a: '.repeat(LONG) },
  { name: 'letters and hyphens', long: `${'a-'.repeat(LONG)}!` },
  { name: 'letters and dots', long: `${'a.'.repeat(LONG)}!` },
  { name: 'slashes', long: `${'a/'.repeat(LONG)}!` },
  { name: 'underscores', long: `${'a__'.repeat(LONG)}!` },
  { name: 'digits', long: '9'.repeat(LONG) },
  { name: 'digits and units', long: '1d'.repeat(LONG) },
  { name: 'a bucket', long: `gs://${'a'.repeat(LONG)}` },
  { name: 'an account', long: `a@${'a.'.repeat(LONG)}` },
  { name: 'a long number as a bound', long: `x: { min: ${'9'.repeat(300)}, max: ${'9'.repeat(LONG)} }` },
  { name: 'spaces', long: `a${' '.repeat(LONG)}b` },
  { name: 'line ends', long: `a${'\r\n'.repeat(LONG)}b` },
])('a long run of $name is read in no time', ({ long }) => {
  expect(parseInputs(() => long).faults.length).toBeGreaterThan(0);
});
