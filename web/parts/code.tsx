import { useState } from 'react';
import { Scroll } from './scroll.tsx';

/** Text to copy into a terminal or a program. */
export function Code({ title, text }: { readonly title: string; readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="code">
      <div className="panel-head">
        <h3>{title}</h3>
        <button type="button" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
      </div>
      <Scroll label={title}>
        <pre>{text}</pre>
      </Scroll>
    </div>
  );
}
