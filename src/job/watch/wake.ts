/** Lets a watcher's sleep be cut short by what is heard elsewhere, in the job's own log for one. */
export interface Wake {
  /** Something was heard: look soon. */
  call(): void;
  /** Hears of every call from here on; gives what ends that. */
  listen(onCall: () => void): () => void;
}

/** Nobody listens at first. */
export function newWake(): Wake {
  const listeners = new Set<() => void>();
  return {
    call: () => {
      for (const listener of listeners) listener();
    },
    listen: (onCall) => {
      listeners.add(onCall);
      return () => listeners.delete(onCall);
    },
  };
}

/** The service's own lines around a change of a job's state, as recorded of it in 2026, and the local service's of trials. */
const HERALDS =
  /^(?:Job is running\.|Job completed successfully\.|Job failed\.|Job is cancel|Tearing down training program\.|The replica \S+ (?:exited|ran out of memory)|Trial \d+ (?:succeeded|is infeasible))/;

/** Whether a line of the platform's (`service`, not a worker: programs say what they like) tells of a change of state. */
export function heraldsChange(source: string, text: string): boolean {
  return source === 'service' && HERALDS.test(text);
}
