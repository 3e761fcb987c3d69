import { suiteConfig } from './test/support/suite-config.ts';

export default suiteConfig('short');
