import { folded } from './markdown.ts';
import { fitted, type Section } from './summary/fit.ts';
import { chartSections, headSections, type SummaryParts } from './summary/page.ts';

/** GitHub takes a comment of 65,536 characters; bytes are never fewer. */
const COMMENT_BYTES = 60_000;

/** What a pull-request comment tells of a job. */
export interface CommentParts extends SummaryParts {
  /** By which the comment is found again: an HTML comment, which stands first and shows nothing. */
  readonly marker: string;
}

/** The text of the pull-request comment: marker, verdict, what came of the job, and the charts folded away. */
export function commentOf({ marker, ...parts }: CommentParts): string {
  const charts = chartSections(parts).map(foldedSection);
  return `${marker}\n${fitted([...headSections(parts), ...charts], COMMENT_BYTES)}`;
}

/** A chart below its own title, which is a heading in the summary. */
function foldedSection(section: Section): Section {
  const [first, ...shorter] = section.forms.map(foldedText);
  return { ...section, forms: [first ?? '', ...shorter] };
}

function foldedText(form: string): string {
  const [, title, body] = /^#### (.*)\n\n([\s\S]*)$/.exec(form) ?? [];
  return title === undefined || body === undefined ? form : folded(title, body);
}
