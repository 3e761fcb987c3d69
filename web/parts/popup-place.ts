import { createContext } from 'react';

/** The parent element of popups: within an open modal dialog, since everything else is inert. Null: the end of the document. */
export const PopupPlace = createContext<HTMLElement | null>(null);
