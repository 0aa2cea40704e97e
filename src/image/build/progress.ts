import { harmless } from '../../log.ts';

/** As many of the last lines as show a failing step with its cause. */
const TAIL = 40;
const RULE = '------';

/** What docker told of a build or a push: its last lines, and which of BuildKit's steps failed. */
export class Progress {
  readonly #tail: string[] = [];
  readonly #titles = new Map<string, string>();
  #failed: string | undefined;

  /** Takes the next line of `--progress=plain`: `#5 [2/2] RUN …`, `#5 0.162 text`, `#5 ERROR: …`. */
  add(line: string): void {
    const clean = harmless(line);
    if (this.#tail.push(clean) > TAIL) this.#tail.shift();
    const [, step, text = ''] = /^(#\d+) (.*)$/.exec(clean) ?? [];
    if (step === undefined) return;
    if (!this.#titles.has(step)) this.#titles.set(step, text);
    if (/^ERROR\b/.test(text)) this.#failed = step;
  }

  /** The last lines, each harmless. */
  get tail(): readonly string[] {
    return this.#tail;
  }

  /** What the last step that ended in an error was to do; undefined where none is told. A step that BuildKit goes on without counts too. */
  get failedTitle(): string | undefined {
    return this.#failed === undefined ? undefined : this.#titles.get(this.#failed);
  }

  /** The lines that tell the error itself: the failed step's, and what docker said last. */
  errorLines(): readonly string[] {
    const failed = this.#failed === undefined ? [] : this.#tail.filter((line) => line.startsWith(`${this.#failed} `));
    return [...failed, ...this.#tail.filter((line) => /^error\b/i.test(line))];
  }

  /** BuildKit repeats the failing step between rules at the end; older clients leave its output out there. */
  lastStep(): readonly string[] {
    const start = this.#tail.indexOf(RULE);
    if (start === -1) return this.#tail;
    const [title = '', ...rest] = this.#tail.slice(start + 1);
    return rest[0] === RULE ? [title, ...this.#failedOutput(start), ...rest] : [title, ...rest];
  }

  /** The lines of the step that ended in an error, among those before the rules. */
  #failedOutput(end: number): readonly string[] {
    const lines = this.#tail.slice(0, end);
    const step = lines.findLast((line) => /^#\d+ ERROR\b/.test(line))?.split(' ', 1)[0];
    return step === undefined ? [] : lines.filter((line) => line.startsWith(`${step} `));
  }
}
