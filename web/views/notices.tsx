import { type ReactNode, useState } from 'react';
import { crossIcon } from '../parts/icons.tsx';
import './footer.css';

/** What of a link could not be read; can be put away. */
export function Notices(props: { readonly notices: readonly string[] }): ReactNode {
  const [hidden, setHidden] = useState<readonly string[] | null>(null);
  if (props.notices.length === 0 || hidden === props.notices) return null;
  return (
    <div className="notices" role="status">
      <ul>
        {props.notices.map((notice) => (
          <li key={notice}>{notice}</li>
        ))}
      </ul>
      <button type="button" className="pill-x" aria-label="Dismiss" onClick={() => setHidden(props.notices)}>
        {crossIcon}
      </button>
    </div>
  );
}
