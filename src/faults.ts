import type { Place } from './log.ts';

/** One thing that is wrong with what the user gave, or looks wrong. */
export interface Fault {
  /** The rule's name, as `ignore` takes it. */
  readonly rule: string;
  /** The input it concerns, if one. */
  readonly input?: string | undefined;
  /** The file and line it concerns, if any. */
  readonly place?: Place | undefined;
  /** What was found, what is accepted, and the mend; without the input's or file's name, which is put before it. */
  readonly message: string;
}

function placeText(place: Place): string {
  const line = place.line === undefined ? '' : `:${place.line}`;
  const column = place.line === undefined || place.column === undefined ? '' : `:${place.column}`;
  return `${place.file}${line}${column}`;
}

/** The fault as one sentence: where, what, and the rule's name in brackets. */
export function faultText(fault: Fault): string {
  const where = [fault.place && placeText(fault.place), fault.input].filter((part) => part !== undefined).join(': ');
  // A message that begins with a verb has the input for its subject.
  const joint = where === '' ? '' : /^(?:is|has|holds|sets|names|belongs)\b/.test(fault.message) ? ' ' : ': ';
  return `${where}${joint}${fault.message} [${fault.rule}]`;
}

/** When the faults of an input were found. */
export type FoundAt = 'before' | 'checked' | 'refused';

/** Everything that is wrong with the input, told at once: before the network is asked, by its answers before a build, or when Vertex AI refused it. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly faults: readonly Fault[];
  readonly foundAt: FoundAt;

  constructor(faults: readonly Fault[], foundAt: FoundAt = 'before', options?: ErrorOptions) {
    super(faults.map(faultText).join('\n'), options);
    this.faults = faults;
    this.foundAt = foundAt;
  }
}

/** A failure told to the user as it is: the reason, and what mends it. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** One error for all of several, at least one; a single one stays as it is. */
export function together([first, ...others]: readonly unknown[]): unknown {
  return others.length === 0 ? first : new UserError([first, ...others].map(messageOf).join('\n'), { cause: first });
}

/** The message of whatever was thrown, with the chain of its causes: as one sentence, or as another after a whole one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = ownMessage(error);
  if (error.cause === undefined || isAnswer(error)) return own;
  const cause = messageOf(error.cause);
  if (own === '' || own.includes(cause)) return own || cause;
  return `${own}${isSentence(own) ? ' The cause: ' : ': '}${cause}`;
}

/** A service's answer stands in the text of the error that was made of it; what a library made of that says the same again. */
const isAnswer = (error: Error) => 'httpStatus' in error && typeof error.httpStatus === 'number';

/** Node gives no message to the failures of a host's several addresses together. */
function ownMessage(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message;
  return [...new Set(error.errors.map(messageOf))].join('; ');
}

/** Whether a text ends as a sentence does. */
const isSentence = (text: string) => /[.!?]["')\]]*$/.test(text);

/** The text as a whole sentence: with a full stop where it has no end. */
export const asSentence = (text: string) => (isSentence(text) ? text : `${text}.`);

/** The value shown in a message: quoted, and cut where it is long. */
export function shown(value: string): string {
  const limit = 120;
  return JSON.stringify(value.length > limit ? `${value.slice(0, limit)}…` : value);
}
