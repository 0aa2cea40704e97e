import { messageOf } from '../../../faults.ts';
import type { LogSource } from '../../logging/store.ts';
import type { ContainerExit } from '../engine/engine-exit.ts';
import type { Runtime } from '../runtime.ts';
import { Replica } from './replica.ts';
import type { ReplicaPlan, Surroundings } from './replica-plan.ts';

interface PostSetting {
  readonly runtime: Runtime;
  readonly plan: ReplicaPlan;
  readonly around: Surroundings;
  readonly source: Omit<LogSource, 'task'>;
}

/** The words of NVIDIA's runtime hook, and of an engine that finds devices by itself (CDI), for a GPU that is not there. */
function lacksGpus(error: unknown): boolean {
  return /nvidia-container-cli: device error|unresolvable CDI device/.test(messageOf(error));
}

/**
 * A replica's place in its job: one container after the other, all under the same host names ("restarts that worker … in
 * the same VM", "with the same hostname": understanding-training-service). A new container has the image's own files.
 */
export class Post {
  #setting: PostSetting;
  #replica: Replica;
  #restarting: Promise<void> = Promise.resolve();
  #over = false;

  private constructor(setting: PostSetting, replica: Replica) {
    this.#setting = setting;
    this.#replica = replica;
  }

  static async create(setting: PostSetting): Promise<Post> {
    const { runtime, plan, around, source } = setting;
    return new Post(setting, await Replica.create(runtime, plan, around, source));
  }

  /** The same with the container that an earlier process of the service left of it. */
  static adopt(setting: PostSetting, container: string): Post {
    const { runtime, plan, source } = setting;
    return new Post(setting, Replica.adopt(runtime, plan.name, container, source));
  }

  get name(): string {
    return this.#setting.plan.name;
  }

  /** Whether the job is done with it, so that it is not to be restarted. */
  get isOver(): boolean {
    return this.#over;
  }

  /** Starts the container; where the engine has fewer GPUs than it asks for, one that gets them all, and tells so. */
  async start(): Promise<void> {
    try {
      await this.#replica.start();
    } catch (error) {
      const { runtime, plan, around, source } = this.#setting;
      if (plan.gpus === 0 || !around.withGpus || around.allGpus === true || !lacksGpus(error)) throw error;
      const text = `This engine has fewer GPUs than the ${plan.gpus} that ${plan.name} asks for: it gets all that there are.`;
      runtime.logs.service(source, text, 'WARNING');
      this.#setting = { ...this.#setting, around: { ...around, allGpus: true } };
      await this.restart();
    }
  }

  /** How the present container ended, once it has. */
  exit(): Promise<ContainerExit> {
    return this.#replica.exit();
  }

  /** Puts a new container in the place of the one that ended. */
  restart(): Promise<void> {
    this.#restarting = this.#replaced();
    return this.#restarting;
  }

  async #replaced(): Promise<void> {
    const { runtime, plan, around, source } = this.#setting;
    await this.#replica.remove();
    if (this.#over) return;
    this.#replica = await Replica.create(runtime, plan, around, source);
    if (!this.#over) await this.#replica.start();
  }

  /** Ends the container if it still runs, and removes it; there will be no other. */
  async remove(): Promise<void> {
    this.#over = true;
    await this.#restarting.catch(() => {});
    await this.#replica.remove();
  }
}
