import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CHECKOUT, inputVariables, readActionFile } from './action-file.ts';
import { LineCutter } from './lines.ts';
import { runnerEnvironment } from './runner-env.ts';
import { type CommandFiles, makeCommandFiles, makeRunnerTemp, readCommandFiles } from './runner-files.ts';
import { type StepLog, StepLogReader } from './step-log.ts';

export interface StepOptions {
  /** The step's `with:` block. Inputs that are not given have action.yml's defaults. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly workspace: string;
  /** The folder of the checkout that holds the action; the checkout itself when left out. */
  readonly action?: string | undefined;
  readonly entry?: 'main' | 'post' | undefined;
  /** What main saved, for post. */
  readonly state?: Readonly<Record<string, string>> | undefined;
  /** Variables that win over the runner's, such as another GITHUB_RUN_ID; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** More variables, such as the endpoints of the stand-ins for Google's services. */
  readonly extraEnv?: Readonly<Record<string, string>> | undefined;
  readonly event?: unknown;
  /** RUNNER_TEMP of the job; a fresh one when left out. Pass main's to post. The caller deletes it. */
  readonly runnerTemp?: string | undefined;
  /** The program in place of the built entry. */
  readonly program?: string | undefined;
}

export interface StepResult extends StepLog {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** What the runner makes of the step: a cancelled one is cancelled whatever its exit code. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** As later steps see them: those of the output file win over those set through output. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What post gets. */
  readonly state: Readonly<Record<string, string>>;
  readonly exportedEnv: Readonly<Record<string, string>>;
  readonly addedPath: readonly string[];
  /** The job summary, with secrets hidden. */
  readonly summary: string;
  /** Faults in the command files: each makes the step fail. */
  readonly fileErrors: readonly string[];
  /** True when a program that the step started held its output open after it had ended. */
  readonly leftOpen: boolean;
  readonly runnerTemp: string;
  readonly elapsedMs: number;
}

/** A step while it runs. */
export interface RunningStep {
  readonly child: ChildProcess;
  readonly runnerTemp: string;
  readonly finished: Promise<StepResult>;
  /** What has been logged so far. */
  log(): StepLog;
  /** Resolves with the first log line (shown, past ones too) that matches; rejects when the step ends without. */
  waitForLine(pattern: RegExp): Promise<string>;
  /** Cancels as the runner does: SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL, to that process only. */
  cancel(): Promise<StepResult>;
}

/** How long the runner waits for the output to close once the program has ended. */
const STREAMS_MS = 5_000;

interface Ending {
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly leftOpen: boolean;
}

function readInto(stream: Readable, reader: StepLogReader): () => void {
  const cutter = new LineCutter((line) => reader.read(line));
  stream.setEncoding('utf8').on('data', (text: string) => cutter.push(text));
  return () => cutter.end();
}

/** Resolves when the program has ended and its output is read, or no longer waited for. */
function follow(child: ChildProcess & { stdout: Readable; stderr: Readable }, reader: StepLogReader): Promise<Ending> {
  const ends = [readInto(child.stdout, reader), readInto(child.stderr, reader)];
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const finish = (leftOpen: boolean) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      for (const end of ends) end();
      resolve({ exitCode: child.exitCode ?? undefined, signal: child.signalCode ?? undefined, leftOpen });
    };
    child.once('error', reject);
    child.once('close', () => finish(false));
    child.once('exit', () => {
      timer = setTimeout(finish, STREAMS_MS, true);
    });
  });
}

function outcomeOf(ending: Ending, faults: number, cancelled: boolean): StepResult['outcome'] {
  if (cancelled) return 'cancelled';
  return ending.exitCode === 0 && faults === 0 ? 'success' : 'failure';
}

function collect<T>(...errors: readonly (T | undefined)[]): T[] {
  return errors.filter((error): error is T & {} => error !== undefined);
}

async function environmentOf(
  options: StepOptions,
  runnerTemp: string,
  files: CommandFiles,
): Promise<NodeJS.ProcessEnv> {
  const { workspace, event, inputs, state = {}, extraEnv = {}, env = {} } = options;
  const action = await readActionFile(options.action);
  const states = Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]);
  return {
    ...(await runnerEnvironment({ workspace, runnerTemp, files, event })),
    ...inputVariables(action, inputs),
    ...Object.fromEntries(states),
    ...extraEnv,
    ...env,
  };
}

async function programOf({ program, action, entry = 'main' }: StepOptions): Promise<string> {
  if (program !== undefined) return program;
  const file = (await readActionFile(action)).entries[entry];
  if (file === undefined) throw new Error(`${action ?? 'the action'} has no ${entry}`);
  return join(CHECKOUT, file);
}

/** Starts a built entry of the action as the GitHub runner does. */
export async function startStep(options: StepOptions): Promise<RunningStep> {
  const runnerTemp = options.runnerTemp ?? (await makeRunnerTemp());
  const files = await makeCommandFiles(runnerTemp);
  const env = await environmentOf(options, runnerTemp, files);
  const reader = new StepLogReader(options.workspace);
  const startedAt = performance.now();
  const child = spawn(process.execPath, [await programOf(options)], {
    cwd: options.workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let cancelled = false;
  const ended = follow(child, reader);
  const finished = ended.then(async (ending): Promise<StepResult> => {
    const found = await readCommandFiles(files);
    const log = reader.result();
    const fileErrors = collect(found.outputs.error, found.states.error, found.env.error);
    return {
      ...log,
      ...ending,
      outcome: outcomeOf(ending, fileErrors.length + log.commandErrors.length, cancelled),
      outputs: { ...log.setOutputs, ...found.outputs.values },
      state: { ...log.savedStates, ...found.states.values },
      exportedEnv: found.env.values,
      addedPath: found.path,
      summary: reader.mask(found.summary),
      fileErrors,
      runnerTemp,
      elapsedMs: performance.now() - startedAt,
    };
  });
  // Whoever waits for it hears of its failure; nobody has to.
  finished.catch(() => {});
  const cancel = async () => {
    cancelled = true;
    await endAsTheRunnerDoes(child);
    return finished;
  };
  return { child, runnerTemp, finished, log: () => reader.result(), waitForLine: waiter(reader, ended), cancel };
}

/** Runs a step to its end. */
export async function runStep(options: StepOptions): Promise<StepResult> {
  return (await startStep(options)).finished;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function endAsTheRunnerDoes(child: ChildProcess): Promise<void> {
  const signals = [
    ['SIGINT', 7_500],
    ['SIGTERM', 2_500],
    ['SIGKILL', 0],
  ] as const;
  for (const [signal, patienceMs] of signals) {
    if (hasEnded(child)) return;
    child.kill(signal);
    const patience = new AbortController();
    const gone = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
    await Promise.race([gone, delay(patienceMs, undefined, { signal: patience.signal }).catch(() => {})]);
    patience.abort();
  }
}

function waiter(reader: StepLogReader, ended: Promise<unknown>): RunningStep['waitForLine'] {
  return async (pattern) => {
    let over = false;
    const stop = () => {
      over = true;
    };
    void ended.then(stop, stop);
    for (;;) {
      const isLast = over;
      const line = reader.lines.find((candidate) => pattern.test(candidate));
      if (line !== undefined) return line;
      if (isLast)
        throw new Error(`The step ended without a line like ${pattern}. Its log:\n${reader.lines.join('\n')}`);
      await delay(50);
    }
  };
}
