import { browserForTests } from './browser.ts';
import { explaining } from './explain-cases.ts';
import { explorer } from './explorer-cases.ts';
import { layout } from './layout-cases.ts';
import { knocks } from './knocks-cases.ts';
import { charts } from './charts.ts';
import { simulatedServer } from './stores.ts';
import { story } from './story.ts';

// One simulation, one server and one browser for all that needs the truth about the logs.
const served = simulatedServer(1, 130_000, 11);
const browser = browserForTests();

story(served, browser);
explorer(served, browser);
charts(served, browser);
knocks(served, browser);
explaining(served, browser);
layout(served, browser);
