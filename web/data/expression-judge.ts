import { useEffect, useState } from 'react';

/** What is wrong with a regular expression, as the engine would say it; null: nothing. */
export type ExpressionJudge = (pattern: string) => string | null;

let loading: Promise<ExpressionJudge> | null = null;

/** A reader of RE2's syntax: a script of its own, which comes only where an expression is written. */
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

/** The judge once it is there; null before, and where nothing is to be judged. */
export function useExpressionJudge(wanted: boolean): ExpressionJudge | null {
  const [judge, setJudge] = useState<ExpressionJudge | null>(null);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    loadExpressionJudge().then(
      (loaded) => !gone && setJudge(() => loaded),
      // Without it, the engine alone says what is wrong.
      () => !gone && setJudge(() => () => null),
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return judge;
}
