import { describeSimulatedWorlds } from './simulated-worlds.ts';

// The long suite has more.
describeSimulatedWorlds(2);
