/** What an answer has besides what is asked. */
export type Desk<P> = {
  readonly report: (progress: P) => void;
  /** Lets other questions in, and says whether somebody still waits for this answer. Long work asks it every few milliseconds. */
  readonly isWanted: () => Promise<boolean>;
};
