import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { MeasureName as Measure } from '../../src/model/catalog/measure-expression.ts';
import { deleteDocument, putDocument } from '../data/api.ts';
import { useExplorer } from '../data/explorer-context.ts';
import { documentIdOf } from '../state/kept-views.ts';

const PATH = '/api/v1/measures';

/** Names a computed measure for all users of the store; it is then in the list of measures. */
export function MeasureName(props: { readonly measure: Measure; readonly onDone: () => void }): ReactNode {
  const { schema, notify } = useExplorer();
  const client = useQueryClient();
  const kept = schema.named.find(({ measure }) => measure === props.measure);
  const [name, setName] = useState(kept?.name ?? '');
  const { mutate, isPending } = useMutation({
    mutationFn: async (text: string | null): Promise<void> => {
      if (text !== null) {
        const id = kept?.id ?? documentIdOf(text, schema.named);
        await putDocument(`${PATH}/${id}`, kept?.version ?? null, { name: text, measure: props.measure });
      } else if (kept !== undefined) await deleteDocument(`${PATH}/${kept.id}`, kept.version);
      await client.refetchQueries({ queryKey: ['schema'] });
    },
    onSuccess: props.onDone,
    onError: (problem) => notify(problem.message),
  });
  const text = name.trim();
  return (
    <form
      className="measure-name"
      onSubmit={(event) => {
        event.preventDefault();
        if (text !== '' && text !== kept?.name) mutate(text);
      }}
    >
      <input
        className="input"
        placeholder="Name it for all users"
        aria-label="Name of the measure"
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button" disabled={isPending || text === '' || text === kept?.name}>
        Save
      </button>
      {kept !== undefined && (
        <button type="button" className="button" disabled={isPending} onClick={() => mutate(null)}>
          Forget
        </button>
      )}
    </form>
  );
}
