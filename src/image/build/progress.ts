import { harmless } from '../../log.ts';

/** As many of the last lines as show a failing step with its cause. */
const TAIL = 40;
/** Characters of a reason. */
const REASON = 400;
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

  /** The error in one line, for the log: addresses in it may be long. */
  get reason(): string {
    const line = this.errorLines().at(-1) ?? this.#tail.at(-1) ?? '';
    return line.length > REASON ? `${line.slice(0, REASON)}…` : line;
  }

  /** BuildKit repeats the failing step between rules at the end; older clients leave its output out there. */
  lastStep(): readonly string[] {
    const start = this.#sectionStart();
    if (start === -1) return this.#tail;
    const [title = '', ...rest] = this.#tail.slice(start + 1);
    return rest[0] === RULE ? [title, ...this.#failedOutput(start), ...rest] : [title, ...rest];
  }

  /** Where the first failed step is repeated; a cache that could not be read comes first, and is not why. */
  #sectionStart(): number {
    const isStart = (index: number) => this.#tail[index] === RULE && this.#tail[index + 1]?.startsWith(' > ') === true;
    const starts = [...this.#tail.keys()].filter(isStart);
    const ofSteps = starts.filter((index) => !/^ > (?:importing|exporting) cache\b/.test(this.#tail[index + 1] ?? ''));
    return ofSteps[0] ?? starts[0] ?? -1;
  }

  /** The lines of the step that ended in an error, among those before the rules. */
  #failedOutput(end: number): readonly string[] {
    const lines = this.#tail.slice(0, end);
    const step = lines.findLast((line) => /^#\d+ ERROR\b/.test(line))?.split(' ', 1)[0];
    return step === undefined ? [] : lines.filter((line) => line.startsWith(`${step} `));
  }
}
