import { browserForTests } from './browser.ts';
import { gestures } from './gestures.ts';
import { alerting } from './alerting.ts';
import { keeping } from './keeping.ts';
import { sampleLines, serverOn } from './stores.ts';

// One server and one browser for what any flows will do for.
const served = serverOn(sampleLines());
const browser = browserForTests();

gestures(served, browser);
keeping(served, browser);
alerting(served, browser);
