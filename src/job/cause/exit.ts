/** How a replica ended, as the service's message tells it. */
export interface ReplicaExit {
  /** `workerpool0-0`; undefined where the message names none. */
  readonly replica: string | undefined;
  readonly code: number | undefined;
  /** The container's reason, such as `Error`, `OOMKilled` or `StartError`. */
  readonly reason: string | undefined;
  readonly outOfMemory: boolean;
}

/**
 * Reads `The replica workerpool0-0 exited with a non-zero status of 1. Termination reason: Error.` and its kin
 * (understanding-training-service); undefined where the message is of another form.
 */
export function exitOf(message: string): ReplicaExit | undefined {
  const [, replica, verb] =
    /\bThe replica (\S+)(?: \d+)? (exited|ran out[ -]of[ -]memory|could not be started)/.exec(message) ?? [];
  if (verb === undefined) return undefined;
  const [, code] = /non-zero status (?:code )?of (\d{1,3})\b/.exec(message) ?? [];
  const [, reason] = /\bTermination reason: (\w+)/.exec(message) ?? [];
  return {
    replica: /^workerpool\d+-\d+$/.test(replica ?? '') ? replica : undefined,
    code: code === undefined ? undefined : Number(code),
    reason,
    outOfMemory: verb.startsWith('ran out') || reason === 'OOMKilled',
  };
}

/** The message without the address of the log viewer, and without the traceback that it quotes. */
export function headline(message: string): string {
  const [head = ''] = message.split(/\n\s*Traceback \(most recent call last\):/, 1);
  return head.replace(/\s*To find out more about why your job exited please check the logs:[^\n]*/g, '').trim();
}

/** The traceback that the service quotes of a prebuilt image's program; none where it quotes none. */
export function quotedLines(message: string): string[] {
  const start = message.search(/^Traceback \(most recent call last\):/m);
  if (start === -1) return [];
  return message
    .slice(start)
    .replace(/\n\s*To find out more about why your job exited[\s\S]*$/, '')
    .trimEnd()
    .split(/\r\n|\r|\n/);
}
