import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JOB_LABEL } from '../../src/local/containers/engine/labels.ts';
import { MOST_JOB_RETRIES, MOST_REPLICA_RESTARTS } from '../../src/local/containers/pools/restarts.ts';
import { LOOK_EVERY_MS } from '../../src/local/jobs/trial-metrics.ts';
import { dataFolderOf, readOptions, USAGE } from '../../src/local/options.ts';
import { readyLines } from '../../src/local/ready-lines.ts';
import { type Service, startService } from '../../src/local/service.ts';
import { MOST_REPORTS } from '../../src/local/study/report-log.ts';
import { FIRST_TRIALS } from '../../src/local/study/search.ts';
import { isHopeless } from '../../src/local/study/stopping/decay-curve.ts';
import { isBelowMedian } from '../../src/local/study/stopping/median.ts';
import { anchorOf, pageAt, rowsUnder } from './pages.ts';
import { sectionsOf } from './sections.ts';

const page = pageAt('docs/local-region.md');
const sections = sectionsOf(page.text);
const section = (name: string) => sections.get(name) ?? '';
const differs = new Map(rowsUnder(page, 'What differs').map(([subject = '', here = '']) => [subject, here]));

describe('docs/local-region.md', () => {
  it('lists its own sections', () => {
    const listed = [...page.text.matchAll(/^- \[(.*)\]\(#(.*)\)$/gm)].map(([, heading, anchor]) => [heading, anchor]);
    expect(listed).toEqual([...sections.keys()].map((heading) => [heading, anchorOf(heading)]));
  });

  it('has every flag that the service takes, and their defaults', () => {
    const flags = rowsUnder(page, 'Start').map(([flag = '']) => /^`(--[a-z-]+)/.exec(flag)?.[1]);
    expect(flags.sort()).toEqual([...new Set(USAGE.match(/--[a-z-]+/g))].sort());
    expect(section('Start')).toContain(`\`${readOptions([]).port}\``);
    const folder = dataFolderOf(readOptions(['--port', '8601', '--tls']), {}, '~');
    expect(section('Python')).toContain(`REQUESTS_CA_BUNDLE=${folder}/tls/ca-bundle.pem`);
  });

  it('points clients at the service as the service itself does', () => {
    const bundleFile = '/home/me/.local/state/train-on-vertex/local-8601/tls/ca-bundle.pem';
    const certificate = { caFile: 'ca.pem', bundleFile };
    const printed = [
      readyLines({ port: 8600, certificate: undefined }, { faults: false, data: undefined }),
      readyLines({ port: 8601, certificate }, { faults: false, data: undefined }),
    ].map((text) => text.split('\n').map((line) => line.replace(/\s+#.*$/, '').trim()));
    const exportsOf = (name: string) => section(name).match(/^export .*$/gm) ?? [];
    const [plain = [], secure = []] = printed;
    const ofGcloud = exportsOf('gcloud').filter((line) => !line.includes('TOKEN_FILE'));
    expect(ofGcloud).toHaveLength(4);
    expect(plain).toEqual(expect.arrayContaining(ofGcloud));
    expect(exportsOf('Python')).toHaveLength(2);
    const ofPython = exportsOf('Python').map((line) => line.replace('~', '/home/me'));
    expect(secure).toEqual(expect.arrayContaining(ofPython));
    const options = "apiEndpoint: 'localhost', port: 8600, protocol: 'http', fallback: true, authClient";
    expect([section('Node.js'), plain.join('\n')]).toEqual([
      expect.stringContaining(options),
      expect.stringContaining(options),
    ]);
  });

  it('tells the numbers that count', () => {
    expect(differs.get('Default search algorithm')).toContain(`until ${FIRST_TRIALS} trials have succeeded`);
    expect(differs.get('Metric file')).toContain('every half second');
    expect(LOOK_EVERY_MS).toBe(500);
    const same = section('What is as on Vertex AI').replace(/\s+/g, ' ');
    expect(same).toContain(`tried again up to ${MOST_JOB_RETRIES} times`);
    expect(same).toContain(`restarted up to ${MOST_REPLICA_RESTARTS} times`);
    expect(section('Limits')).toContain(`Of a trial ${MOST_REPORTS} measurements`);
    expect(section('Limits')).toContain(`at most ${Number.MAX_SAFE_INTEGER} `);
    expect(section('What is kept, and what ends')).toContain(`\`${JOB_LABEL}\``);
  });

  it.each([
    ['Median stopping', /from (\d+) completed trials/, 3],
    ['Decay curve stopping', /from (\d+) completed trials/, 5],
  ])('%s begins where it says', (subject, pattern, count) => {
    expect(Number(pattern.exec(differs.get(subject) ?? '')?.[1])).toBe(count);
    const good = [0, 1, 2, 3].map((x) => ({ x, y: 10 + x }));
    const bad = [0, 1].map((x) => ({ x, y: x }));
    const stops = (trials: number) => {
      const others = Array.from({ length: trials }, () => good);
      if (subject === 'Median stopping') return isBelowMedian(bad, others);
      return isHopeless(
        bad,
        others.map((curve) => ({ curve, final: 13 })),
        13,
      );
    };
    expect([stops(count - 1), stops(count)]).toEqual([false, true]);
  });
});

describe('what docs/local-region.md says is served', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ port: 0, engine: { socketPath: join(tmpdir(), 'no-engine-listens-here.sock') } });
  });
  afterAll(() => service.close());

  const PARENT = '/v1/projects/my-project/locations/us-central1';
  const BUCKET = '/storage/v1/b/bucket';
  const OBJECT = `${BUCKET}/o/object`;
  /** The request of each method, where `{}` is the resource's collection. */
  const STANDARD: Readonly<Record<string, string>> = {
    create: 'POST {}',
    get: 'GET {}/1',
    list: 'GET {}',
    cancel: 'POST {}/1:cancel',
    delete: 'DELETE {}/1',
    wait: 'POST {}/1:wait',
    upload: 'POST {}:upload',
    listVersions: 'GET {}/1:listVersions',
    deleteVersion: 'DELETE {}/1@1:deleteVersion',
    mergeVersionAliases: 'POST {}/1@1:mergeVersionAliases',
  };
  const OTHERS: Readonly<Record<string, string>> = {
    'Cloud Logging: entries.list': 'POST /v2/entries:list',
    'locations: get': 'GET /v1/projects/my-project/locations/us-central1',
    'locations: list': 'GET /v1/projects/my-project/locations',
    'buckets: insert': 'POST /storage/v1/b',
    'buckets: get': `GET ${BUCKET}`,
    'buckets: list': 'GET /storage/v1/b',
    'buckets: testIamPermissions': `GET ${BUCKET}/iam/testPermissions`,
    'objects: insert': `POST /upload${BUCKET}/o?uploadType=media&name=object`,
    'objects: get': `GET ${OBJECT}`,
    'objects: list': `GET ${BUCKET}/o`,
    'objects: patch': `PATCH ${OBJECT}`,
    'objects: update': `PUT ${OBJECT}`,
    'objects: delete': `DELETE ${OBJECT}`,
    'objects: copy': `POST ${OBJECT}/copyTo/b/bucket/o/other`,
    'objects: rewrite': `POST ${OBJECT}/rewriteTo/b/bucket/o/other`,
    'objects: compose': `POST ${OBJECT}/compose`,
    'Security Token Service: token': 'POST /v1/token',
    'IAM credentials: generateAccessToken':
      'POST /v1/projects/-/serviceAccounts/a@my-project.iam.gserviceaccount.com:generateAccessToken',
    'projects: get': 'GET /v1/projects/my-project',
    'projects: testIamPermissions': 'POST /v1/projects/my-project:testIamPermissions',
    'service accounts: testIamPermissions':
      'POST /v1/projects/-/serviceAccounts/a@my-project.iam.gserviceaccount.com:testIamPermissions',
    'repositories: testIamPermissions': `POST ${PARENT}/repositories/images:testIamPermissions`,
  };
  /** Every method that a row names, under what it is a method of. */
  const methodsOf = ([resource = '', methods = '']: readonly string[]) => {
    const whose = /^`(\w+)`/.exec(resource)?.[1] ?? resource;
    return methods
      .replace(/ \([^)]*\)/g, '')
      .split('; ')
      .flatMap((part) => {
        const [, owner = whose, names = part] = /^([^:]+): (.*)$/.exec(part) ?? [];
        return (names ?? part).split(', ').map((name) => [owner.replace(/ \(.*/, ''), name] as const);
      });
  };
  const told = rowsUnder(page, 'What is served').flatMap(methodsOf);

  const ask = async (request: string) => {
    const [method = '', path = ''] = request.split(' ');
    const body = method === 'GET' ? {} : { body: '{}' };
    const response = await fetch(`http://127.0.0.1:${service.port}${path}`, { method, ...body });
    return response.text();
  };

  it.each(told)('%s: %s', async (owner, method) => {
    const request = OTHERS[`${owner}: ${method}`] ?? STANDARD[method]?.replace('{}', `${PARENT}/${owner}`);
    expect(request).toBeDefined();
    expect(await ask(request ?? '')).not.toMatch(/does not know/);
  });

  it('is told in whole', () => {
    const names = told.map(([owner, method]) => `${owner}: ${method}`);
    expect(names).toEqual(expect.arrayContaining(Object.keys(OTHERS)));
    expect(names).toHaveLength(new Set(names).size);
  });

  it.each(['pipelineJobs', 'endpoints', 'datasets', 'tensorboards', 'persistentResources', 'models/1:copy'])(
    'and not %s',
    async (rest) => {
      expect(await ask(`GET ${PARENT}/${rest}`)).toMatch(/does not know.*NOT_FOUND/s);
    },
  );
});
