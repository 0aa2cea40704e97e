import type { LogEntry } from '../../vertex/types.ts';
import { isReplicaTag, isWrapped } from './severity.ts';

/** Severities that are worth a word beside the message. */
const WORTH_SAYING: ReadonlySet<string> = new Set(['WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY']);

/**
 * What an entry says. `jsonPayload.message` goes before `textPayload`, as in gcloud; the object's other fields follow the
 * message as `key=value`, those of several lines (a traceback in a field of its own) as lines below. `severity` is the
 * program's own, which Cloud Logging takes out of the object.
 */
export function payloadText({ jsonPayload, textPayload }: LogEntry, severity: string | undefined): string {
  if (jsonPayload === undefined) return textPayload ?? '';
  const message = jsonPayload['message'];
  const said = typeof message === 'string' ? message : textPayload;
  if (said !== undefined && isWrapped(jsonPayload)) return said;
  return withFields(said, ownFields(jsonPayload, said === message, severity));
}

type Field = readonly [name: string, value: unknown];

function ownFields(
  json: Readonly<Record<string, unknown>>,
  withoutMessage: boolean,
  severity: string | undefined,
): Field[] {
  const fields = Object.entries(json).filter(
    ([name, value]) => !(name === 'message' && withoutMessage) && !isReplicaTag(name, value),
  );
  const isSaid = severity === undefined || !WORTH_SAYING.has(severity) || 'severity' in json;
  return isSaid ? fields : [['severity', severity], ...fields];
}

function withFields(said: string | undefined, fields: readonly Field[]): string {
  const isLong = ([, value]: Field) => typeof value === 'string' && value.includes('\n');
  const short = fields.filter((field) => !isLong(field)).map(([name, value]) => `${name}=${shortForm(value)}`);
  const long = fields.filter(isLong).map(([name, value]) => `${name}:\n${value}`);
  // Behind a message of several lines the fields would look like a part of the last one.
  const joint = said?.includes('\n') ? '\n' : ' ';
  const head = [said ?? '', short.join(' ')].filter((part) => part !== '').join(joint);
  return [...(head === '' && long.length > 0 ? [] : [head]), ...long].join('\n');
}

/** A text without white space and quotes stands as it is; anything else as JSON. */
function shortForm(value: unknown): string {
  return typeof value === 'string' && /^[^\s"'=]+$/.test(value) ? value : JSON.stringify(value);
}
