// Before the tests that use the built program: builds it, unless it is newer than every source.
import { ensureBuilt } from './steps.mjs';

export default function setup() {
  ensureBuilt();
}
