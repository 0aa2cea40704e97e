import type { Fault } from '../faults.ts';
import { shown } from '../faults.ts';

/** Gathers the faults of many inputs, so that all are told at once. */
export class Faults {
  readonly list: Fault[] = [];

  add(rule: string, input: string, message: string): void {
    this.list.push({ rule, input, message });
  }

  /** The value found, what is accepted, and how to mend it. */
  reject(rule: string, input: string, value: string, accepted: string): undefined {
    this.add(rule, input, `${shown(value)} is not accepted. ${accepted}`);
    return undefined;
  }
}
