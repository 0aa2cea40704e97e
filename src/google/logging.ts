import { isRecord } from '../json.ts';
import type { LogEntry } from '../vertex/types.ts';
import { apiError } from './api-error.ts';
import type { Credentials } from './credentials.ts';

export interface EntriesPage {
  readonly entries: readonly LogEntry[];
  /** Present where there may be more, even on a page without entries. */
  readonly nextPageToken: string | undefined;
}

/** Cloud Logging's entries.list. Throws ApiError. */
export interface LoggingApi {
  list(request: {
    readonly project: string;
    readonly filter: string;
    readonly pageToken?: string | undefined;
    /** At most 1,000, which it is where it is not given. */
    readonly pageSize?: number | undefined;
  }): Promise<EntriesPage>;
}

/** The most that one page of entries.list holds. */
const PAGE_SIZE = 1_000;

export function loggingApi(url: string, { client }: Credentials): LoggingApi {
  return {
    list: async ({ project, filter, pageToken, pageSize = PAGE_SIZE }) => {
      try {
        const answer = await client.request<unknown>({
          url: `${url}/v2/entries:list`,
          method: 'POST',
          timeout: 30_000,
          retry: false,
          data: {
            resourceNames: [`projects/${project}`],
            filter,
            orderBy: 'timestamp asc',
            pageSize,
            ...(pageToken === undefined ? {} : { pageToken }),
          },
        });
        return readPage(answer.data);
      } catch (error) {
        throw apiError('list log entries', error);
      }
    },
  };
}

function readPage(value: unknown): EntriesPage {
  if (!isRecord(value)) throw new Error('the answer of entries.list is no object');
  const { entries, nextPageToken } = value;
  return {
    entries: Array.isArray(entries) ? entries.filter(isRecord).map(readEntry) : [],
    nextPageToken: typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined,
  };
}

const TEXT_FIELDS = ['insertId', 'timestamp', 'receiveTimestamp', 'severity', 'textPayload'] as const;

function readEntry(value: Readonly<Record<string, unknown>>): LogEntry {
  const texts = TEXT_FIELDS.flatMap((key) => (typeof value[key] === 'string' ? [[key, value[key]] as const] : []));
  const { resource, labels, jsonPayload } = value;
  return {
    ...Object.fromEntries(texts),
    labels: readTexts(labels),
    ...(isRecord(resource) ? { resource: { labels: readTexts(resource['labels']) } } : {}),
    ...(isRecord(jsonPayload) ? { jsonPayload } : {}),
  };
}

function readTexts(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
