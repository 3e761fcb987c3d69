import { browserForTests } from './browser.ts';
import { gestures } from './gestures.ts';
import { keeping } from './keeping.ts';
import { manySources, manyStrangers } from './many-sources.ts';
import { menus } from './menus.ts';
import { narrow } from './narrow.ts';
import { sampleLines, serverOn } from './stores.ts';

// One server and one browser for all that any flows will do for.
const served = serverOn(sampleLines());
const crowd = serverOn(manyStrangers());
const browser = browserForTests();

gestures(served, browser);
keeping(served, browser);
menus(served, browser);
narrow(served, browser);
manySources(crowd, browser);
