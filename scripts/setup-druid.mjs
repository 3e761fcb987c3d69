// Before the tests that need Druid: its jars are installed (Maven Central, 190 MB), and PEEPHOLE_DRUID_JARS says where.
// The first run fetches them; later ones need no network.
import { existsSync } from 'node:fs';
import { installDebian } from './apt-get.mjs';
import { hasJava, hasMaven, installFromMaven } from './maven-jars.mjs';
import { cacheFolder, ensureBuilt } from './steps.mjs';

const DRUID = '33.0.0';
/** What Druid 33 runs on. */
const JAVA = 17;

export default async function setup() {
  ensureBuilt();
  process.env.PEEPHOLE_DRUID_JARS ??= installDruid();
}

/** Where Druid's jars are, once it is installed. */
export function installDruid() {
  need(`Java ${JAVA} or later`, ['default-jre-headless'], () => hasJava(JAVA));
  const name = `druid-${DRUID}-kafka`;
  if (!existsSync(cacheFolder(name))) {
    need('Maven (mvn)', ['maven'], hasMaven);
    process.stderr.write(`Installing Druid ${DRUID} …\n`);
  }
  // A library of native code that only watches the machine, and that Maven Central does not have.
  const artifacts = ['druid-services', 'extensions:druid-kafka-indexing-service'].map(
    (artifact) => `org.apache.druid${artifact.includes(':') ? '.' : ':'}${artifact}:${DRUID}`,
  );
  return installFromMaven(name, artifacts, ['org.hyperic:sigar']);
}

/** Makes sure that something is there, or says what to install. */
function need(what, packages, isThere) {
  if (isThere() || (installDebian(packages, 'the tests with Druid') && isThere())) return;
  throw new Error(
    `npm run test:druid needs ${what}. Install it (on Debian: apt-get install ${packages.join(' ')}).`,
  );
}
