import { browserForTests } from './browser.ts';
import { manySources, manyStrangers } from './many-sources.ts';
import { menus } from './menus.ts';
import { sampleLines, serverOn } from './stores.ts';

// Every menu, and a crowd of sources.
const served = serverOn(sampleLines());
const crowd = serverOn(manyStrangers());
const browser = browserForTests();

menus(served, browser);
manySources(crowd, browser);
