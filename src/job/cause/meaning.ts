/** What a failure means where that is known for sure, and the mend. */
export interface Meaning {
  /** In kebab-case; the key of the page on troubleshooting. */
  readonly rule: string;
  readonly text: string;
}

/** A meaning that a line of output gives away. */
export interface Sign {
  readonly rule: string;
  readonly sign: RegExp;
  /** Exit codes with which alone it is sure; any where it is not given. */
  readonly codes?: readonly number[];
  /** What it means and the mend; takes what the sign caught. */
  readonly means: (...caught: (string | undefined)[]) => string;
}
