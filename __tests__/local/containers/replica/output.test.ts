import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectNumber } from '../../../../src/local/api/ids.ts';
import { Output } from '../../../../src/local/containers/replica/output.ts';
import type { Runtime } from '../../../../src/local/containers/runtime.ts';
import { readEarlierLog } from '../../../../src/local/logging/earlier-log.ts';
import type { StreamName } from '../../../../src/local/logging/frames.ts';
import { LogStore } from '../../../../src/local/logging/store.ts';
import { systemClock } from '../../../../src/retry.ts';

const SOURCE = { place: { project: 'p', projectNumber: '1', location: 'l' }, jobId: '5', task: 'workerpool0-0' };
const CONTAINER = 'abcdef0123456789';
const QUERY = { projects: [projectNumber('p')], filter: '', descending: false, pageSize: 1_000, pageToken: undefined };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process of the service with the log that those before it left. */
async function opened(path: string): Promise<LogStore> {
  return new LogStore(path, systemClock, await readEarlierLog(path, new Set([SOURCE.jobId])));
}
const outputOf = (logs: LogStore, container = CONTAINER) => new Output({ logs } as Runtime, SOURCE, container);

describe('a container’s output', () => {
  it('is in the log once, however often the service is killed and reads it from the beginning', async () => {
    let runs = 0;
    const line = fc.constantFrom('a', 'a', 'b', '', '{"message":"m"}', 'ü', '\u2028');
    const piece = fc.tuple(fc.constantFrom<StreamName>('stdout', 'stderr'), line, fc.constantFrom('\n', '\n', ''));
    const run = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(14), { maxLength: 4 }));
    await fc.assert(
      fc.asyncProperty(run, async ([pieces, kills]) => {
        runs += 1;
        const path = join(folder, `${runs}.ndjson`);
        const whole = await told(`${path}.whole`, pieces, []);
        expect(await told(path, pieces, kills)).toEqual(whole);
        expect([whole.out.length, whole.err.length]).toEqual([linesOf(pieces, 'stdout'), linesOf(pieces, 'stderr')]);
      }),
      { numRuns: 60 },
    );
  });

  function linesOf(pieces: readonly (readonly [StreamName, string, string])[], stream: StreamName): number {
    const text = pieces.filter(([of]) => of === stream).map(([, line, end]) => line + end);
    const lines = text.join('').split('\n');
    return lines.at(-1) === '' ? lines.length - 1 : lines.length;
  }

  async function told(
    path: string,
    pieces: readonly (readonly [StreamName, string, string])[],
    kills: readonly number[],
  ) {
    for (const [index, upTo] of [...kills, pieces.length].entries()) {
      const logs = await opened(path);
      const output = outputOf(logs);
      for (const [stream, text, end] of pieces.slice(0, upTo)) output.take(stream, Buffer.from(text + end));
      if (index === kills.length) output.end();
      logs.close();
    }
    const logs = await opened(path);
    const { entries } = await logs.list(QUERY);
    logs.close();
    const texts = entries.map(({ severity, textPayload, jsonPayload }) => [severity, textPayload ?? jsonPayload]);
    // Which of the streams comes first is not kept over a kill.
    return {
      out: texts.filter(([severity]) => severity !== 'ERROR'),
      err: texts.filter(([severity]) => severity === 'ERROR'),
    };
  }

  it('of another container of the same replica is another', async () => {
    const path = join(folder, 'entries.ndjson');
    for (const container of ['a'.repeat(64), 'b'.repeat(64)]) {
      const logs = await opened(path);
      const output = outputOf(logs, container);
      output.take('stdout', Buffer.from('alike\n'));
      output.rewind();
      output.take('stdout', Buffer.from('alike\nnext\n'));
      logs.close();
    }
    const logs = await opened(path);
    const { entries } = await logs.list(QUERY);
    expect(entries.map(({ textPayload }) => textPayload)).toEqual(['alike', 'next', 'alike', 'next']);
    // What the file knows of an entry's origin is no field of the entry.
    expect(entries.flatMap((entry) => Object.keys(entry))).not.toContain('origin');
    logs.close();
  });

  it('keeps the service’s own lines apart: those that are told again are not written again', async () => {
    const path = join(folder, 'entries.ndjson');
    for (let times = 0; times < 2; times += 1) {
      const logs = await opened(path);
      logs.service(SOURCE, 'Job is running.');
      logs.close();
    }
    const logs = await opened(path);
    expect((await logs.list(QUERY)).entries).toHaveLength(1);
    logs.close();
  });
});
