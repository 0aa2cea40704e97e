import { isRecord } from '../../json.ts';
import type { LogEntry } from '../../vertex/types.ts';

/** google.logging.type.LogSeverity from the least on. */
const SEVERITIES = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];
const rank = (severity: string) => SEVERITIES.indexOf(severity);
const ERROR = rank('ERROR');

/** Severities that entries get by the stream they were written to: stdout and stderr. They prove nothing. */
const OF_STREAMS: ReadonlySet<string> = new Set(['INFO', 'ERROR']);

/** The platform's formatter names the replica in `attrs.tag`. */
export const isReplicaTag = (name: string, value: unknown): boolean =>
  name === 'attrs' && isRecord(value) && Object.keys(value).every((key) => key === 'tag');

/** Whether an entry's object is but a plain line of output as the platform wraps it: message, levelname, `attrs.tag`. */
export function isWrapped(json: Readonly<Record<string, unknown>>): boolean {
  if (typeof json['levelname'] !== 'string') return false;
  return Object.entries(json).every(
    ([name, value]) => name === 'message' || name === 'levelname' || isReplicaTag(name, value),
  );
}

/** Where programs' own JSON loggers write the level. */
const LEVEL_FIELDS = ['severity', 'level', 'levelname', 'log_level', 'loglevel', 'lvl'] as const;
const LEVELS: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  notice: 'NOTICE',
  warn: 'WARNING',
  warning: 'WARNING',
  error: 'ERROR',
  err: 'ERROR',
  critical: 'CRITICAL',
  fatal: 'CRITICAL',
  panic: 'CRITICAL',
  alert: 'ALERT',
  emergency: 'EMERGENCY',
};

/**
 * The severity that the program itself gave an entry; undefined where it is but the stream's: all of stderr arrives as
 * ERROR. A severity that no stream gives is the program's own. ERROR is, where the entry is the program's own JSON object
 * with a message, whose level, if it holds one, does not say otherwise.
 */
export function ownSeverity({ severity, jsonPayload }: LogEntry): string | undefined {
  if (severity === undefined || rank(severity) <= 0) return undefined;
  if (!OF_STREAMS.has(severity)) return severity;
  if (jsonPayload === undefined || isWrapped(jsonPayload) || typeof jsonPayload['message'] !== 'string') {
    return undefined;
  }
  return levelOf(jsonPayload) ?? severity;
}

function levelOf(json: Readonly<Record<string, unknown>>): string | undefined {
  for (const field of LEVEL_FIELDS) {
    const level = json[field];
    const known = typeof level === 'string' ? LEVELS[level.toLowerCase()] : undefined;
    if (known !== undefined) return known;
  }
  return undefined;
}

/** Whether a severity that the program set means an error. */
export const reportsError = (severity: string | undefined) => severity !== undefined && rank(severity) >= ERROR;

/** How the platform says that something failed, whatever severity it gives the line (vertex-ai docs, recorded jobs). */
const FAILURE =
  /\bexited with a non-zero status\b|\bran out of memory\b|\bResources are insufficient\b|\bInternal error occurred\b|\bquota metrics exceed\b|^Job failed\b/i;
const TASK_FAILED = /^Task completed\. Exit code \((?!0\))/;

/** Whether a line says of a replica that its program failed, and nothing of why. */
export const saysTaskFailed = (line: string): boolean => TASK_FAILED.test(line);

/** Whether an entry is a line of the platform that says that something failed. */
export function isFailureOfPlatform({ severity }: LogEntry, task: string, line: string): boolean {
  if (task !== 'service') return TASK_FAILED.test(line);
  return reportsError(severity) || FAILURE.test(line) || TASK_FAILED.test(line);
}
