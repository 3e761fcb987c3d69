// Before the tests that need real servers: moto, Kafka, Druid and ClickHouse are installed; PEEPHOLE_MOTO_PYTHON,
// PEEPHOLE_KAFKA_JARS and PEEPHOLE_DRUID_JARS say where, PEEPHOLE_CLICKHOUSE that it is there. The first run fetches them;
// later ones need no network.
import { existsSync } from 'node:fs';
import { installClickHouse } from './clickhouse-library.mjs';
import { installDruid, installKafka, need } from './java-servers.mjs';
import { findPython, installFromPyPi } from './python-packages.mjs';
import { cacheFolder, ensureBuilt } from './steps.mjs';

const MOTO = '5.2.2';

export default async function setup() {
  ensureBuilt();
  process.env.PEEPHOLE_MOTO_PYTHON ??= await installMoto();
  process.env.PEEPHOLE_KAFKA_JARS ??= installKafka();
  process.env.PEEPHOLE_DRUID_JARS ??= installDruid();
  installClickHouse();
  process.env.PEEPHOLE_CLICKHOUSE ??= '1';
}

async function installMoto() {
  need('Python 3 with venv', ['python3-venv'], () => findPython() !== undefined);
  const name = `moto-${MOTO}`;
  if (!existsSync(cacheFolder(name))) process.stderr.write(`Installing moto ${MOTO} …\n`);
  return installFromPyPi(name, `moto[server]==${MOTO}`);
}
