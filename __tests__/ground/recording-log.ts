import type { Log, Place } from '../../src/log.ts';

/** One thing that was said: the kind, and what. */
export type Said = readonly [kind: string, text: string, place?: Place];

/** A log that keeps what it hears. */
export function recordingLog(): Log & { readonly said: Said[]; texts(kind: string): string[] } {
  const said: Said[] = [];
  const say =
    (kind: string) =>
    (text: string, place?: Place): void => {
      said.push(place === undefined ? [kind, text] : [kind, text, place]);
    };
  return {
    said,
    texts: (kind) => said.filter(([each]) => each === kind).map(([, text]) => text),
    debug: say('debug'),
    info: say('info'),
    notice: say('notice'),
    warning: say('warning'),
    error: say('error'),
    untrusted: (source, text) => say('untrusted')(`${source}: ${text}`),
    group: (title, body) => {
      say('group')(title);
      return body();
    },
    mask: say('mask'),
  };
}
