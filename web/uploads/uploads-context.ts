import type { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { sendFile } from './send-file.ts';
import { UploadQueue } from './upload-queue.ts';

const context = createContext<UploadQueue | null>(null);

export const UploadsProvider = context.Provider;

/** The upload queue, shared by all pages. */
export function useUploadQueue(): UploadQueue {
  const queue = useContext(context);
  if (queue === null) throw new Error('This part works only within the page.');
  return queue;
}

/** The queue, which reloads the data of the page when records were ingested. */
export function uploadsFor(client: QueryClient): UploadQueue {
  return new UploadQueue({
    send: sendFile,
    onTaken: () => void client.refetchQueries({ queryKey: ['schema'] }),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      }),
  });
}
