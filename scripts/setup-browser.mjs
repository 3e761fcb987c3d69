// Before the tests that look at the page: there is a Chromium, and PEEPHOLE_CHROMIUM says where.
import { ensureBrowser } from './browser.mjs';

export default function setup() {
  ensureBrowser();
}
