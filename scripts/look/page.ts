import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';

const MERMAID = pathToFileURL(resolve(import.meta.dirname, '../../node_modules/mermaid/dist/mermaid.min.js')).href;

export const THEMES = {
  light: {
    mermaid: 'default',
    page: '#ffffff',
    ink: '#1f2328',
    line: '#d1d9e0',
    shade: '#f6f8fa',
    code: '#818b981f',
    link: '#0969da',
  },
  dark: {
    mermaid: 'dark',
    page: '#0d1117',
    ink: '#f0f6fc',
    line: '#3d444d',
    shade: '#151b23',
    code: '#656c7633',
    link: '#4493f8',
  },
} as const;
export type Theme = (typeof THEMES)[keyof typeof THEMES];

const styleOf = ({ page, ink, line, shade, code, link }: Theme) => `
  body { margin: 0; background: ${page}; color: ${ink}; font: 16px/1.5 'Noto Sans', Helvetica, Arial, sans-serif; }
  article { max-width: 900px; padding: 24px; } article > :first-child { margin-top: 0; }
  h3 { font-size: 20px; } h4 { font-size: 16px; } a { color: ${link}; text-decoration: none; }
  code { font-size: 85%; padding: .2em .4em; border-radius: 6px; background: ${code}; }
  pre { padding: 16px; overflow: auto; border-radius: 6px; background: ${shade}; } pre code { padding: 0; background: none; }
  pre.mermaid { padding: 0; text-align: center; background: none; }
  table { display: block; overflow: auto; border-collapse: collapse; margin: 16px 0; }
  th, td { padding: 6px 13px; border: 1px solid ${line}; } tr:nth-child(2n) { background: ${shade}; }
`;

/** A text as a page, about as GitHub shows it: tables, folded parts and charts. */
export function pageOf(markdown: string, theme: Theme): string {
  const html = String(marked.parse(markdown, { gfm: true, async: false })).replace(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    '<pre class="mermaid">$1</pre>',
  );
  const setting = JSON.stringify({ startOnLoad: true, theme: theme.mermaid, securityLevel: 'strict' });
  return `<!doctype html><meta charset="utf-8"><style>${styleOf(theme)}</style><article>${html}</article>
<script src="${MERMAID}"></script><script>mermaid.initialize(${setting});</script>
`;
}
