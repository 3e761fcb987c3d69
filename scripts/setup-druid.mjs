// Before the tests that need Druid: Druid and Kafka are installed, and PEEPHOLE_DRUID_JARS and PEEPHOLE_KAFKA_JARS say
// where. The first run fetches them; later ones need no network.
import { installDruid, installKafka } from './java-servers.mjs';
import { ensureBuilt } from './steps.mjs';

export default async function setup() {
  ensureBuilt();
  process.env.PEEPHOLE_DRUID_JARS ??= installDruid();
  process.env.PEEPHOLE_KAFKA_JARS ??= installKafka();
}
