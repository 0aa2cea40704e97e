import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FrameSplitter, LineSplitter, type StreamName } from '../../../src/local/logging/frames.ts';
import { lineContent } from '../../../src/local/logging/output-line.ts';

describe('output streams', () => {
  it('are put together again however they were cut', () => {
    const piece = fc.record({
      stream: fc.constantFrom<StreamName>('stdout', 'stderr'),
      text: fc.string({ unit: 'binary' }),
    });
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const frames = pieces.map(({ stream, text }) => {
          const payload = Buffer.from(text);
          const header = Buffer.alloc(8);
          header[0] = stream === 'stderr' ? 2 : 1;
          header.writeUInt32BE(payload.length, 4);
          return Buffer.concat([header, payload]);
        });
        const got = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
        const splitter = new FrameSplitter((stream, chunk) => got[stream].push(chunk));
        let rest = Buffer.concat(frames);
        for (const cut of cuts) {
          splitter.push(rest.subarray(0, cut));
          rest = rest.subarray(cut);
        }
        splitter.push(rest);
        for (const name of ['stdout', 'stderr'] as const) {
          const expected = pieces.filter(({ stream }) => stream === name).map(({ text }) => Buffer.from(text));
          expect(Buffer.concat(got[name]).equals(Buffer.concat(expected))).toBe(true);
        }
      }),
    );
  });

  it('become lines, also where a character is cut in two', () => {
    const lines = new LineSplitter();
    const bytes = Buffer.from('é1\r\n\n漢字');
    const found = [...bytes].flatMap((byte) => lines.push(Buffer.from([byte])));
    expect([...found, ...lines.end()]).toEqual(['é1', '', '漢字']);
  });

  it('tell a line without end in parts', () => {
    const lines = new LineSplitter();
    expect(lines.push(Buffer.alloc(600_000, 'x')).map((line) => line.length)).toEqual([250_000, 250_000]);
    expect(lines.end()[0]).toHaveLength(100_000);
  });

  it.each([
    ['text from stdout', 'hello', 'stdout', { severity: 'INFO', textPayload: 'hello' }],
    ['text from stderr', 'oops', 'stderr', { severity: 'ERROR', textPayload: 'oops' }],
    [
      'an object',
      '{"severity":"warning","message":"m","n":1}',
      'stderr',
      { severity: 'WARNING', jsonPayload: { message: 'm', n: 1 } },
    ],
    ['an object without severity', '{"message":"m"}', 'stdout', { severity: 'INFO', jsonPayload: { message: 'm' } }],
    ['an unknown severity', '{"severity":"loud"}', 'stdout', { severity: 'INFO', jsonPayload: {} }],
    [
      'an object with its time',
      '{"message":"m","timestampSeconds":1800000000,"timestampNanos":5}',
      'stdout',
      { severity: 'INFO', jsonPayload: { message: 'm' }, timestamp: '2027-01-15T08:00:00.000000005Z' },
    ],
    [
      'its time in texts, and no nanoseconds',
      '{"timestampSeconds":"1800000000","severity":"ERROR"}',
      'stdout',
      { severity: 'ERROR', jsonPayload: {}, timestamp: '2027-01-15T08:00:00.000000000Z' },
    ],
    [
      'its time as an object',
      '{"message":"m","timestamp":{"seconds":1800000000,"nanos":999999999}}',
      'stderr',
      { severity: 'ERROR', jsonPayload: { message: 'm' }, timestamp: '2027-01-15T08:00:00.999999999Z' },
    ],
    [
      'a time that is none',
      '{"timestampSeconds":1.5,"timestampNanos":1,"timestamp":"now"}',
      'stdout',
      { severity: 'INFO', jsonPayload: { timestamp: 'now', timestampSeconds: 1.5, timestampNanos: 1 } },
    ],
    [
      'a time beyond all',
      '{"timestampSeconds":253402300800}',
      'stdout',
      { severity: 'INFO', jsonPayload: { timestampSeconds: 253402300800 } },
    ],
    ['half an object', '{"a":}', 'stdout', { severity: 'INFO', textPayload: '{"a":}' }],
    ['a list', '[1]', 'stdout', { severity: 'INFO', textPayload: '[1]' }],
  ] as const)('%s', (_name, line, stream, expected) => {
    expect(lineContent(line, stream)).toEqual(expected);
  });

  it.each([
    ['lists', '{"a":', '[', ']', '}'],
    ['objects', '', '{"a":', '}', ''],
  ])('%s that are deeper than entries are told as text', (_name, before, open, close, after) => {
    const line = (depth: number) =>
      `${before}${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}${after}`;
    expect(lineContent(line(99), 'stdout')).toHaveProperty('jsonPayload');
    for (const depth of [102, 20_000]) {
      expect(lineContent(line(depth), 'stdout')).toEqual({ severity: 'INFO', textPayload: line(depth) });
    }
  });

  it('brackets in a text make no object deep', () => {
    const a = '[{"\\'.repeat(200);
    expect(lineContent(JSON.stringify({ a }), 'stdout')).toEqual({ severity: 'INFO', jsonPayload: { a } });
  });
});
