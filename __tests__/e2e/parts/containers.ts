import { type DockerClient, dockerLines } from './docker-client.ts';

type Client = Pick<DockerClient, 'docker'>;

const SERVICE = 'train-on-vertex.service';

/** A container that a local service made. */
export interface Container {
  readonly id: string;
  /** Marks all containers and networks of one service. */
  readonly service: string;
  /** Id of the job whose replica it is; a trial has a job of its own. */
  readonly job: string;
  readonly running: boolean;
}

/** Containers of whichever local service that were made from an image: the test's own, when the image is. */
export async function containersOf(client: Client, image: string): Promise<Container[]> {
  const format = `{{.ID}} {{.Label "${SERVICE}"}} {{.Label "train-on-vertex.job"}} {{.State}}`;
  const filters = ['--filter', `ancestor=${image}`, '--filter', `label=${SERVICE}`];
  const lines = await dockerLines(client, 'ps', '--all', '--no-trunc', ...filters, '--format', format);
  return lines.map((line) => {
    const [id = '', service = '', job = '', state = ''] = line.split(' ');
    return { id, service, job, running: state === 'running' };
  });
}

/** What is left of a service in the engine: its containers, running or not, and its networks. */
export async function leftOf(client: Client, service: string): Promise<string[]> {
  const label = ['--filter', `label=${SERVICE}=${service}`, '--format'];
  return [
    ...(await dockerLines(client, 'ps', '--all', ...label, 'container {{.ID}}')),
    ...(await dockerLines(client, 'network', 'ls', ...label, 'network {{.ID}}')),
  ];
}
