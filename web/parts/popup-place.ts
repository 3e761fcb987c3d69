import { createContext } from 'react';

/** Where popups are put in the document: within a modal dialog, since all outside it is out of reach. Null: at its end. */
export const PopupPlace = createContext<HTMLElement | null>(null);
