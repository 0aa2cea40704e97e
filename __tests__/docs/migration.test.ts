import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/machine/places.ts';
import { ensurePython } from '../../scripts/machine/python.ts';
import { must, run } from '../../scripts/machine/run.ts';
import { messageOf } from '../../src/faults.ts';
import { INPUT_NAMES } from '../../src/inputs/raw.ts';
import { tempFolders } from '../ground/temp-folder.ts';
import { lastLine } from '../local/python/machine.ts';
import { faultsOfGcloud, gcloudTable } from './gcloud-table.ts';
import { pageAt, root, rowsUnder } from './pages.ts';
import { stepsIn, verdictOf } from './plan-blocks.ts';

const newFolder = tempFolders();
const page = pageAt('docs/migration.md');
const FLAGS = [
  ['Flags of gcloud ai custom-jobs create', ['ai', 'custom-jobs', 'create']],
  ['Flags of gcloud ai hp-tuning-jobs create', ['ai', 'hp-tuning-jobs', 'create']],
] as const;
const ARGUMENTS = 'Arguments of the Python SDK';
const SCRIPTS = 'A training script without a Dockerfile';

const table = await gcloudTable();
const gcloud = await findProgram('gcloud');
const withTable = table === undefined ? it.skip : it;
const withGcloud = gcloud === undefined ? it.skip : it;
if (table === undefined || gcloud === undefined)
  process.stderr.write('SKIPPED: what docs/migration.md says of gcloud (no gcloud with its table here)\n');

/** Google's libraries, or why there are none; with CI=true there must be some. */
async function findPython(): Promise<string | undefined> {
  try {
    return (await ensurePython(join(root, '__tests__/local/python/requirements.txt'))).program;
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    process.stderr.write(`SKIPPED: what docs/migration.md says of the Python SDK (${messageOf(error)})\n`);
    return undefined;
  }
}
const python = await findPython();
const withPython = python === undefined ? it.skip : it;
const askSdk = (args: readonly string[], input = '') =>
  must(python ?? '', [join(root, '__tests__/docs/migration.py'), ...args], { input, timeoutMs: 60_000 });

const codes = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
const blockOf = (section: string, language: string) =>
  page.blocks.find((block) => block.section === section && block.language === language)?.text ?? '';

/** The job that a step asks for, without what every job of this action has. */
function afterOf(section: string) {
  const { plan, errors } = verdictOf(stepsIn(blockOf(section, 'yaml'))[0]?.with ?? {});
  expect(errors).toEqual([]);
  const { labels = {}, displayName: _, ...resource } = plan?.job.resource ?? { displayName: '' };
  return { resource: JSON.parse(JSON.stringify(resource)) as Record<string, unknown>, labels };
}

describe('the tables', () => {
  const inputs = [...FLAGS.map(([heading]) => heading), ARGUMENTS].flatMap((heading) =>
    rowsUnder(page, heading).map((row) => [row[0] ?? '', row[heading === ARGUMENTS ? 2 : 1] ?? ''] as const),
  );

  it('name inputs that there are', () => {
    expect(inputs.length).toBeGreaterThan(50);
    // What stands behind a colon is a value.
    const named = inputs.flatMap(([, cell]) => codes(cell.split(':')[0] ?? ''));
    expect(named.filter((name) => !(INPUT_NAMES as readonly string[]).includes(name))).toEqual([]);
    expect(inputs.filter(([what, cell]) => cell === '' && what !== '`--display-name`')).toEqual([]);
  });

  withTable.each(FLAGS)('%s: have flags that gcloud has', (heading, command) => {
    const flags = rowsUnder(page, heading).flatMap(([flag = '']) => codes(flag));
    expect(flags.length).toBeGreaterThan(3);
    expect(faultsOfGcloud(table ?? { commands: {}, flags: {} }, [...command, ...flags])).toEqual([]);
  });

  withPython('have arguments that the SDK has', async () => {
    const rows = [...rowsUnder(page, ARGUMENTS), ...rowsUnder(page, SCRIPTS)].map(
      ([argument = '', of = '']) => [codes(argument)[0] ?? '', codes(of)] as const,
    );
    const names = [...new Set(rows.flatMap(([, of]) => of))];
    const known = JSON.parse(await askSdk(['arguments', ...names])) as Record<string, readonly string[]>;
    expect(rows.length).toBeGreaterThan(40);
    const unknown = rows.flatMap(([argument, of]) =>
      of.filter((name) => !known[name]?.includes(argument)).map((name) => `${name} has no ${argument}`),
    );
    expect(unknown).toEqual([]);
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
}

/** A Vertex AI that takes one job, which has succeeded when it is asked for. */
async function recorder() {
  const jobs: Record<string, unknown>[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') jobs.push(JSON.parse(await bodyOf(request)));
    const name = 'projects/123456789/locations/us-central1/customJobs/7';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ...jobs[0], name, state: 'JOB_STATE_SUCCEEDED' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    jobs,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

describe('before and after', () => {
  // gcloud starts three times.
  withGcloud(
    'the workflow with gcloud asks for the job that the step asks for',
    async () => {
      const home = await newFolder();
      for (const name of ['docker', 'sleep']) {
        await writeFile(join(home, name), '#!/bin/sh\n');
        await chmod(join(home, name), 0o755);
      }
      await mkdir(join(home, '.docker'));
      await writeFile(join(home, 'token'), 'any-word');
      const service = await recorder();
      const env = {
        PATH: [home, process.env['PATH']].join(delimiter),
        HOME: home,
        GITHUB_SHA: 'abc',
        CLOUDSDK_CONFIG: join(home, 'config'),
        CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: service.url,
        CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: join(home, 'token'),
        CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      };
      const script = blockOf('A workflow with gcloud', 'sh');
      const { code, stderr } = await run('bash', ['-euo', 'pipefail', '-c', script], { env, timeoutMs: 60_000 });
      await service.close();
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      const { resource, labels } = afterOf('A workflow with gcloud');
      const [job = {}] = service.jobs;
      const tag = JSON.stringify(job).replaceAll('digits:abc"', 'digits"');
      expect(JSON.parse(tag)).toMatchObject({ labels: { team: 'vision' } });
      expect(labels).toMatchObject({ team: 'vision' });
      // Vertex AI's own time limit is the one thing that gcloud leaves out.
      const { scheduling, ...spec } = resource['jobSpec'] as Record<string, unknown>;
      expect(scheduling).toEqual({ timeout: '86400s' });
      expect(JSON.parse(tag).jobSpec).toEqual(spec);
    },
    90_000,
  );

  withPython('the script with the SDK asks for the job that the step asks for', async () => {
    const job = lastLine(await askSdk(['run'], blockOf('A script with the Python SDK', 'python')));
    const { displayName: _, ...before } = job as Record<string, unknown>;
    expect(before).toEqual(afterOf('A script with the Python SDK').resource);
  });
});
