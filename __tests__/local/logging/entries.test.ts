import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { customJob, ENDS, type Opened, openService, PARENT, reached, standingClock } from '../faults/service.ts';

let service: Opened;
let job = '';

beforeAll(async () => {
  service = await openService({ clock: standingClock });
  const replicas = ['workerpool0-0', 'workerpool1-0'].map((replica, index) => ({
    replica,
    events: [
      { stdout: `${replica} plain`, atMs: 1_000 },
      { stdout: `{"message":"${replica} timed","timestampSeconds":${1_793_534_399 + index}}`, atMs: 2_000 },
      { entry: { textPayload: `${replica} late`, severity: 'ERROR', agoMs: 1_500 + index }, atMs: 3_000 },
    ],
  }));
  await service.faults.order({ scripts: { two: { programs: replicas } } });
  const spec = customJob('two').jobSpec.workerPoolSpecs;
  const made = await fetch(`${service.url}/v1/${PARENT}/customJobs`, {
    method: 'POST',
    body: JSON.stringify({ displayName: 'two', jobSpec: { workerPoolSpecs: [...spec, ...spec] } }),
  });
  const { name } = (await made.json()) as { readonly name: string };
  job = name;
  await service.faults.order({ clock: { advanceMs: 3_000 } });
  await reached(service, name, ...ENDS);
});
afterAll(() => service.close());

interface Page {
  readonly entries?: readonly {
    readonly textPayload?: string;
    readonly jsonPayload?: { readonly message: string };
    readonly timestamp: string;
    readonly receiveTimestamp: string;
  }[];
  readonly nextPageToken?: string;
  readonly error?: { readonly status: string; readonly message: string };
}

async function list(body: object): Promise<Page> {
  const sent = { resourceNames: ['projects/my-project'], ...body };
  const answer = await fetch(`${service.url}/v2/entries:list`, { method: 'POST', body: JSON.stringify(sent) });
  return (await answer.json()) as Page;
}

const ofPrograms = () =>
  `resource.labels.job_id="${job.split('/').at(-1)}" AND resource.labels.task_name:"workerpool" AND -"Task completed"`;
const textsIn = ({ entries = [] }: Page) =>
  entries.map(({ textPayload, jsonPayload }) => textPayload ?? jsonPayload?.message);

const IN_ORDER = [
  'workerpool0-0 timed',
  'workerpool1-0 timed',
  'workerpool1-0 late',
  'workerpool0-0 late',
  'workerpool0-0 plain',
  'workerpool1-0 plain',
];

describe('entries.list of a job of two replicas', () => {
  it('is in the order of the entries’ own times, not of their arrival', async () => {
    const page = await list({ filter: ofPrograms() });
    const texts = textsIn(page);
    expect(texts.slice(0, 4)).toEqual(IN_ORDER.slice(0, 4));
    // What has no time of its own has that of its arrival, which is one for both.
    expect(texts.slice(4).toSorted()).toEqual(IN_ORDER.slice(4));
    const [first] = page.entries ?? [];
    expect(first).toMatchObject({
      timestamp: '2026-11-01T11:59:59.000000000Z',
      receiveTimestamp: '2026-11-01T12:00:03.000Z',
    });
  });

  it('turns the order around', async () => {
    const [forth, back] = [{ filter: ofPrograms() }, { filter: ofPrograms(), orderBy: 'timestamp desc' }];
    expect(textsIn(await list(back))).toEqual(textsIn(await list(forth)).reverse());
  });

  it('goes on from page to page, in the names of either form', async () => {
    const texts: (string | undefined)[] = [];
    let token = '';
    do {
      const page = await list({ filter: ofPrograms(), page_size: 2, page_token: token });
      texts.push(...textsIn(page));
      token = page.nextPageToken ?? '';
    } while (token !== '');
    expect(texts).toEqual(textsIn(await list({ filter: ofPrograms() })));
  });

  it('takes the projects that it was once asked for by, and views of logs', async () => {
    const filter = ofPrograms();
    const view = 'projects/my-project/locations/global/buckets/_Default/views/_AllLogs';
    expect(textsIn(await list({ filter, resourceNames: [view] }))).toHaveLength(6);
    expect(textsIn(await list({ filter, resourceNames: [], projectIds: ['my-project'] }))).toHaveLength(6);
    expect(textsIn(await list({ filter, resourceNames: ['projects/other'] }))).toHaveLength(0);
  });

  it.each([
    ['a filter that cannot be read', { filter: 'severity>=' }, /Unparseable filter: syntax error at line 1, column 11/],
    ['a filter that is no text', { filter: 7 }, /filter/],
    ['a name that is no text', { resourceNames: [{ toString: 1 }] }, /Not a project/],
    ['a project that is no text', { resourceNames: [], projectIds: [['x']] }, /Not a project/],
    ['an order that is no text', { orderBy: { toString: 1 } }, /order_by/],
    ['a page size that is no number', { pageSize: { valueOf: 1, toString: 1 } }, /page_size/],
    ['a page token that is no text', { pageToken: 1 }, /page_token/],
    ['a filter that is too long', { filter: 'x'.repeat(20_001) }, /longer than 20000/],
    ['another order', { orderBy: 'severity' }, /order_by/],
    ['a page of less than nothing', { pageSize: -1 }, /page.size/],
    ["another request's token", { filter: 'severity=INFO', pageToken: 'WzFd' }, /page token/],
    ['no project', { resourceNames: [] }, /resource_names/],
    ['an organization', { resourceNames: ['organizations/1'] }, /Not a project/],
    ['too many', { resourceNames: Array.from({ length: 101 }, () => 'projects/p') }, /resource_names/],
  ])('refuses %s', async (_name, body, message) => {
    expect(await list(body)).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringMatching(message) },
    });
  });
});
