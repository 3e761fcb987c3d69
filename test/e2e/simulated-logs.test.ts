import { browserForTests } from './browser.ts';
import { simulatedServer } from './stores.ts';
import { story } from './story.ts';

// One simulation, one server and one browser for what needs the truth about the logs.
const served = simulatedServer(1, 130_000, 11);
const browser = browserForTests();

story(served, browser);
