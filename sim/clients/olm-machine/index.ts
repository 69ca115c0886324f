/** Driving a real `OlmMachine` against any homeserver: what tests and benchmarks use. */
export * from './backup.ts';
export * from './bundle.ts';
export * from './identity.ts';
export * from './machine.ts';
export * from './rooms.ts';
export * from './sync.ts';
