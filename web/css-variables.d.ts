import 'react';

declare module 'react' {
  /** Custom properties that components set for their styles to use. */
  interface CSSProperties {
    '--columns'?: string;
    '--tone'?: string;
    '--share'?: string;
    '--depth'?: number;
  }
}
