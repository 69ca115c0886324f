/** Where two proposals meet: the names that the ledger gives to interactions, for whoever checks or completes them. */
import interactionList from '../../machines/ledger/interactions.json' with { type: 'json' };

/** Interaction (`i03`) → what meets what. */
export const interactions: ReadonlyMap<string, string> = new Map(interactionList.map(({ id, title }) => [id, title]));
