/** A part of the simulator that is fetched when it is wanted. Rejects in words: what browsers say of it names a file that nobody knows. */
export const part = <T>(coming: Promise<T>): Promise<T> =>
  coming.catch(() => {
    throw new Error('the simulator could not be loaded');
  });
