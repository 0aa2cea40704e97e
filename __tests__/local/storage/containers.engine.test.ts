import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { Client } from '../client.ts';
import { findMachine } from '../machine.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: Cloud Storage of what containers write (${machine})\n`);

let service: Service;
let client: Client;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 1 });
  client = new Client(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

const BUCKET = '/storage/v1/b/trained/o';
const base = { baseOutputDirectory: { outputUriPrefix: 'gs://trained/run' } };
const read = async (path: string) => (await fetch(`http://127.0.0.1:${service.port}${path}`)).text();

suite('what a container writes to /gcs', () => {
  it('is an object as soon as it is there, under the name that the program gave it, and no link is', async () => {
    const script = [
      'folder=/gcs/trained/run/model',
      'mkdir -p $folder/deep && echo weights > $folder/deep/w.bin && echo "{\\"loss\\": 0.5}" > /gcs/trained/run/metrics.json',
      'ln -s /etc/passwd $folder/passwd && ln -s / $folder/all && ln $folder/deep/w.bin $folder/same',
      'echo ready && sleep 60',
    ].join(' && ');
    const name = await client.createCustomJob({ command: ['sh', '-c'], args: [script] }, base);
    let said: readonly string[] = [];
    while (!said.includes('ready')) said = await client.output(name);
    const listed = await client.call('GET', `${BUCKET}?prefix=run/&fields=items(name,size)`);
    expect(listed).toEqual({
      items: [
        { name: 'run/metrics.json', size: '14' },
        { name: 'run/model/deep/w.bin', size: '8' },
        { name: 'run/model/same', size: '8' },
      ],
    });
    expect(await read(`${BUCKET}/run%2Fmetrics.json?alt=media`)).toBe('{"loss": 0.5}\n');
    for (const link of ['run%2Fmodel%2Fpasswd', 'run%2Fmodel%2Fall%2Fetc%2Fpasswd']) {
      expect(await client.call('GET', `${BUCKET}/${link}`)).toMatchObject({ error: { code: 404 } });
    }
    const { createTime = '' } = await client.get(name);
    const { updated } = (await client.call('GET', `${BUCKET}/run%2Fmetrics.json`)) as { readonly updated: string };
    expect(Date.parse(updated)).toBeGreaterThanOrEqual(Date.parse(createTime));
    await client.call('POST', `/v1/${name}:cancel`);
    await client.ended(name);
    expect(await read(`${BUCKET}/run%2Fmodel%2Fdeep%2Fw.bin?alt=media`)).toBe('weights\n');
  }, 60_000);
});
