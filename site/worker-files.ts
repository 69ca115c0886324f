/** Which files the worker of the pages loads in. */

/** For the bundler: `codeSplitting` of its output. The more special ones come first. */
export const workerFiles = {
  groups: [
    // A worker finds out what a file imports when it has read it: two files are there sooner than twenty, one behind the other.
    { name: 'simulator', test: /\/sim\/(?:runs\/playing|guarantees\/index)\.ts$/, priority: 2 },
    { name: 'telling', test: /\/site\/worker\/answers\/(?:run|rest)\.ts$/, priority: 1 },
  ],
};
