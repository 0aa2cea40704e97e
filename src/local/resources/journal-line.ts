import type { Trial } from '../../vertex/types.ts';
import type { Operation } from './operations.ts';
import type { JobRecord } from './store.ts';
import type { Decision, ModelRecord } from './types.ts';

/** One change in a journal, a line of JSON. */
export type Line =
  | { readonly instance: string }
  | { readonly add: JobRecord }
  | { readonly change: string; readonly fields: object; readonly trials?: readonly Trial[] }
  | { readonly decided: string; readonly decision: Decision }
  | { readonly remove: string }
  | { readonly model: ModelRecord }
  | { readonly removeModel: string }
  | { readonly operation: Operation }
  | { readonly removeOperation: string };
