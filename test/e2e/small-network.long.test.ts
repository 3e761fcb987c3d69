import { browserForTests } from './browser.ts';
import { comparing } from './comparing.ts';
import { manySources, manyStrangers } from './many-sources.ts';
import { menus } from './menus.ts';
import { narrow } from './narrow.ts';
import { sampleLines, serverOn } from './stores.ts';

// Every menu, what compares, a phone, and a crowd of sources.
const served = serverOn(sampleLines());
const crowd = serverOn(manyStrangers());
const browser = browserForTests();

menus(served, browser);
comparing(served, browser);
narrow(served, browser);
manySources(crowd, browser);
