import { type ReactNode, useRef } from 'react';
import { pickedFiles } from './chosen-files.ts';
import { useUploadQueue } from './uploads-context.ts';
import '../parts/controls.css';

/** Buttons to select and upload files or a folder. */
export function AddFiles(): ReactNode {
  return (
    <span className="add-files">
      <Picker label="Add files…" folder={false} />
      <Picker label="Add a folder…" folder />
    </span>
  );
}

function Picker(props: { readonly label: string; readonly folder: boolean }): ReactNode {
  const { label, folder } = props;
  const queue = useUploadQueue();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={folder ? 'button' : 'button button-main'}
        onClick={() => input.current?.click()}
      >
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          queue.add(pickedFiles(event.currentTarget.files));
          // Reset, so that selecting the same files fires an event again.
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}
