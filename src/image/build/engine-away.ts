import { shown } from '../../faults.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What docker and buildx say of an engine that they do not reach, as a line of their own: a build's steps have a number before theirs. */
const AWAY =
  /^(?:error:\s*)?(?:failed to dial gRPC: )?(?:cannot connect to the docker daemon|error during connect:|failed to connect to the docker API)/i;
const DENIED = /^(?:error:\s*)?permission denied while trying to connect to the docker (?:daemon socket|API)/i;

/** What mends an engine that docker does not reach; undefined where its lines say nothing of that. `env` is docker's. */
export function engineMend(lines: readonly string[], env: Env): string | undefined {
  if (lines.some((line) => DENIED.test(line))) {
    return "The user of this step may not use the Docker engine's socket. Put that user into the socket's group (most often docker), and start the runner again.";
  }
  if (!lines.some((line) => AWAY.test(line))) return undefined;
  // DOCKER_HOST goes before DOCKER_CONTEXT, and both before the context that is chosen in docker's own file.
  const name = ['DOCKER_HOST', 'DOCKER_CONTEXT'].find((each) => env[each]);
  if (name === undefined) {
    return 'Start the Docker engine of this machine, or name where another listens: DOCKER_HOST, or docker context use.';
  }
  const value = shown((env[name] ?? '').replace(/(\/\/[^/@:]*):[^/@]*@/, '$1:***@'));
  return `${name} is ${value}, and no Docker engine answers there. Start that engine, or mend or unset ${name}.`;
}
