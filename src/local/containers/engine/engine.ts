import {
  type EngineAddress,
  EngineError,
  engineBytes,
  engineCall,
  engineLines,
  engineStream,
} from '../../../engine/http.ts';
import { isRecord, textAt } from '../../../json.ts';
import { FrameSplitter, type StreamName } from '../../logging/frames.ts';
import { type ContainerExit, exitOf, hasEnded } from './engine-exit.ts';
import { identifier, type Listing, labelled } from './engine-listing.ts';
import { imageName } from './image-name.ts';
import { type EngineMachine, engineMachine } from './limits.ts';

/** What the service asks of a Docker engine (Engine API as of 20.10 and later). */
export class Engine {
  readonly #address: EngineAddress;
  #machine: Promise<EngineMachine> | undefined;

  constructor(address: EngineAddress) {
    this.#address = address;
  }

  /** Whether the engine can give GPUs to containers: by NVIDIA's runtime, or as devices that it found (CDI, since 28). */
  async hasGpus(): Promise<boolean> {
    const info = await engineCall(this.#address, { method: 'GET', path: '/info' });
    if (!isRecord(info)) return false;
    const { Runtimes: runtimes, DiscoveredDevices: devices } = info;
    if (isRecord(runtimes) && Object.hasOwn(runtimes, 'nvidia')) return true;
    return Array.isArray(devices) && devices.some((device) => textAt(device, 'ID')?.startsWith('nvidia.com/gpu='));
  }

  /** What its machine has; asked once. */
  async machine(): Promise<EngineMachine> {
    this.#machine ??= engineCall(this.#address, { method: 'GET', path: '/info' }).then(engineMachine);
    try {
      return await this.#machine;
    } catch (error) {
      this.#machine = undefined;
      throw error;
    }
  }

  async hasImage(image: string, signal: AbortSignal): Promise<boolean> {
    try {
      await engineCall(this.#address, { method: 'GET', path: `/images/${encodeURI(image)}/json`, signal });
      return true;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return false;
      throw error;
    }
  }

  /** Pulls an image; `auth` is the value of X-Registry-Auth. Throws with the registry's own words. */
  async pull(image: string, auth: string | undefined, signal: AbortSignal): Promise<void> {
    const { name, reference } = imageName(image);
    const lines = engineLines(this.#address, {
      method: 'POST',
      path: '/images/create',
      query: { fromImage: name, tag: reference },
      headers: auth === undefined ? {} : { 'x-registry-auth': auth },
      signal,
    });
    for await (const line of lines) {
      const error = textAt(line, 'error');
      if (error !== undefined) throw new EngineError(error);
    }
  }

  async createContainer(body: unknown): Promise<string> {
    const answer = await engineCall(this.#address, { method: 'POST', path: '/containers/create', body });
    return identifier(answer);
  }

  async start(container: string): Promise<void> {
    await engineCall(this.#address, { method: 'POST', path: `/containers/${container}/start` });
  }

  /** Waits until a started container ends. One that is removed meanwhile counts as killed. */
  wait(container: string): Promise<ContainerExit> {
    return exitOf(this.#address, container);
  }

  /** Hands over what the container writes; the promise inside resolves when its output has ended. */
  async attach(
    container: string,
    onOutput: (stream: StreamName, chunk: Buffer) => void,
  ): Promise<{ readonly ended: Promise<void>; readonly drop: () => void }> {
    const stream = await engineStream(this.#address, {
      method: 'POST',
      path: `/containers/${container}/attach`,
      query: { stream: '1', stdout: '1', stderr: '1' },
    });
    const frames = new FrameSplitter(onOutput);
    stream.on('data', (chunk: Buffer) => frames.push(chunk));
    const ended = new Promise<void>((resolve) => {
      stream.on('end', resolve);
      stream.on('close', resolve);
      stream.on('error', () => resolve());
    });
    return { ended, drop: () => stream.destroy() };
  }

  /**
   * Hands over what the engine has kept of what the container wrote, from the beginning, and with `follow` what it writes
   * from then on. Resolves when that ends: an older engine (20.10) may end it early, so that it is to be asked again.
   */
  async logs(
    container: string,
    follow: boolean,
    onOutput: (stream: StreamName, chunk: Buffer) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const query = { stdout: '1', stderr: '1', follow: follow ? '1' : '0' };
    const frames = new FrameSplitter(onOutput);
    const call = { method: 'GET', path: `/containers/${container}/logs`, query, signal } as const;
    for await (const chunk of engineBytes(this.#address, call)) frames.push(chunk);
  }

  /** Whether a container that was started has ended; one that is gone has. */
  hasEnded(container: string): Promise<boolean> {
    return hasEnded(this.#address, container);
  }

  /** Asks the container to end (SIGTERM), and kills it when it has not after `graceSeconds`. */
  async stop(container: string, graceSeconds: number): Promise<void> {
    const query = { t: String(graceSeconds) };
    await this.#gone(engineCall(this.#address, { method: 'POST', path: `/containers/${container}/stop`, query }));
  }

  async remove(container: string): Promise<void> {
    const query = { force: '1', v: '1' };
    await this.#gone(engineCall(this.#address, { method: 'DELETE', path: `/containers/${container}`, query }));
  }

  /** Makes a network; only one whose subnet is given lets containers have addresses of one's choice. */
  async createNetwork(name: string, labels: Readonly<Record<string, string>>, subnet?: string): Promise<string> {
    const ipam = subnet === undefined ? {} : { IPAM: { Config: [{ Subnet: subnet }] } };
    const body = { Name: name, Driver: 'bridge', Labels: labels, Options: await this.#packetSize(), ...ipam };
    return identifier(await engineCall(this.#address, { method: 'POST', path: '/networks/create', body }));
  }

  /** The default network's packet size: set where the machine's own network needs a smaller one, and not inherited. */
  async #packetSize(): Promise<Record<string, string>> {
    const key = 'com.docker.network.driver.mtu';
    const found = await engineCall(this.#address, { method: 'GET', path: '/networks/bridge' }).catch(() => undefined);
    const size = textAt(isRecord(found) ? found['Options'] : undefined, key);
    return size === undefined ? {} : { [key]: size };
  }

  /** The first subnet of a network, `172.20.0.0/16`; undefined where the engine tells none. */
  async subnetOf(network: string): Promise<string | undefined> {
    const found = await engineCall(this.#address, { method: 'GET', path: `/networks/${network}` });
    const ipam = isRecord(found) ? found['IPAM'] : undefined;
    const configs = isRecord(ipam) ? ipam['Config'] : undefined;
    return Array.isArray(configs) ? textAt(configs[0], 'Subnet') : undefined;
  }

  async removeNetwork(network: string): Promise<void> {
    await this.#gone(engineCall(this.#address, { method: 'DELETE', path: `/networks/${network}` }));
  }

  /** The containers and networks that carry a label, running or not. */
  labelled(label: string): Promise<Listing> {
    return labelled(this.#address, label);
  }

  /** What is gone already, or going, is as good as removed. */
  async #gone(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
    }
  }
}
