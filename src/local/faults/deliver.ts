import type { ServerResponse } from 'node:http';
import type { Clock } from '../../retry.ts';
import { bytesOf, type Reply } from '../http/reply.ts';
import type { Refused } from './refusals.ts';

/** Sends an answer whose text stands as it is. */
export function sendText(response: ServerResponse, { http, headers, text }: Refused): void {
  const bytes = Buffer.from(text);
  response.writeHead(http, { ...headers, 'content-length': bytes.length, connection: 'close' });
  response.end(bytes);
}

/** Ends the connection with a reset: its peer reads ECONNRESET, not an end. */
export function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

async function begin(response: ServerResponse, reply: Reply): Promise<Buffer> {
  const bytes = await bytesOf(reply);
  const headers = { 'content-type': 'application/json; charset=UTF-8', ...reply.content?.headers, ...reply.headers };
  response.writeHead(reply.http, { ...headers, 'content-length': bytes.length });
  return bytes;
}

/** Waits, but no longer than there is somebody to answer. */
export async function linger(response: ServerResponse, ms: number, clock: Clock): Promise<void> {
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  if (response.destroyed) leave();
  await clock.sleep(ms, gone.signal).catch(() => {});
  response.off('close', leave);
}

/** Sends a reply piece by piece. */
export async function drip(
  response: ServerResponse,
  reply: Reply,
  { bytes, everyMs }: { readonly bytes: number; readonly everyMs: number },
  clock: Clock,
): Promise<void> {
  const whole = await begin(response, reply);
  for (let start = 0; start < whole.length && !response.destroyed; start += bytes) {
    response.write(whole.subarray(start, start + bytes));
    await linger(response, everyMs, clock);
  }
  response.end();
}

/** Promises the whole reply and sends half of it. */
export async function truncate(response: ServerResponse, reply: Reply): Promise<void> {
  const whole = await begin(response, reply);
  const half = whole.subarray(0, Math.floor(whole.length / 2));
  // What was written must be on its way before the connection ends.
  await new Promise<void>((resolve) => response.write(half, () => resolve()));
  response.socket?.end();
  response.destroy();
}

/** Sends a body that is no JSON as if it were. */
export async function sendMalformed(response: ServerResponse, reply: Reply, text: string | undefined): Promise<void> {
  const { http } = reply;
  const whole = (await bytesOf(reply)).toString('utf8');
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  sendText(response, { http, headers, text: text ?? whole.slice(0, Math.ceil(whole.length / 2)) });
}
