import {
  type EngineAddress,
  EngineError,
  engineBytes,
  engineCall,
  engineLines,
  engineStream,
} from '../../engine/http.ts';
import { isRecord, textAt } from '../../json.ts';
import { FrameSplitter, type StreamName } from '../logging/frames.ts';
import { imageName } from './image-name.ts';
import { type EngineMachine, engineMachine } from './limits.ts';

export interface ContainerExit {
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The engine was told to end or to remove the container, not by this service. */
  readonly endedByOthers?: boolean;
}

/** A container or network as the engine lists it. */
export interface Labelled {
  readonly id: string;
  /** The value of one of its labels. */
  readonly label: (name: string) => string | undefined;
  /** Of a container: `created` before it is started, then `running`, `exited` and others. */
  readonly state: string | undefined;
}

/** What a container has that was killed: 128 and the number of SIGKILL. */
const KILLED = 137;

/** How long the engine may take to tell its events. */
const EVENTS_WITHIN_MS = 2_000;

/** By their numbers, as the engine's events name them: SIGINT, SIGKILL and SIGTERM. */
const ENDING_SIGNALS: ReadonlySet<string> = new Set(['2', '9', '15']);

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
  async wait(container: string): Promise<ContainerExit> {
    try {
      const answer = await engineCall(this.#address, { method: 'POST', path: `/containers/${container}/wait` });
      const exitCode = isRecord(answer) ? Number(answer['StatusCode']) : Number.NaN;
      const found = await engineCall(this.#address, { method: 'GET', path: `/containers/${container}/json` });
      const state = isRecord(found) ? found['State'] : undefined;
      const oomKilled = isRecord(state) && state['OOMKilled'] === true;
      const endedByOthers = exitCode !== 0 && !oomKilled && (await this.#wasKilled(container));
      return { exitCode, oomKilled, endedByOthers };
    } catch (error) {
      if (!(error instanceof EngineError) || error.status !== 404) throw error;
      return { exitCode: KILLED, oomKilled: false, endedByOthers: true };
    }
  }

  /** Whether the engine was told to signal the container to its end. It keeps its latest events only, and need not tell. */
  async #wasKilled(container: string): Promise<boolean> {
    const filters = JSON.stringify({ container: [container], event: ['kill'] });
    const query = { since: '0', until: String(Date.now() / 1000), filters };
    // An engine in a machine of its own may have another time of day, and wait for the one that it is told.
    const signal = AbortSignal.timeout(EVENTS_WITHIN_MS);
    try {
      for await (const event of engineLines(this.#address, { method: 'GET', path: '/events', query, signal })) {
        const actor = event['Actor'];
        const attributes = isRecord(actor) ? actor['Attributes'] : undefined;
        if (ENDING_SIGNALS.has(textAt(attributes, 'signal') ?? '')) return true;
      }
    } catch {}
    return false;
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
  async hasEnded(container: string): Promise<boolean> {
    try {
      const found = await engineCall(this.#address, { method: 'GET', path: `/containers/${container}/json` });
      const state = isRecord(found) ? found['State'] : undefined;
      return isRecord(state) && state['Running'] === false;
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return true;
      throw error;
    }
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
  async labelled(label: string): Promise<{ readonly containers: Labelled[]; readonly networks: Labelled[] }> {
    const filters = JSON.stringify({ label: [label] });
    const containers = { method: 'GET', path: '/containers/json', query: { all: '1', filters } } as const;
    const networks = { method: 'GET', path: '/networks', query: { filters } } as const;
    return {
      containers: allLabelled(await engineCall(this.#address, containers)),
      networks: allLabelled(await engineCall(this.#address, networks)),
    };
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

function identifier(answer: unknown): string {
  const id = textAt(answer, 'Id');
  if (id === undefined || !/^[0-9a-f]{12,64}$/.test(id)) throw new EngineError('The Docker engine gave no id.');
  return id;
}

function allLabelled(answer: unknown): Labelled[] {
  const all: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return all.map((one) => {
    const labels = isRecord(one) && isRecord(one['Labels']) ? one['Labels'] : {};
    return { id: identifier(one), label: (name) => textAt(labels, name), state: textAt(one, 'State') };
  });
}
