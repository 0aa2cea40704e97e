import { parseArgs } from 'node:util';
import { messageOf, shown, UserError } from '../faults.ts';
import { stateFolder } from './life/data-folder.ts';

export interface Options {
  readonly port: number;
  /** The folder as given. */
  readonly data: string | undefined;
  /** The engine's address as given; undefined to look it up. */
  readonly engine: string | undefined;
  readonly embedded: boolean;
  /** The service fails on demand, for tests. */
  readonly faults: boolean;
  /** HTTPS, with a certificate made at the start. */
  readonly tls: boolean;
  /** The quota of CPUs; undefined for what the machine has. */
  readonly maxCpus: number | undefined;
  /** The same of memory, in GiB. */
  readonly maxMemoryGiB: number | undefined;
}

export const USAGE =
  'Accepted: --port P (default 8600; 0 picks a free one), --data DIR (where jobs, logs and buckets are kept; default: ' +
  '~/.local/state/train-on-vertex/local-P or below XDG_STATE_HOME; with --port 0, --embedded or --faults a fresh folder, ' +
  'removed at the end), ' +
  '--host-engine ADDRESS (default: DOCKER_HOST, else the current Docker context), --tls (HTTPS, with a certificate made ' +
  'at the start), --max-cpus N and --max-memory GIB (what the machines of all running jobs may have together; default: ' +
  'what this machine has), --embedded (for the action), ' +
  '--faults (for tests: failures on demand and simulated jobs).';

const FLAGS = {
  port: { type: 'string' },
  data: { type: 'string' },
  'host-engine': { type: 'string' },
  embedded: { type: 'boolean' },
  faults: { type: 'boolean' },
  tls: { type: 'boolean' },
  'max-cpus': { type: 'string' },
  'max-memory': { type: 'string' },
} as const;

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UserError(`${messageOf(error)}\n${USAGE}`, { cause: error });
  }
}

function amount(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text) && Number(text) > 0) return Number(text);
  throw new UserError(`${flag} ${shown(text)} is no amount: a number above 0 is accepted.\n${USAGE}`);
}

/** The command line as a value. Throws `UserError` that names the accepted flags. */
export function readOptions(argv: readonly string[]): Options {
  const values = parsed(argv);
  const { embedded = false, faults = false, tls = false } = values;
  const port = values.port ?? (embedded ? '0' : '8600');
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new UserError(`--port ${shown(port)} is no port: a number from 0 to 65535 is accepted.\n${USAGE}`);
  }
  return {
    port: Number(port),
    data: values.data,
    engine: values['host-engine'],
    embedded,
    faults,
    tls,
    maxCpus: amount('--max-cpus', values['max-cpus']),
    maxMemoryGiB: amount('--max-memory', values['max-memory']),
  };
}

/**
 * The data folder of a service with these options, undefined for a fresh one: a port of its own has the same folder each
 * time; one that is picked has none that could be found again, and what is for one workflow or one test is not to be.
 */
export function dataFolderOf(
  { data, port, embedded, faults }: Options,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string | undefined {
  if (data !== undefined || port === 0 || embedded || faults) return data;
  return stateFolder(port, env, home);
}
