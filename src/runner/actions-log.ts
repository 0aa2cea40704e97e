import { once } from 'node:events';
import * as core from '@actions/core';
import { harmless, type Log, type Place, splitLines } from '../log.ts';
import { Masks } from './masks.ts';

/** Every line of `text`, made harmless and put behind what names its source. */
export function untrustedLines(source: string, text: string): string[] {
  return splitLines(text).map((line) => `[${harmless(source)}] ${harmless(line)}`);
}

const clean = (message: string) => splitLines(message).map(harmless).join('\n');

function annotation(place: Place | undefined): core.AnnotationProperties {
  if (place === undefined) return {};
  const { file, line, column } = place;
  return {
    file,
    ...(line === undefined ? {} : { startLine: line }),
    ...(column === undefined ? {} : { startColumn: column }),
  };
}

/** Resolves once what was told is on its way: whoever tells much waits for it, so that none of it piles up in memory. */
export async function drained(): Promise<void> {
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
}

/** The step's log: plain lines on stdout, annotations and groups as workflow commands. What it hides is kept in `masks`. */
export function actionsLog(masks: Masks = new Masks()): Log {
  return {
    debug: (message) => core.debug(clean(message)),
    info: (message) => core.info(clean(message)),
    notice: (message) => core.notice(clean(message)),
    warning: (message, place) => core.warning(clean(message), annotation(place)),
    error: (message, place) => core.error(clean(message), annotation(place)),
    untrusted: (source, text) => {
      for (const line of untrustedLines(source, text)) core.info(line);
    },
    group: (title, body) => core.group(harmless(title), body),
    mask: (value) => {
      if (value === '') return;
      masks.add(value);
      core.setSecret(value);
    },
  };
}
