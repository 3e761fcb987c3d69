import { withoutBarriers } from './barrier-cases.ts';
import { browserForTests } from './browser.ts';
import { charts } from './charts.ts';
import { explaining } from './explain-cases.ts';
import { explorer } from './explorer-cases.ts';
import { exporting } from './export-cases.ts';
import { handlingFindings, knocks } from './knocks-cases.ts';
import { layout } from './layout-cases.ts';
import { simulatedServer } from './stores.ts';

// Every chart, each export, every size, and what else can be done on the pages of the short suite.
const served = simulatedServer(1, 130_000, 11);
const browser = browserForTests();

charts(served, browser);
explorer(served, browser);
knocks(served, browser);
handlingFindings(served, browser);
exporting(served, browser);
withoutBarriers(served, browser);
explaining(served, browser);
layout(served, browser);
