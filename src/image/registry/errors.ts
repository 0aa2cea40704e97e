import { harmless } from '../../log.ts';

/** What a failure without a status is of: the connection to the registry, or an image there that is none. */
export type RegistryErrorKind = 'connection' | 'content';

export interface RegistryErrorParts {
  /** HTTP status; undefined where no answer came. */
  readonly status?: number | undefined;
  /** The registry's own codes, such as `MANIFEST_UNKNOWN`. */
  readonly codes?: readonly string[] | undefined;
  /** Whether the same request may succeed later. */
  readonly transient?: boolean | undefined;
  /** How long the registry asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  readonly kind?: RegistryErrorKind | undefined;
  /** What came, where the message says more. */
  readonly reason?: string | undefined;
  readonly cause?: unknown;
}

/** A registry's refusal or failure, or the lack of an answer. */
export class RegistryError extends Error {
  override readonly name = 'RegistryError';
  readonly status: number | undefined;
  readonly codes: readonly string[];
  readonly transient: boolean;
  readonly retryAfterMs: number | undefined;
  readonly kind: RegistryErrorKind | undefined;
  /** What came, in few words, for a sentence that says the rest; the message may say what was asked for and the mend too. */
  readonly reason: string;

  constructor(message: string, parts: RegistryErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.status = parts.status;
    this.codes = parts.codes ?? [];
    this.transient = parts.transient ?? false;
    this.retryAfterMs = parts.retryAfterMs;
    this.kind = parts.kind;
    this.reason = parts.reason ?? message;
  }
}

/** The most characters of a registry's words that are shown. */
const SHOWN = 500;

/** A registry's words as one line that is safe to show. */
export function registryWords(text: string): string {
  const line = harmless(text.replace(/[\r\n\t]+/g, ' ')).trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

/** A registry's words without what stands in quotes: names, which may hold any word. */
export const unquoted = (text: string) => text.replace(/"[^"]*"/g, '""').replace(/'[\w.:/@-]*'/g, "''");
