/** What the step has asked the runner to hide: it leaves the texts that the runner does not look through itself too. */
export class Masks {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  /** From here on `value` is hidden, and each of its lines: as the runner takes it (ActionCommandManager.cs, AddMask). */
  add(value: string): void {
    for (const part of [value, ...value.split(/[\r\n]+/)]) {
      if (part.trim() !== '') for (const form of formsOf(part)) this.#secrets.add(form);
    }
    this.#pattern = undefined;
  }

  /** The text with `***` where something hidden stood. */
  redact(text: string): string {
    this.#pattern ??= patternOf(this.#secrets);
    return text.replace(this.#pattern, '***');
  }
}

/** The forms in which a secret may stand in other text: those that the runner hides too, as far as they come up here (ValueEncoders.cs). */
function formsOf(value: string): readonly string[] {
  const quoted = JSON.stringify(value).slice(1, -1);
  const markup = value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return [value, quoted, encodeURIComponentSafely(value), markup, ...base64Forms(value)];
}

function encodeURIComponentSafely(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** In base64 a text reads differently by where it begins in its group of three bytes; what its neighbours decide too is left out. */
function base64Forms(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((shift) => {
    const own = bytes.subarray(shift);
    const whole = own.subarray(0, own.length - (own.length % 3));
    const form = whole.toString('base64');
    // Shorter ones would be found everywhere.
    return form.length >= 8 ? [form] : [];
  });
}

const NOTHING = /(?!)/g;

/** Longer secrets first: one may be the beginning of another. */
function patternOf(secrets: ReadonlySet<string>): RegExp {
  if (secrets.size === 0) return NOTHING;
  const all = [...secrets].sort((a, b) => b.length - a.length);
  return new RegExp(all.map((secret) => secret.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}
