/** How to end what a test started: the last first, and all of it whatever happens. */
export class Endings {
  readonly #ends: (() => unknown)[] = [];

  /** Remembers how to end something that was just started. */
  add(end: () => unknown): void {
    this.#ends.push(end);
  }

  /** Ends everything. What cannot be ended keeps nothing else from it, and is told afterwards. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const end of this.#ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('; '));
  }
}
