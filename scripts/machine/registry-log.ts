/** One request as the registry's own log tells it. */
export interface RegistryRequest {
  readonly method: string;
  readonly path: string;
  /** The answer's HTTP status. */
  readonly status: number;
  /** Whether credentials came with it and were right. The registry knows one user at a time. */
  readonly credentials: 'accepted' | 'refused' | 'none';
  /** The user of refused credentials. */
  readonly refusedUser: string | undefined;
}

/** A line of the registry's log: flat JSON whose names hold dots. */
type Line = Readonly<Record<string, unknown>>;

/** The port that the registry listens on, once it has said so. */
export function listeningPort(log: string): number | undefined {
  const port = /listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
  return port === undefined ? undefined : Number(port);
}

function parseLine(text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch {
    // Go's own messages, and the last line while it is being written, are no JSON.
    return {};
  }
}

function text(line: Line | undefined, name: string): string {
  const value = line?.[name];
  return typeof value === 'string' ? value : '';
}

/** Several lines tell of one request: they carry the same id. */
function byRequest(log: string): Line[][] {
  const requests = new Map<string, Line[]>();
  for (const line of log.split('\n').map(parseLine)) {
    const id = text(line, 'http.request.id');
    if (id !== '') requests.set(id, [...(requests.get(id) ?? []), line]);
  }
  return [...requests.values()];
}

function refusedUserOf(messages: readonly string[]): string | undefined {
  const found = messages.map((message) => /^error authenticating user "(.*)":/.exec(message)?.[1]);
  return found.find((user) => user !== undefined);
}

function credentialsOf(messages: readonly string[]): RegistryRequest['credentials'] {
  if (refusedUserOf(messages) !== undefined) return 'refused';
  return messages.some((message) => message.startsWith('error authorizing context')) ? 'none' : 'accepted';
}

function readRequest(lines: readonly Line[]): RegistryRequest {
  const messages = lines.map((line) => text(line, 'msg'));
  const status = lines.map((line) => line['http.response.status']).find((value) => typeof value === 'number');
  return {
    method: text(lines[0], 'http.request.method'),
    path: text(lines[0], 'http.request.uri'),
    // It logs no response for a request that it does not let in.
    status: status ?? 401,
    credentials: credentialsOf(messages),
    refusedUser: refusedUserOf(messages),
  };
}

/** The requests that a registry's log tells of, in the order of their arrival. */
export function readRequests(log: string): RegistryRequest[] {
  return byRequest(log).map(readRequest);
}

/** The images whose manifests were pushed, as `name:tag` or `name@digest`. */
export function pushedImages(requests: readonly RegistryRequest[]): string[] {
  const pushes = requests.filter((request) => request.method === 'PUT' && request.status === 201);
  const named = pushes.map((request) => /^\/v2\/(.+)\/manifests\/([^/?]+)/.exec(request.path));
  return named.flatMap((match) => {
    if (match === null) return [];
    const [, name = '', reference = ''] = match;
    return [`${name}${reference.includes(':') ? '@' : ':'}${reference}`];
  });
}
