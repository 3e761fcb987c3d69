import type { ReactNode } from 'react';
import type { Rest } from '../../src/model/knocks/knocks.ts';
import './rest-table.css';

/** Rejected flows that belong to no finding; together with the findings they are all rejected flows. */
export function RestTable(props: { readonly rest: readonly Rest[] }): ReactNode {
  if (props.rest.length === 0) return null;
  const text = (value: number): string => value.toLocaleString('en-US');
  return (
    <section className="rest-table">
      <h2 id="rest-title">Other rejected flows</h2>
      <table className="data-table" aria-labelledby="rest-title">
        <thead>
          <tr>
            <th>What they are</th>
            <th>Flows</th>
            <th>Sources</th>
          </tr>
        </thead>
        <tbody>
          {props.rest.map(({ kind, what, flows, sources }) => (
            <tr key={kind}>
              <td>{what}</td>
              <td>{text(flows)}</td>
              <td>{sources === 0 ? '' : text(sources)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
