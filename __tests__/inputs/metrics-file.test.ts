import { describe, expect, test } from '@jest/globals';
import { Faults } from '../../src/inputs/collect.ts';
import { parseMetricsFile } from '../../src/inputs/metrics-file.ts';

function parsed(value: string) {
  const faults = new Faults();
  return { path: parseMetricsFile(faults, value), faults: faults.list };
}

describe('metrics_file', () => {
  test.each(['metrics.json', 'eval/metrics.json', 'a b/é.json', '..json', 'x'.repeat(1024)])('takes %j', (value) => {
    expect(parsed(value)).toEqual({ path: value, faults: [] });
  });

  test('may be left out', () => {
    expect(parsed('')).toEqual({ path: undefined, faults: [] });
  });

  test.each([
    { value: 'gs://bucket/metrics.json', reason: 'It is a whole address.' },
    { value: 'https://x/metrics.json', reason: 'It is a whole address.' },
    { value: '/gcs/bucket/metrics.json', reason: 'It begins with /.' },
    { value: '/metrics.json', reason: 'It begins with /.' },
    { value: 'eval/', reason: 'It names a folder.' },
    { value: '../metrics.json', reason: 'A part of it is empty, . or ..' },
    { value: 'a/../../metrics.json', reason: 'A part of it is empty, . or ..' },
    { value: './metrics.json', reason: 'A part of it is empty, . or ..' },
    { value: 'a//metrics.json', reason: 'A part of it is empty, . or ..' },
    { value: '..', reason: 'A part of it is empty, . or ..' },
    { value: 'a\\metrics.json', reason: 'It holds a character that no path has.' },
    { value: 'a\nb.json', reason: 'It holds a character that no path has.' },
    { value: '\ud800.json', reason: 'It holds a character that no path has.' },
    { value: 'é'.repeat(513), reason: 'It has more than 1024 bytes.' },
  ])('refuses $value', ({ value, reason }) => {
    const { path, faults } = parsed(value);
    expect(path).toBeUndefined();
    expect(faults).toEqual([
      { rule: 'metrics-file', input: 'metrics_file', message: expect.stringContaining(` is not accepted. ${reason}`) },
    ]);
    expect(faults[0]?.message).toContain("Write the file's path below output_uri, such as metrics.json");
  });
});
