/** The most characters of a filter are 20,000 (LogEntry quotas); this many are for the job ids in it. */
const IDS_CHARS = 19_000;

/** From when on entries are asked for. */
interface Since {
  /** Received, in milliseconds since the epoch. */
  readonly receivedMs: number;
  /** Dated; undefined for any date. Cloud Logging finds entries by their timestamps, and by other times in those. */
  readonly datedMs: number | undefined;
  /** Dated before. */
  readonly datedBeforeMs?: number | undefined;
}

/**
 * The filters that together ask for all entries of some jobs, each short enough; by resource, as the name of Vertex AI's
 * logs is nowhere promised. `since` undefined asks for everything.
 */
export function entriesFilters(jobIds: readonly string[], since: Since | undefined): string[] {
  return groups(jobIds).map((ids) => [`resource.type="ml_job"`, jobIdIs(ids), ...bounds(since)].join(' AND '));
}

function jobIdIs(ids: readonly string[]): string {
  const quoted = ids.map((id) => JSON.stringify(id));
  return `resource.labels.job_id=${quoted.length === 1 ? quoted[0] : `(${quoted.join(' OR ')})`}`;
}

function bounds(since: Since | undefined): string[] {
  if (since === undefined) return [];
  const { receivedMs, datedMs, datedBeforeMs } = since;
  return [
    ...(datedMs === undefined ? [] : [`timestamp>="${stamp(datedMs)}"`]),
    ...(datedBeforeMs === undefined ? [] : [`timestamp<"${stamp(datedBeforeMs)}"`]),
    `receiveTimestamp>="${stamp(receivedMs)}"`,
  ];
}

const stamp = (ms: number) => new Date(Math.max(0, ms)).toISOString();

function groups(jobIds: readonly string[]): string[][] {
  const all: string[][] = [];
  let chars = 0;
  for (const id of jobIds) {
    const size = id.length + ' OR ""'.length;
    const last = all.at(-1);
    if (last === undefined || chars + size > IDS_CHARS) {
      all.push([id]);
      chars = size;
    } else {
      last.push(id);
      chars += size;
    }
  }
  return all;
}
