import { messageOf, UserError } from '../faults.ts';
import { ApiError } from '../google/api-error.ts';

/** An answer that the right to a bucket's objects is missing, with the mend; undefined for any other error. */
export function refusal(error: unknown, bucket: string): UserError | undefined {
  if (!(error instanceof ApiError) || (error.httpStatus !== 401 && error.httpStatus !== 403)) return undefined;
  const mend = `Grant the account of this step roles/storage.objectViewer on gs://${bucket}.`;
  return new UserError(`${messageOf(error)}. ${mend}`, { cause: error });
}
