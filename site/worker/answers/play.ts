/** A game after some moves: what may happen next, and what each of that would bring. */
export { played as play } from '../../play/playing.ts';
