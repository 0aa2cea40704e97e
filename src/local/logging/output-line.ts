import { isRecord } from '../../json.ts';
import { SEVERITIES } from './filter.ts';
import type { StreamName } from './frames.ts';
import type { LogContent } from './store.ts';

function jsonObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{') || !line.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A line of a container's output as a log entry. A JSON object becomes `jsonPayload` with its `severity` lifted out; its
 * `message` stays inside, where gcloud looks for it. Everything else is text: INFO from stdout, ERROR from stderr.
 */
export function lineContent(line: string, stream: StreamName): LogContent {
  const fallback = stream === 'stderr' ? 'ERROR' : 'INFO';
  const json = jsonObject(line.trim());
  if (json === undefined) return { severity: fallback, textPayload: line };
  const { severity, ...jsonPayload } = json;
  const known = SEVERITIES.find((name) => typeof severity === 'string' && name === severity.toUpperCase());
  return { severity: known ?? fallback, jsonPayload };
}
