import type { Faults } from './collect.ts';

/** No object's name is longer (https://cloud.google.com/storage/docs/objects#naming). */
const MOST_BYTES = 1024;

/**
 * The object that a job writes its metrics to, below its output folder; empty is undefined and no fault. `outputUri` is the
 * input of that name, for a mend.
 */
export function parseMetricsFile(faults: Faults, value: string, outputUri: string): string | undefined {
  if (value === '') return undefined;
  const refusal = refusalOf(value);
  if (refusal === undefined) return value;
  return faults.reject('metrics-file', 'metrics_file', value, `${refusal} ${mendOf(value, outputUri)}`);
}

/** A file of the output folder may be written by its address, or by its path in the container. */
function mendOf(value: string, outputUri: string): string {
  const [, address] = /^(?:gs:\/\/|\/gcs\/)(.*[^/])$/s.exec(value) ?? [];
  const [, folder] = /^gs:\/\/(.*?)\/*$/s.exec(outputUri) ?? [];
  if (address === undefined || folder === undefined) return FORM;
  const below = address.startsWith(`${folder}/`) ? address.slice(folder.length).replace(/^\/+/, '') : '';
  if (below === '' || refusalOf(below) !== undefined) return `It is not in output_uri, gs://${folder}. ${FORM}`;
  return `Below output_uri that is ${below}: write that.`;
}

const FORM = "Write the file's path below output_uri, such as metrics.json or eval/metrics.json.";

function refusalOf(path: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return 'It is a whole address.';
  if (path.startsWith('/')) return 'It begins with /.';
  if (path.endsWith('/')) return 'It names a folder.';
  if (/\p{Cc}|\\/u.test(path) || !path.isWellFormed()) return 'It holds a character that no path has.';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'A part of it is empty, . or .. (a name is taken as it is written).';
  }
  return Buffer.byteLength(path) > MOST_BYTES ? `It has more than ${MOST_BYTES} bytes.` : undefined;
}
