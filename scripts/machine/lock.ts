import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * An abstract Unix socket is the lock: the kernel gives its name to one process at a time and takes it back when that
 * process dies, so no stale lock can be left behind.
 */
function tryTake(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(`\0train-on-vertex/${name}`, () => resolve(server));
  });
}

async function take(name: string): Promise<Server> {
  for (;;) {
    const server = await tryTake(name);
    if (server !== undefined) return server;
    await delay(100);
  }
}

/**
 * Runs `body` while no other process on this machine runs one under the same name. Only Linux has such sockets, and only
 * on Linux does anything here need the lock: elsewhere images are pulled, which is safe side by side.
 */
export async function withLock<T>(name: string, body: () => Promise<T>): Promise<T> {
  if (process.platform !== 'linux') return body();
  const server = await take(name);
  try {
    return await body();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
