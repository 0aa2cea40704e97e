function shiftedBase64(value: string, shift: number): string {
  const bytes = Buffer.from(value);
  return bytes.subarray(bytes.length > shift ? shift : 0).toString('base64');
}

function xmlEscaped(value: string): string {
  const entities: Record<string, string> = { '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '&': '&amp;' };
  return value.replace(/[<>"'&]/g, (letter) => entities[letter] ?? letter);
}

/** The forms in which the runner hides a value (actions/runner, HostContext.cs and ValueEncoders.cs). */
function formsOf(value: string): string[] {
  const forms = [
    value,
    ...[0, 1, 2].map((shift) => shiftedBase64(value, shift)),
    value.replaceAll('"', '\\"'),
    value.replaceAll("'", "''"),
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
    xmlEscaped(value),
    value.length > 8 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : '',
  ];
  return [...new Set(forms)].filter((form) => form !== '');
}

function positionsOf(text: string, form: string): [start: number, end: number][] {
  const positions: [number, number][] = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    positions.push([start, start + form.length]);
  }
  return positions;
}

/** Hides the values that it was told, from then on. */
export class Masker {
  readonly #values = new Set<string>();
  #forms: string[] = [];

  /** Every value as it was given to hide, and each line of one with several. */
  get values(): readonly string[] {
    return [...this.#values];
  }

  add(value: string): void {
    const lines = value.split(/[\r\n]/).map((line) => line.trim());
    for (const part of [value, ...lines]) if (part !== '') this.#values.add(part);
    this.#forms = [...new Set([...this.#values].flatMap(formsOf))];
  }

  /** The text with `***` in place of every hidden value; values that overlap give one. */
  mask(text: string): string {
    const found = this.#forms.flatMap((form) => positionsOf(text, form)).sort((left, right) => left[0] - right[0]);
    let result = '';
    let shownTo = 0;
    let hiddenTo = -1;
    for (const [start, end] of found) {
      if (start > hiddenTo) result += `${text.slice(shownTo, start)}***`;
      hiddenTo = Math.max(hiddenTo, end);
      shownTo = hiddenTo;
    }
    return result + text.slice(shownTo);
  }

  /** The hidden values that a text shows, in whatever form. */
  shownIn(text: string): string[] {
    return this.values.filter((value) => formsOf(value).some((form) => text.includes(form)));
  }
}
