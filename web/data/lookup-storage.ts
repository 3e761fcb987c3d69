import { readLookups } from '../state/lookups.ts';
import { stored } from './stored.ts';

/** The look-ups for addresses, as this browser's user wants them. */
export const lookups = stored('peephole-lookups', readLookups);
