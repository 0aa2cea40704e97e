import { createServer } from 'node:net';
import { messageOf, UserError } from '../../faults.ts';

const WHY: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program, maybe another local region, listens there',
  EACCES: 'this user may not listen there',
};

/** Why nothing can listen at a port, and what mends it. */
export function portError(port: number, error: unknown): UserError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const why = WHY[code] === undefined ? messageOf(error) : `${WHY[code]} (${code})`;
  return new UserError(
    `Port ${port} of 127.0.0.1 cannot be had: ${why}. Give another one with --port; 0 picks a free one.`,
    { cause: error },
  );
}

/** Sees to it that a port can be had before anything else is touched. Throws UserError. */
export async function checkPort(port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(port, '127.0.0.1', done);
    });
    await new Promise((closed) => server.close(closed));
  } catch (error) {
    throw portError(port, error);
  }
}
