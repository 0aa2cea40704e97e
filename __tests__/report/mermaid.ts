import DOMPurify from 'dompurify';
import { marked } from 'marked';
import mermaid from 'mermaid';

// Mermaid's parsers clean the texts that they have read, for which DOMPurify needs a document. The grammars, which are
// what is asked here, do not.
Object.assign(DOMPurify, { addHook: () => undefined, sanitize: (text: string) => text });

/** The diagrams of a page, as GitHub would hand them to Mermaid. */
export function diagramsOf(markdown: string): string[] {
  const diagrams: string[] = [];
  marked.walkTokens(marked.lexer(markdown, { gfm: true }), (token) => {
    if (token.type === 'code' && token['lang'] === 'mermaid') diagrams.push(String(token['text']));
  });
  return diagrams;
}

const read = new Map<string, Promise<string>>();

/** What Mermaid takes a diagram for. Throws its error where it cannot read it. */
export function kindOf(diagram: string): Promise<string> {
  const known = read.get(diagram) ?? mermaid.parse(diagram).then(({ diagramType }) => diagramType);
  read.set(diagram, known);
  return known;
}
