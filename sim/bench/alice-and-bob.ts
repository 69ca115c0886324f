/** Two people of the production library at a homeserver of the simulator's: a signed device each, and each has synced. */
import { holdHomeserver } from '../clients/holder.ts';
import * as client from '../clients/olm-machine/index.ts';
import { server, userOf } from '../clients/together.ts';
import { emptyHomeserver, registerUser } from '../homeserver/index.ts';

const names = ['alice', 'bob'] as const;
const password = 'wonderland';

export const aliceAndBob = async (): Promise<Readonly<Record<(typeof names)[number], client.RealMachine>>> => {
  const held = holdHomeserver(
    names.reduce((before, name) => registerUser(before, name, password), emptyHomeserver(server)),
  );
  const logIn = async (name: string): Promise<client.RealMachine> => {
    const machine = await client.logInMachine(held.send, { userId: userOf(name), password, deviceId: 'PHONE' });
    await client.bootstrapIdentity(machine);
    await client.syncMachine(machine);
    return machine;
  };
  return { alice: await logIn('alice'), bob: await logIn('bob') };
};
