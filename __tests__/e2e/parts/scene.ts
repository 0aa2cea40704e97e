import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Prepared, prepare } from '../../../scripts/machine/prepare.ts';
import { anyClient, type ClientKind, type DockerClient, docker, dockerLines, findClient } from './docker-client.ts';
import { Endings } from './endings.ts';
import { type RunningStep, runStep, type StepOptions, type StepResult, startStep } from './runner.ts';
import { makeRunnerTemp } from './runner-files.ts';

/** A step of this action: main at once, and post when main has ended. */
export interface Run extends RunningStep {
  post(): Promise<StepResult>;
}

export type RunOptions = Omit<StepOptions, 'entry' | 'state' | 'runnerTemp' | 'program'>;

/** Where a test plays: an engine, a docker client with a configuration of its own, and steps; all gone afterwards. */
export class Scene {
  readonly client: DockerClient;
  /** The user's Docker configuration, as the steps find it. */
  readonly dockerConfig: string;
  readonly #endings: Endings;
  readonly #images: string[] = [];

  private constructor(client: DockerClient, dockerConfig: string, endings: Endings) {
    this.client = client;
    this.dockerConfig = dockerConfig;
    this.#endings = endings;
    // The first to be remembered is the last to be ended: no container uses the images any more.
    endings.add(() => this.#removeImages());
  }

  /** Sees to the engine and the base images; `kind` asks for one way of building. Close it, whatever happens. */
  static async open(kind?: ClientKind): Promise<Scene> {
    const endings = new Endings();
    const { engine }: Prepared = await prepare();
    endings.add(() => engine.stop());
    try {
      const client = kind === undefined ? await anyClient(engine) : await findClient(engine, kind);
      if (client === undefined) throw new Error(`this machine has no docker client of the kind ${kind}`);
      const dockerConfig = await freshFolder(endings, 'docker-home-');
      const config = { auths: { 'registry.example': { auth: Buffer.from('user:of-old').toString('base64') } } };
      await writeFile(join(dockerConfig, 'config.json'), JSON.stringify(config));
      if (client.plugins !== undefined) await symlink(client.plugins, join(dockerConfig, 'cli-plugins'));
      return new Scene(client, dockerConfig, endings);
    } catch (error) {
      await endings.run();
      throw error;
    }
  }

  /** Remembers how to end something that belongs to this scene. */
  add(end: () => unknown): void {
    this.#endings.add(end);
  }

  /** The variables that lead a program to the client and its configuration. */
  get env(): Readonly<Record<string, string>> {
    return { PATH: this.client.path, DOCKER_CONFIG: this.dockerConfig };
  }

  folder(prefix: string): Promise<string> {
    return freshFolder(this.#endings, prefix);
  }

  /** A checked-out repository with these files. */
  async workspace(files: Readonly<Record<string, string>>): Promise<string> {
    const workspace = await this.folder('workspace-');
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(workspace, name)), { recursive: true });
      await writeFile(join(workspace, name), text);
    }
    return workspace;
  }

  /** A name that no other run uses; whatever image carries it in the end is removed. */
  imageName(host?: string): string {
    const name = `e2e-${unique()}/program`;
    const whole = host === undefined ? name : `${host}/${name}`;
    this.#images.push(whole);
    return whole;
  }

  async #removeImages(): Promise<void> {
    for (const name of this.#images) {
      // One that lost its tag to a later build is known by its id alone.
      const known = '{{if eq .Tag "<none>"}}{{.ID}}{{else}}{{.Repository}}:{{.Tag}}{{end}}';
      for (const image of await dockerLines(
        this.client,
        'image',
        'ls',
        '--filter',
        `reference=${name}`,
        '--format',
        known,
      )) {
        await docker(this.client, 'image', 'rm', '--force', image);
      }
    }
  }

  /** Starts main. A step that the test leaves running is cancelled, and cleaned up by its post. */
  async start(options: RunOptions): Promise<Run> {
    const runnerTemp = await makeRunnerTemp();
    this.add(() => rm(runnerTemp, { recursive: true, force: true }));
    const whole = { ...options, runnerTemp, extraEnv: { ...this.env, ...options.extraEnv } };
    const step = await startStep(whole);
    let cleaned: Promise<StepResult> | undefined;
    const post = async () => {
      const { state } = await step.finished;
      cleaned ??= runStep({ ...whole, entry: 'post', state });
      return cleaned;
    };
    this.add(async () => {
      await step.cancel();
      await post();
    });
    return { ...step, post };
  }

  /** Runs main to its end. */
  async run(options: RunOptions): Promise<StepResult & Pick<Run, 'post'>> {
    const { finished, post } = await this.start(options);
    return { ...(await finished), post };
  }

  close(): Promise<void> {
    return this.#endings.run();
  }
}

/** A few letters that nobody else has. */
export function unique(): string {
  return randomBytes(6).toString('hex');
}

async function freshFolder(endings: Endings, prefix: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), prefix)));
  endings.add(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
