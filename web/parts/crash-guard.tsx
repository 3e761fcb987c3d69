import { Component, type ReactNode } from 'react';
import { PART_MISSING, Problem } from '../data/request-problem.ts';
import { ProblemPanel, undoActions } from './problem-panel.tsx';

/** An error boundary: if a part of the page throws while rendering, the rest stays usable. */
export class CrashGuard extends Component<
  {
    readonly children: ReactNode;
    readonly resetKey: string;
    /** Draws the message within what belongs around it; alone if left out. */
    readonly renderProblem?: (problem: ReactNode) => ReactNode;
  },
  { readonly error: Error | null; readonly key: string }
> {
  override state: { readonly error: Error | null; readonly key: string } = {
    error: null,
    key: this.props.resetKey,
  };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  static getDerivedStateFromProps(
    props: { readonly resetKey: string },
    state: { readonly key: string },
  ): { error: null; key: string } | null {
    return props.resetKey === state.key ? null : { error: null, key: props.resetKey };
  }

  override render(): ReactNode {
    const { error } = this.state;
    const { children, renderProblem = (problem: ReactNode) => problem } = this.props;
    if (error === null) return children;
    // The browser and React both remember that a script could not be loaded, for as long as the page is not reloaded.
    const missing = error instanceof Problem && error.code === PART_MISSING;
    return renderProblem(
      missing ? (
        <ProblemPanel error={error} retry="Reload the page" onRetry={() => window.location.reload()} />
      ) : (
        <ProblemPanel error={error} onRetry={() => this.setState({ error: null })} ways={undoActions()} />
      ),
    );
  }
}
