// Servers of tests that run on Java: their jars are installed from Maven Central, unless they are there.
import { existsSync } from 'node:fs';
import { installDebian } from './apt-get.mjs';
import { hasJava, hasMaven, installFromMaven } from './maven-jars.mjs';
import { cacheFolder } from './steps.mjs';

const KAFKA = '4.1.1';
const DRUID = '33.0.0';
/** What Druid 33 runs on, and the oldest release that Kafka 4 does. */
const JAVA = 17;

/** The folder of Kafka's jars. */
export function installKafka() {
  return install(`kafka-${KAFKA}`, [`org.apache.kafka:kafka_2.13:${KAFKA}`]);
}

/** The folder of Druid's jars, 190 MB, with what it reads Kafka by. */
export function installDruid() {
  const artifacts = [
    `org.apache.druid:druid-services:${DRUID}`,
    `org.apache.druid.extensions:druid-kafka-indexing-service:${DRUID}`,
  ];
  // A library of native code that only watches the machine, and that Maven Central does not have.
  return install(`druid-${DRUID}-kafka`, artifacts, ['org.hyperic:sigar']);
}

function install(name, artifacts, without = []) {
  need(`Java ${JAVA} or later`, ['default-jre-headless'], () => hasJava(JAVA));
  if (!existsSync(cacheFolder(name))) {
    need('Maven (mvn)', ['maven'], hasMaven);
    process.stderr.write(`Installing ${name} …\n`);
  }
  return installFromMaven(name, artifacts, without);
}

/** Makes sure that something is there, or says what to install. */
export function need(what, packages, isThere) {
  if (isThere() || (installDebian(packages, 'the tests with real servers') && isThere())) return;
  throw new Error(
    `Tests with real servers need ${what}. Install it (on Debian: apt-get install ${packages.join(' ')}).`,
  );
}
