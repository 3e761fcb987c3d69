// Before the tests that need real servers: moto, Kafka and Druid are installed, and PEEPHOLE_MOTO_PYTHON,
// PEEPHOLE_KAFKA_JARS and PEEPHOLE_DRUID_JARS say where. The first run fetches them; later ones need no network.
import { existsSync } from 'node:fs';
import { installDebian } from './apt-get.mjs';
import { hasJava, hasMaven, installFromMaven } from './maven-jars.mjs';
import { findPython, installFromPyPi } from './python-packages.mjs';
import { installDruid } from './setup-druid.mjs';
import { cacheFolder, ensureBuilt } from './steps.mjs';

const MOTO = '5.2.2';
const KAFKA = '4.1.1';
/** The oldest release that Kafka 4 runs on. */
const JAVA = 17;

export default async function setup() {
  ensureBuilt();
  process.env.PEEPHOLE_MOTO_PYTHON ??= await installMoto();
  process.env.PEEPHOLE_KAFKA_JARS ??= installKafka();
  process.env.PEEPHOLE_DRUID_JARS ??= installDruid();
}

async function installMoto() {
  need('Python 3 with venv', ['python3-venv'], () => findPython() !== undefined);
  const name = `moto-${MOTO}`;
  if (!existsSync(cacheFolder(name))) process.stderr.write(`Installing moto ${MOTO} …\n`);
  return installFromPyPi(name, `moto[server]==${MOTO}`);
}

function installKafka() {
  need(`Java ${JAVA} or later`, ['default-jre-headless'], () => hasJava(JAVA));
  const name = `kafka-${KAFKA}`;
  if (!existsSync(cacheFolder(name))) {
    need('Maven (mvn)', ['maven'], hasMaven);
    process.stderr.write(`Installing Kafka ${KAFKA} …\n`);
  }
  return installFromMaven(name, [`org.apache.kafka:kafka_2.13:${KAFKA}`]);
}

/** Makes sure that something is there, or says what to install. */
function need(what, packages, isThere) {
  if (isThere() || (installDebian(packages, 'the tests with real servers') && isThere())) return;
  throw new Error(
    `npm run test:cluster needs ${what}. Install it (on Debian: apt-get install ${packages.join(' ')}).`,
  );
}
