import { suiteConfig } from './test/support/suite-config.ts';

// Tests that are long by nature, `x.long.test.ts`: `npm test` leaves them out.
export default suiteConfig('long');
