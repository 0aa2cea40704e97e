import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type Command, parseCommand } from './commands.ts';
import { Masker } from './masker.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  /** file, line, endline, col, endcolumn, title: names in lower case. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface Group {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A value that stood in the log before the step had it hidden. */
export interface Leak {
  readonly value: string;
  readonly line: string;
}

/** What the runner made of a step's output so far. */
export interface StepLog {
  readonly annotations: readonly Annotation[];
  /** Values hidden with add-mask, in order. */
  readonly masks: readonly string[];
  /** Set through output, which is deprecated and what hostile lines do; not those of the output file. */
  readonly setOutputs: Readonly<Record<string, string>>;
  readonly savedStates: Readonly<Record<string, string>>;
  readonly groups: readonly Group[];
  readonly debug: readonly string[];
  /** Owners or files of problem matchers that were added and removed, as `+file` and `-owner`. */
  readonly matchers: readonly string[];
  /** Lines that were no command, with secrets hidden. */
  readonly plainLines: readonly string[];
  /** The log as the runner shows it: commands rendered, secrets hidden. */
  readonly log: readonly string[];
  /** Every line as the step wrote it. */
  readonly rawLog: readonly string[];
  readonly leaks: readonly Leak[];
  /** Commands that the runner refused: each makes the step fail. */
  readonly commandErrors: readonly string[];
  /** Whether commands were still stopped at the end. */
  readonly stopped: boolean;
}

/** Reads a step's output line by line as the runner does (ActionCommandManager.cs), and remembers what came of it. */
export class StepLogReader {
  readonly #workspace: string;
  readonly #masker = new Masker();
  readonly #annotations: Annotation[] = [];
  readonly #masks: string[] = [];
  readonly #setOutputs: Record<string, string> = {};
  readonly #savedStates: Record<string, string> = {};
  readonly #groups: { title: string; lines: string[] }[] = [];
  readonly #debug: string[] = [];
  readonly #matchers: string[] = [];
  readonly #plainLines: string[] = [];
  readonly #log: string[] = [];
  readonly #rawLog: string[] = [];
  readonly #commandErrors: string[] = [];
  #openGroup: { title: string; lines: string[] } | undefined;
  #stopToken: string | undefined;
  #echo = false;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** Takes the next line. */
  read(line: string): void {
    this.#rawLog.push(line);
    const tokens = this.#stopToken === undefined ? [] : [this.#stopToken];
    const command = parseCommand(line, tokens);
    if (command === undefined || !this.#process(command, line)) this.#showPlain(line);
  }

  /** The log so far, as the runner shows it. */
  get lines(): readonly string[] {
    return this.#log;
  }

  /** Hides what the step's own secrets show in another text, such as the summary. */
  mask(text: string): string {
    return this.#masker.mask(text);
  }

  result(): StepLog {
    return {
      annotations: this.#annotations,
      masks: this.#masks,
      setOutputs: this.#setOutputs,
      savedStates: this.#savedStates,
      groups: this.#groups,
      debug: this.#debug,
      matchers: this.#matchers,
      plainLines: this.#plainLines,
      log: this.#log,
      rawLog: this.#rawLog,
      leaks: this.#log.flatMap((line) => this.#masker.shownIn(line).map((value) => ({ value, line }))),
      commandErrors: this.#commandErrors,
      stopped: this.#stopToken !== undefined,
    };
  }

  #show(line: string): void {
    const shown = this.#masker.mask(line);
    this.#log.push(shown);
    this.#openGroup?.lines.push(shown);
  }

  #showPlain(line: string): void {
    this.#plainLines.push(this.#masker.mask(line));
    this.#show(line);
  }

  #fail(command: Command, line: string, why: string): void {
    // A command whose text may be secret is named only.
    const what = ['add-mask', 'debug', 'error', 'notice', 'warning'].includes(command.name) ? command.name : line;
    const message = `Unable to process command '${what}' successfully. ${why}`;
    this.#commandErrors.push(this.#masker.mask(message));
    this.#show(`##[error]${message}`);
  }

  /** Acts on a command. False when commands are stopped: then the line is plain text, secrets and all. */
  #process(command: Command, line: string): boolean {
    const name = command.name.toLowerCase();
    if (this.#stopToken !== undefined) return this.#resume(name, line);
    if (name === 'stop-commands') {
      this.#stop(command, line);
      return true;
    }
    if (this.#echo && !['add-mask', 'debug', 'error', 'notice', 'warning', 'echo'].includes(name)) this.#show(line);
    this.#act(name, command, line);
    return true;
  }

  #resume(name: string, line: string): boolean {
    if (name !== this.#stopToken?.toLowerCase()) return false;
    this.#show(line);
    this.#stopToken = undefined;
    return true;
  }

  #stop(command: Command, line: string): void {
    const token = command.data;
    if (['', 'pause-logging', ...COMMANDS].includes(token.toLowerCase())) {
      this.#fail(command, line, 'The token is not allowed.');
      return;
    }
    this.#stopToken = token;
    if (token.length > 6) this.#masker.add(token);
    this.#show(line);
  }

  #act(name: string, command: Command, line: string): void {
    const actions: Record<string, () => void> = {
      'add-mask': () => this.#addMask(command),
      'add-matcher': () => this.#addMatcher(command, line),
      'remove-matcher': () => this.#matchers.push(`-${command.properties['owner'] ?? command.data}`),
      'add-path': () => this.#fail(command, line, 'The `add-path` command is disabled.'),
      'set-env': () => this.#fail(command, line, 'The `set-env` command is disabled.'),
      'set-output': () => this.#assign(this.#setOutputs, command, line),
      'save-state': () => this.#assign(this.#savedStates, command, line),
      debug: () => this.#debug.push(this.#masker.mask(command.data)),
      echo: () => this.#setEcho(command, line),
      group: () => this.#startGroup(command.data),
      endgroup: () => this.#endGroup(),
    };
    if (name === 'error' || name === 'warning' || name === 'notice') this.#annotate(name, command);
    else actions[name]?.();
  }

  #addMask(command: Command): void {
    if (command.data.trim() === '') {
      this.#show("##[warning]Can't add secret mask for empty string in ##[add-mask] command.");
      return;
    }
    this.#masks.push(command.data);
    this.#masker.add(command.data);
  }

  #addMatcher(command: Command, line: string): void {
    if (existsSync(join(this.#workspace, command.data)) || existsSync(command.data))
      this.#matchers.push(`+${command.data}`);
    else this.#fail(command, line, 'The file of the matcher is missing.');
  }

  #assign(target: Record<string, string>, command: Command, line: string): void {
    const key = command.properties['name'];
    if (key === undefined) this.#fail(command, line, "Required field 'name' is missing.");
    else target[key] = command.data;
  }

  #setEcho(command: Command, line: string): void {
    const value = command.data.trim().toUpperCase();
    if (value === 'ON' || value === 'OFF') this.#echo = value === 'ON';
    else this.#fail(command, line, "The value must be 'on' or 'off'.");
  }

  #startGroup(title: string): void {
    this.#show(`##[group]${title}`);
    this.#openGroup = { title: this.#masker.mask(title), lines: [] };
    this.#groups.push(this.#openGroup);
  }

  #endGroup(): void {
    this.#openGroup = undefined;
    this.#show('##[endgroup]');
  }

  #annotate(level: Annotation['level'], command: Command): void {
    const message = this.#masker.mask(command.data);
    this.#annotations.push({ level, message, properties: command.properties });
    for (const line of command.data.split(/\r\n|\r|\n/)) this.#show(`##[${level}]${line}`);
  }
}
