import { type ReactNode, useState } from 'react';
import { type AboutThing, understandThing } from '../state/about-url.ts';

/** A search field that opens the page of anything else: an address, `eni-…`, `AS7922`, `443/tcp`, a name. */
export function FindThing(props: { readonly onFind: (thing: AboutThing) => void }): ReactNode {
  const [text, setText] = useState('');
  return (
    <form
      className="about-find"
      onSubmit={(event) => {
        event.preventDefault();
        const thing = understandThing(text);
        if (thing === null) return;
        setText('');
        props.onFind(thing);
      }}
    >
      <input
        className="input"
        type="search"
        placeholder="Address, eni-…, AS7922, 443/tcp, name"
        aria-label="Open the page of an address, an interface, an operator, a port or a name"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
