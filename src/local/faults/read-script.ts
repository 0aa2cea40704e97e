import type { Reading } from './reading.ts';
import { JOB_ERRORS } from './refusals.ts';
import {
  END_STATES,
  type PreemptedHow,
  type Program,
  type ProgramEvent,
  type ProgramExit,
  type Script,
  type ScriptedEnd,
  type Turn,
} from './script.ts';

const HOW: readonly PreemptedHow[] = ['replica', 'job', 'fail'];
const ACTS = ['stdout', 'stderr', 'entry', 'measure', 'write', 'preempt'] as const;

function readMeasure(read: Reading): Readonly<Record<string, number | string>> | undefined {
  const values = read.object('measure');
  if (values === undefined) return undefined;
  const entries = Object.entries(values).filter(
    (entry): entry is [string, number | string] => typeof entry[1] === 'number' || typeof entry[1] === 'string',
  );
  if (entries.length < Object.keys(values).length) read.wrong('measure', 'Numbers are required, or texts.');
  return Object.fromEntries(entries);
}

/** Each part of the path is a name of its own, so that it leads nowhere else. */
function readWrite(read: Reading): { readonly path: string; readonly text: string } {
  const path = read.text('path') ?? '';
  const isBelow = path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
  if (!isBelow) read.wrong('path', 'A path below the output folder is required.');
  return { path, text: read.text('text') ?? read.wrong('text', 'A text is required.') ?? '' };
}

function readEvent(read: Reading): ProgramEvent {
  const event = {
    atMs: read.whole('atMs'),
    stdout: read.text('stdout'),
    stderr: read.text('stderr'),
    entry: read.inner('entry', (inner) => ({
      severity: inner.text('severity'),
      textPayload: inner.text('textPayload'),
      jsonPayload: inner.object('jsonPayload'),
      agoMs: inner.whole('agoMs'),
    })),
    measure: readMeasure(read),
    step: read.whole('step'),
    write: read.inner('write', readWrite),
    preempt: read.oneOf('preempt', HOW),
    times: read.whole('times', { least: 1 }),
    everyMs: read.whole('everyMs'),
  };
  const acts = ACTS.filter((name) => read.has(name));
  if (acts.length !== 1) read.wrong('', `An event does one of ${ACTS.join(', ')}; this one does ${acts.length}.`);
  return event;
}

function readExit(read: Reading): ProgramExit {
  return {
    atMs: read.whole('atMs'),
    code: read.whole('code', { most: 255 }),
    outOfMemory: read.flag('outOfMemory'),
  };
}

function readProgram(read: Reading): Program {
  return {
    trial: read.text('trial'),
    replica: read.text('replica'),
    attempt: read.whole('attempt', { least: 1 }),
    events: read.list('events', readEvent),
    exit: read.raw('exit') === 'never' ? 'never' : read.inner('exit', readExit),
  };
}

/** How a job is to end. */
export function readEnd(read: Reading): ScriptedEnd {
  return {
    state: read.oneOf('state', END_STATES) ?? read.wrong('state', 'An end needs a state.') ?? 'FAILED',
    reason: read.oneOf('reason', JOB_ERRORS),
    metrics: read.texts('metrics'),
    error: read.inner('error', readStatus),
  };
}

/** A google.rpc.Status, whole. */
export function readStatus(read: Reading): { readonly code: number; readonly message: string } {
  return {
    code: read.whole('code') ?? read.wrong('code', 'A code is required.') ?? 0,
    message: read.text('message') ?? read.wrong('message', 'A message is required.') ?? '',
  };
}

function readTurn(read: Reading): Turn {
  const turn = {
    atMs: read.whole('atMs') ?? read.wrong('atMs', 'A turn needs a time.') ?? 0,
    of: read.oneOf('of', ['job', 'pipeline']),
    state: read.state('state'),
    end: read.inner('end', readEnd),
  } as const;
  if (read.has('state') === read.has('end')) read.wrong('', 'A turn has either a state or an end.');
  return turn;
}

/** A script as a test sends it. */
export function readScript(read: Reading): Script {
  return {
    queuedMs: read.wholeOr('queuedMs', 'forever'),
    pendingMs: read.wholeOr('pendingMs', 'forever'),
    restartMs: read.whole('restartMs'),
    cancelMs: read.whole('cancelMs'),
    turns: read.list('turns', readTurn),
    programs: read.list('programs', readProgram),
  };
}
