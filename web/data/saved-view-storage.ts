import { readSavedViews } from '../state/saved-views.ts';
import { stored } from './stored.ts';

/** The views that were saved in this browser. */
export const savedViews = stored('peephole-views', readSavedViews);
