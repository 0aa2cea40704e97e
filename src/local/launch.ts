import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { UserError } from '../faults.ts';
import { isRecord } from '../json.ts';

/** A local service that runs as a process of its own, so that it outlives a step that is killed. */
export interface LocalService {
  readonly url: string;
  readonly token: string;
}

export interface LaunchOptions {
  /** Path of the service's entry. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  /** Folder for the service's own log. */
  readonly tempFolder: string;
  /** Hears of the token before it is used. */
  readonly mask: (secret: string) => void;
}

/**
 * Starts the service and gives its address once it listens. Its stdin stays open as a lifeline: when this process dies,
 * the service waits a little for the post step and then ends what it runs. Throws UserError with its last words.
 */
export async function launchLocal({ entry, env, tempFolder, mask }: LaunchOptions): Promise<LocalService> {
  const token = randomBytes(32).toString('base64url');
  mask(token);
  const logPath = join(mkdtempSync(join(tempFolder, 'local-region-')), 'service.log');
  const logFile = openSync(logPath, 'w', 0o600);
  const child = spawn(process.execPath, [entry, '--embedded'], {
    env: { ...env },
    stdio: ['pipe', 'pipe', logFile],
    detached: true,
  });
  closeSync(logFile);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the local region was started without pipes');
  // Writing to a service that ended at once must not end this process; its log says why it ended.
  stdin.on('error', () => {});
  stdin.write(`${JSON.stringify({ token })}\n`);
  const port = await firstPort(child, stdout);
  if (port === undefined) {
    child.kill();
    throw new UserError(`The local region did not start: ${readFileSync(logPath, 'utf8').trim().slice(-2_000)}`);
  }
  for (const handle of [child, stdin, stdout]) (handle as { unref?: () => void }).unref?.();
  return { url: `http://127.0.0.1:${port}`, token };
}

/** The port in the one line that the service prints; undefined where it ends without. */
function firstPort(child: ChildProcess, stdout: Readable): Promise<number | undefined> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: stdout });
    child.once('error', () => resolve(undefined));
    lines.once('close', () => resolve(undefined));
    lines.once('line', (line) => resolve(portOf(line)));
  });
}

function portOf(line: string): number | undefined {
  try {
    const said: unknown = JSON.parse(line);
    return isRecord(said) && typeof said['port'] === 'number' ? said['port'] : undefined;
  } catch {
    return undefined;
  }
}

/** Ends the service with all that it runs; one that is gone already is no error. */
export async function stopLocal({ url, token }: LocalService): Promise<void> {
  try {
    await fetch(`${url}/-/shutdown`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    // Nothing listens any more, which is what was wanted.
  }
}
