import type { EncryptionSpec } from '../../vertex/types.ts';
import { type Finding, findingUnless } from './findings.ts';

const LABEL_COUNT = 'There can be no more than 64 labels attached to a single resource.';
const LABEL_RULE =
  'Label keys and values can only contain lowercase letters, numbers, dashes and underscores. Label keys must start with ' +
  'a letter or number. Both have at most 64 characters, and must be less than 128 bytes in length when encoded in UTF-8.';

function isLabelText(text: string): boolean {
  return [...text].length <= 64 && Buffer.byteLength(text) < 128 && !/[^\p{Ll}\p{Lo}\p{N}_-]/u.test(text);
}

/**
 * What the rules of labels refuse: the protos' comments, and the text that the service was seen to give, which knows of the
 * first character and of the bytes.
 */
export function labelFindings(labels: Readonly<Record<string, string>> = {}): Finding[] {
  const entries = Object.entries(labels);
  if (entries.length > 64) return [{ field: 'labels', message: `${LABEL_COUNT} ${LABEL_RULE}` }];
  const good = entries.every(
    ([key, value]) => /^[\p{Ll}\p{Lo}\p{N}]/u.test(key) && isLabelText(key) && isLabelText(value),
  );
  return findingUnless(good, 'labels', LABEL_RULE);
}

/** A display name has up to 128 characters (the protos' comments). */
function nameFindings(displayName: string): Finding[] {
  const isShort = [...displayName].length <= 128;
  return findingUnless(isShort, 'display_name', 'The display name can be up to 128 characters long.');
}

const KEY = /^projects\/[^/\s]+\/locations\/[^/\s]+\/keyRings\/[^/\s]+\/cryptoKeys\/[^/\s]+$/;

function encryptionFindings(encryptionSpec: EncryptionSpec | undefined): Finding[] {
  const name = encryptionSpec?.kmsKeyName;
  const message =
    'A key of the form `projects/{project}/locations/{location}/keyRings/{key_ring}/cryptoKeys/{key}` is required.';
  return findingUnless(name === undefined || KEY.test(name), 'encryption_spec.kms_key_name', message);
}

/** What all resources have that users make. */
export interface Named {
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly encryptionSpec?: EncryptionSpec;
}

/** What the rules of a resource's name, labels and key refuse; which of them are required is another rule. */
export function namedFindings({ displayName, labels, encryptionSpec }: Named): Finding[] {
  return [...nameFindings(displayName ?? ''), ...labelFindings(labels), ...encryptionFindings(encryptionSpec)];
}
