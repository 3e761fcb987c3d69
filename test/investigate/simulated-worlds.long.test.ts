import { describeSimulatedWorlds } from './simulated-worlds.ts';

/** More find more: `PEEPHOLE_WORLDS=20 npm run test:long -- simulated-worlds`. An even number. */
describeSimulatedWorlds(Number(process.env['PEEPHOLE_WORLDS'] ?? 10));
