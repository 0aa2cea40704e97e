import { Marked } from 'marked';
import { markedTerminal } from 'marked-terminal';
import type { StepLog } from '../../__tests__/e2e/parts/step-log.ts';

/** The summary as a terminal can show it: what GitHub folds is shown open, and charts are left to the tables beside them. */
export function renderSummary(markdown: string): string {
  const open = markdown
    .replace(/```mermaid\n[\s\S]*?\n```\n/g, '')
    .replace(/<details><summary>(.*?)<\/summary>/g, '**$1**')
    .replaceAll('</details>', '')
    .replace(/<\/?code>/g, '')
    .replaceAll('&#8203;', '')
    .replace(/&#(\d+);/g, (_, code: string) => `\\${String.fromCharCode(Number(code))}`);
  const marked = new Marked(markedTerminal({ reflowText: false, emoji: false }) as object);
  return String(marked.parse(open)).trimEnd();
}

/** Prints the lines that were added to a step's log since the last look. */
export function liveLog(read: () => StepLog, write: (line: string) => void): () => void {
  let shown = 0;
  return () => {
    const { log } = read();
    for (const line of log.slice(shown)) write(`  ${line}`);
    shown = log.length;
  };
}
