import { useEffect, useState } from 'react';

/** The error in a regular expression, as the engine would report it; null: valid. */
export type ExpressionJudge = (pattern: string) => string | null;

let loading: Promise<ExpressionJudge> | null = null;

/** A parser of RE2's syntax, loaded only when an expression is written. */
function loadExpressionJudge(): Promise<ExpressionJudge> {
  loading ??= import('re2js').then(({ RE2JS }) => (pattern) => {
    try {
      RE2JS.compile(pattern);
      return null;
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      return said.replace(/^error parsing regexp: /, '').replaceAll('`', '');
    }
  });
  return loading;
}

/** The validator once it is loaded; null before, and if none is needed. */
export function useExpressionJudge(wanted: boolean): ExpressionJudge | null {
  const [judge, setJudge] = useState<ExpressionJudge | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    loadExpressionJudge().then(
      (loaded) => !gone && setJudge(() => loaded),
      // Without it, only the engine reports errors.
      () => !gone && setJudge(() => () => null),
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return judge;
}
