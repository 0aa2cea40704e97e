import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentsOf, exitMs, occurrences, programOf, reportLines } from '../../../src/local/faults/program.ts';
import type { Program, ProgramEvent } from '../../../src/local/faults/script.ts';

describe('programOf', () => {
  const programs: Program[] = [
    { trial: '2', attempt: 1, exit: { code: 1 } },
    { replica: 'workerpool1-0', exit: 'never' },
    { attempt: 2, exit: { code: 2 } },
    { exit: { code: 3 } },
  ];

  it.each([
    ['the trial and attempt', { replica: 'workerpool0-0', trial: '2', attempt: 1 }, 0],
    ['the replica', { replica: 'workerpool1-0', trial: undefined, attempt: 2 }, 1],
    ['the attempt', { replica: 'workerpool0-0', trial: '2', attempt: 2 }, 2],
    ['what is left', { replica: 'workerpool0-0', trial: undefined, attempt: 1 }, 3],
  ])('%s', (_name, start, index) => {
    expect(programOf({ programs }, start)).toBe(programs[index]);
  });

  it('does nothing, and well, where none fits', () => {
    expect(programOf({}, { replica: 'workerpool0-0', trial: undefined, attempt: 1 })).toEqual({});
    expect(exitMs({})).toBe(0);
  });
});

describe('occurrences', () => {
  it('repeats events in the order of their times', () => {
    const events: ProgramEvent[] = [
      { stdout: 'a', atMs: 1, times: 3, everyMs: 2 },
      { stdout: 'b', atMs: 3, times: 2 },
      { stdout: 'c' },
    ];
    expect([...occurrences(events)].map(({ atMs, event, nth }) => `${atMs}${event.stdout}${nth}`)).toEqual([
      '0c1',
      '1a1',
      '3a2',
      '3b1',
      '3b2',
      '5a3',
    ]);
  });

  it('gives every repetition once, sorted, those of one time by the order of the events', () => {
    const event = fc.record({
      atMs: fc.nat(10),
      times: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      everyMs: fc.option(fc.nat(4), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        const all = events.flatMap(({ atMs, times = 1, everyMs = 0 }, index) =>
          Array.from({ length: times }, (_unused, nth) => ({ atMs: atMs + nth * everyMs, index, nth: nth + 1 })),
        );
        const sorted = all.sort(
          (left, right) => left.atMs - right.atMs || left.index - right.index || left.nth - right.nth,
        );
        const found = [...occurrences(events)].map(({ atMs, event: each, nth }) => ({
          atMs,
          index: (events as readonly ProgramEvent[]).indexOf(each),
          nth,
        }));
        expect(found).toEqual(sorted);
        expect(exitMs({ events })).toBe(Math.max(0, ...sorted.map(({ atMs }) => atMs)));
      }),
    );
  });
});

describe('exitMs', () => {
  it.each<[string, Program, number | undefined]>([
    ['with the last event', { events: [{ stdout: 'a', atMs: 5, times: 3, everyMs: 10 }] }, 25],
    ['when it is said', { events: [{ stdout: 'a', atMs: 5 }], exit: { atMs: 2 } }, 2],
    ['never', { events: [{ stdout: 'a' }], exit: 'never' }, undefined],
  ])('%s', (_name, program, expected) => {
    expect(exitMs(program)).toBe(expected);
  });
});

describe('contentsOf', () => {
  it.each<[string, ProgramEvent, unknown]>([
    [
      'lines of stdout',
      { stdout: 'epoch {n}\n{"severity":"WARNING","message":"m"}' },
      [
        { severity: 'INFO', textPayload: 'epoch 7' },
        { severity: 'WARNING', jsonPayload: { message: 'm' } },
      ],
    ],
    ['a line of stderr', { stderr: 'oops' }, [{ severity: 'ERROR', textPayload: 'oops' }]],
    ['an empty line', { stdout: '' }, [{ severity: 'INFO', textPayload: '' }]],
    ['an entry', { entry: { severity: 'ALERT', textPayload: 'a\nb' } }, [{ severity: 'ALERT', textPayload: 'a\nb' }]],
    [
      'a late entry',
      { entry: { textPayload: 'a', agoMs: 500 } },
      [{ severity: 'DEFAULT', textPayload: 'a', timestamp: '1970-01-01T00:00:02.500Z' }],
    ],
    ['an entry of JSON', { entry: { jsonPayload: { a: 1 } } }, [{ severity: 'DEFAULT', jsonPayload: { a: 1 } }]],
    ['a measurement', { measure: { loss: 1 } }, []],
  ])('%s', (_name, event, expected) => {
    expect(contentsOf({ event, nth: 7, atMs: 2_000 }, 1_000)).toEqual(expected);
  });
});

describe('reportLines', () => {
  it('writes what cloudml-hypertune writes', () => {
    const event = { measure: { loss: 0.5, accuracy: 'nan' }, step: 3 };
    expect(reportLines({ event, atMs: 500, nth: 1 }, 1_000, '4').map((line) => JSON.parse(line))).toEqual([
      { checkpoint_path: '', global_step: '3', loss: '0.5', timestamp: 1.5, trial: '4' },
      { checkpoint_path: '', global_step: '3', accuracy: 'nan', timestamp: 1.5, trial: '4' },
    ]);
  });
});
