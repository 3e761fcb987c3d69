import MarkdownIt from 'markdown-it';
import { type ReactNode, useMemo } from 'react';
import { safeLines } from '../../src/model/safe-text.ts';

/** The library escapes HTML, and allows links to `http`, `https` and `mailto` only. */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true }).disable('image');

/** A text in Markdown; `onChange`: it is edited. */
export function TextTile(props: {
  readonly text: string;
  readonly onChange: ((text: string) => void) | null;
}): ReactNode {
  const html = useMemo(() => markdown.render(safeLines(props.text)), [props.text]);
  const { onChange } = props;
  if (onChange !== null)
    return (
      <textarea
        className="input tile-textarea"
        aria-label="Text in Markdown"
        placeholder="Text in Markdown"
        maxLength={20_000}
        value={props.text}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
