import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from '../../scripts/machine/places.ts';
import { ProgramError, type Ran, run } from '../../scripts/machine/run.ts';

/** An unmodified gcloud, the machine's own, pointed at a service of this machine. */
export class Gcloud {
  readonly #program: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;

  private constructor(program: string, env: NodeJS.ProcessEnv, folder: string) {
    this.#program = program;
    this.#env = env;
    this.#folder = folder;
  }

  /** Its configuration is kept in `folder`, apart from the user's. */
  static async at(program: string, port: number, folder: string): Promise<Gcloud> {
    const base = `http://127.0.0.1:${port}/`;
    const token = join(folder, 'token');
    await writeFile(token, 'any-word');
    const env = {
      ...process.env,
      CLOUDSDK_CONFIG: join(folder, 'config'),
      CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: base,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_LOGGING: base,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${base}storage/v1/`,
      CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token,
      CLOUDSDK_CORE_PROJECT: 'my-project',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_AI_REGION: 'us-central1',
    };
    return new Gcloud(program, env, folder);
  }

  /** Runs a command to its end, be it as it may. */
  run(...args: readonly string[]): Promise<Ran> {
    return run(this.#program, args, { env: this.#env, timeoutMs: 60_000 });
  }

  /** Runs a command that has to succeed, and gives its standard output. */
  async out(...args: readonly string[]): Promise<string> {
    const ran = await this.run(...args);
    if (ran.code !== 0) throw new ProgramError('gcloud', args, ran);
    return ran.stdout;
  }

  async json(...args: readonly string[]): Promise<unknown> {
    return JSON.parse(await this.out(...args, '--format=json'));
  }

  /** The lines of a command that prints one for each thing. */
  async lines(...args: readonly string[]): Promise<string[]> {
    return (await this.out(...args)).split('\n').filter((line) => line !== '');
  }

  /** What a command that may never end has printed when a text has come; it is ended then. `hear` is told of all up to now. */
  async until(wanted: string, args: readonly string[], hear: (printed: string) => void = () => {}): Promise<string> {
    const ending = new AbortController();
    let printed = '';
    const onOutput = (text: string) => {
      printed += text;
      hear(printed);
      if (printed.includes(wanted)) ending.abort();
    };
    const env = { ...this.#env, PYTHONUNBUFFERED: '1' };
    const ran = await run(this.#program, args, { env, timeoutMs: 60_000, onOutput, signal: ending.signal });
    if (!printed.includes(wanted)) throw new ProgramError('gcloud', args, ran);
    return printed;
  }

  /** Writes a file for `--config`, and gives the flag. */
  async config(name: string, value: object): Promise<string> {
    const path = join(this.#folder, name);
    // JSON is YAML.
    await writeFile(path, JSON.stringify(value));
    return `--config=${path}`;
  }
}

/** The program's path; undefined where this machine has none. */
export const findGcloud = (): Promise<string | undefined> => findProgram('gcloud');
