import { Component, type ReactNode } from 'react';
import { ProblemPanel, undoActions } from './problem-panel.tsx';

/** An error boundary: if a part of the page throws while rendering, the rest stays usable. */
export class CrashGuard extends Component<
  { readonly children: ReactNode; readonly resetKey: string },
  { readonly error: Error | null; readonly key: string }
> {
  override state = { error: null, key: this.props.resetKey };

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
    if (this.state.error === null) return this.props.children;
    return (
      <ProblemPanel
        error={this.state.error}
        onRetry={() => this.setState({ error: null })}
        ways={undoActions()}
      />
    );
  }
}
