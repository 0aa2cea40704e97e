import { describe, expect, test } from '@jest/globals';
import { Faults } from '../../src/inputs/collect.ts';
import { parseMetricsFile } from '../../src/inputs/metrics-file.ts';

function parsed(value: string, outputUri = '') {
  const faults = new Faults();
  return { path: parseMetricsFile(faults, value, outputUri), faults: faults.list };
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

  test.each([
    { value: 'gs://my-bucket/runs/eval/metrics.json', path: 'eval/metrics.json' },
    { value: 'gs://my-bucket/runs//metrics.json', path: 'metrics.json' },
    { value: '/gcs/my-bucket/runs/metrics.json', path: 'metrics.json' },
  ])('$value is told as the path below output_uri that it is', ({ value, path }) => {
    for (const uri of ['gs://my-bucket/runs', 'gs://my-bucket/runs/']) {
      expect(parsed(value, uri).faults[0]?.message).toMatch(
        new RegExp(` Below output_uri that is ${path}: write that\\.$`),
      );
    }
  });

  test.each([
    { value: 'gs://my-bucket/runs-2/metrics.json', reason: 'not in output_uri, gs://my-bucket/runs' },
    { value: 'gs://other/metrics.json', reason: 'not in output_uri, gs://my-bucket/runs' },
    { value: 'gs://my-bucket/runs/', reason: 'It is a whole address. Write' },
    { value: 'gs://my-bucket/runs/../metrics.json', reason: 'not in output_uri' },
    { value: 'https://x/metrics.json', reason: 'It is a whole address. Write' },
  ])('$value lies elsewhere', ({ value, reason }) => {
    expect(parsed(value, 'gs://my-bucket/runs').faults[0]?.message).toContain(reason);
  });

  test.each(['my-bucket/runs/metrics.json', 'runs/metrics.json'])('%s may be a path below the folder', (value) => {
    expect(parsed(value, 'gs://my-bucket/runs').faults).toEqual([]);
  });
});
