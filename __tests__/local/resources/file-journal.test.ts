import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FileJournal } from '../../../src/local/resources/file-journal.ts';
import { readJournal } from '../../../src/local/resources/read-journal.ts';
import type { JobRecord } from '../../../src/local/resources/store.ts';
import type { ModelRecord, ResourceFields } from '../../../src/local/resources/types.ts';

const EMPTY = { records: [], models: [], operations: [] };
const PLACE = { project: 'p', projectNumber: '1', location: 'l' };
const NAME = (id: string) => `projects/1/locations/l/customJobs/${id}`;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'jobs.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const job = (id: string, more: object = {}): JobRecord => ({
  id,
  place: PLACE,
  collection: 'customJobs',
  listed: true,
  resource: { displayName: id, ...more } as ResourceFields,
});
const model = (name: string): ModelRecord => ({ name, lastVersion: 1, versions: [] });
const operation = (id: string) => ({
  name: `projects/1/locations/l/models/5/operations/${id}`,
  metadata: {},
  done: true as const,
});

describe('a journal', () => {
  it('gives back what it was told, in the order of its making', () => {
    const journal = new FileJournal(path, 'mark', EMPTY);
    const [one, two] = [job('1'), job('2')];
    for (const each of [one, two, job('3')]) journal.added(each);
    journal.changed(one, { state: 'JOB_STATE_RUNNING' });
    journal.changed(one, { labels: { a: 'b' } });
    const decision = { replica: 'workerpool0-0', exit: { exitCode: 0, oomKilled: false } };
    journal.decided(two, decision);
    journal.deleted(job('3'));
    for (const name of ['m', 'n']) journal.modelChanged(model(name));
    journal.modelDeleted('m');
    for (const id of ['7', '8']) journal.operationDone(operation(id));
    journal.operationDeleted('projects/1/locations/l/models/5/operations/7');
    journal.close();
    journal.deleted(one);
    const kept = {
      records: [job('1', { state: 'JOB_STATE_RUNNING', labels: { a: 'b' } }), { ...two, decision }],
      models: [model('n')],
      operations: [operation('8')],
    };
    const found = readJournal(path);
    expect(found).toEqual({ ...kept, instance: 'mark' });
    // Written anew it holds the same, and nothing of how it came to be.
    new FileJournal(path, 'mark', found).close();
    expect(readJournal(path)).toEqual({ ...kept, instance: 'mark' });
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1 + 2 + 1 + 1 + 1);
    expect([readdirSync(folder), statSync(path).mode & 0o777]).toEqual([['jobs.ndjson'], 0o600]);
  });

  it('writes of a study only the trials that have changed', () => {
    const journal = new FileJournal(path, 'mark', EMPTY);
    const study = job('1');
    journal.added(study);
    const first = { id: '1', state: 'ACTIVE', parameters: [] } as const;
    const second = { ...first, id: '2' };
    journal.changed(study, { trials: [first] });
    journal.changed(study, { trials: [first, second] });
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ change: NAME('1'), fields: {}, trials: [second] });
    expect(readJournal(path).records[0]?.resource).toMatchObject({ trials: [first, second] });
    journal.close();
  });

  it('that is not there holds nothing', () => {
    expect(readJournal(path)).toEqual({ ...EMPTY, instance: undefined });
  });

  it('has lost the change that a kill cut off, and no other', () => {
    const journal = new FileJournal(path, 'mark', EMPTY);
    journal.added(job('1'));
    journal.close();
    appendFileSync(path, '{"change":"projects/1/loc');
    const notes: string[] = [];
    expect(readJournal(path, (text) => notes.push(text)).records).toEqual([job('1')]);
    expect(notes).toEqual([`${path}:3: the last line was not written to its end, and is left out.`]);
  });

  it.each([
    ['no JSON', '{"add":'],
    ['no object', '[1]'],
    ['nothing', ''],
    ['what no journal says', '{"addd":{}}'],
    ['a name of every object', '{"constructor":{}}'],
    ['a job that is none', '{"add":"1"}'],
    ['a job of nowhere', '{"add":{"id":"1"}}'],
    ['a change of nothing', '{"change":"x"}'],
    ['a decision that is none', '{"decided":"x"}'],
  ])('that holds %s in its midst is told by its place, with the mend', (_name, line) => {
    writeFileSync(path, `{"instance":"mark"}\n${line}\n{"remove":"x"}\n`);
    expect(() => readJournal(path)).toThrow(
      `${path}:2: this line of the local region's journal cannot be read. Remove the line to go on without what it tells, or move the folder away to begin anew.`,
    );
  });
});
