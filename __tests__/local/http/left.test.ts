import { connect } from 'node:net';
import { expect, it } from '@jest/globals';
import { openService, PARENT } from '../faults/service.ts';

it('who leaves in the middle of a body is no fault of the service, and holds nobody else up', async () => {
  const faults: string[] = [];
  const service = await openService({ onFault: (text) => faults.push(text) });
  const begun = `POST /v1/${PARENT}/customJobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{`;
  try {
    const sockets = await Promise.all(
      Array.from(
        { length: 50 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(service.port, '127.0.0.1', () => socket.write(begun, () => resolve(socket)));
          }),
      ),
    );
    expect((await fetch(`${service.url}/v1/${PARENT}/customJobs`)).status).toBe(200);
    const left = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const socket of sockets) socket.destroy();
    await Promise.all(left);
    expect((await fetch(`${service.url}/v1/${PARENT}/customJobs`)).status).toBe(200);
  } finally {
    await service.close();
  }
  expect(faults).toEqual([]);
});
