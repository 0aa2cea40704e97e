import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '../../../src/local/service.ts';
import { Client } from '../client.ts';
import { findMachine } from '../machine.ts';
import { METHODS } from './methods.ts';

const machine = await findMachine();
const isThere = typeof machine !== 'string';
const suite = isThere ? describe : describe.skip;
if (!isThere) process.stderr.write(`SKIPPED: the requests of a job of the local region (${machine})\n`);

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly answer: unknown;
}

/** A client that keeps what it asked and was answered. */
class LoggedClient extends Client {
  readonly exchanges: Exchange[] = [];

  override async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await super.call(method, path, body);
    this.exchanges.push({ method, path, body, answer });
    return answer;
  }
}

let service: Service;
let client: LoggedClient;

beforeAll(async () => {
  if (!isThere) return;
  service = await startService({ port: 0, engine: machine.address, graceSeconds: 0 });
  client = new LoggedClient(service.port);
});
afterAll(async () => {
  if (!isThere) return;
  await service.close();
  await machine.stop();
});

suite('the requests of a job', () => {
  it('are asked and answered as the tables of methods say, every field of them', async () => {
    const name = await client.createCustomJob({ command: ['true'] });
    await client.ended(name);
    await client.entries(name);
    await client.call('GET', `/v1/${client.parent}/customJobs?pageSize=1`);
    await client.call('POST', `/v1/${name}:cancel`);
    const deletion = (await client.call('DELETE', `/v1/${name}`)) as { readonly name: string };
    await client.call('GET', `/v1/${deletion.name}`);
    const met = new Set<string>();
    for (const { method, path, body, answer } of client.exchanges) {
      const row = METHODS.find((each) => each.method === method && each.path.test(path));
      expect([path, row?.name]).toEqual([path, expect.any(String)]);
      const { name: title = '', request = [], answer: fields = [], optional = [] } = row ?? {};
      met.add(title);
      expect([title, Object.keys(body ?? {}).filter((key) => !request.includes(key))]).toEqual([title, []]);
      const keys = Object.keys(answer as object);
      expect([title, keys.filter((key) => !optional.includes(key)).sort()]).toEqual([title, [...fields].sort()]);
    }
    expect([...met].sort()).toEqual(METHODS.map((row) => row.name).sort());
    const { answer } = client.exchanges.at(-1) ?? {};
    expect(answer).toMatchObject({
      done: true,
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.aiplatform.v1.DeleteOperationMetadata',
        genericMetadata: { createTime: expect.any(String), updateTime: expect.any(String) },
      },
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    });
  });
});
