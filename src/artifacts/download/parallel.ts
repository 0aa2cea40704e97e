/**
 * Runs `work` for every item, `width` at a time. Once one of them throws no further one is begun and `onFailure` hears of it; the
 * first error is thrown when all that were begun are over, so that nothing goes on behind the caller's back.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  onFailure: (error: unknown) => void = () => {},
): Promise<void> {
  const rest = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of rest) {
      try {
        if (failures.length === 0) await work(item);
      } catch (error) {
        failures.push(error);
        onFailure(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
