/**
 * Cuts a stream into lines as .NET's ReadLine does: at `\n`, `\r\n` and a lone `\r`. A `\r` at the end of a piece waits
 * for the next one, which may begin with its `\n`.
 */
export class LineCutter {
  readonly #emit: (line: string) => void;
  #rest = '';

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(text: string): void {
    const held = (this.#rest + text).endsWith('\r') ? '\r' : '';
    const whole = (this.#rest + text).slice(0, held === '' ? undefined : -1);
    const lines = whole.split(/\r\n|\r|\n/);
    this.#rest = `${lines.pop() ?? ''}${held}`;
    for (const line of lines) this.#emit(line);
  }

  /** The stream has ended: what is left is a line. */
  end(): void {
    const rest = this.#rest.replace(/\r$/, '');
    if (this.#rest !== '') this.#emit(rest);
    this.#rest = '';
  }
}
