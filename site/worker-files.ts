/** Which files the worker of the pages loads in. */

/** For the bundler: `codeSplitting` of its output. The more special ones come first. */
export const workerFiles = {
  groups: [
    // A worker finds out what a file imports when it has read it: two files are there sooner than twenty, one behind the other. What
    // several guarantees go by is in the first of them, so that each comes by itself and brings nothing.
    {
      name: 'simulator',
      test: /\/sim\/(?:runs\/playing|verbs\/usual|guarantees\/(?:evidence\/[\w-]+|conceded|watching|server-distrust))\.ts$/,
      // What one guarantee alone goes by is shared by it and by the three questions that need all of them.
      minShareCount: 5,
      priority: 2,
    },
    // Guarantees have files of their own; attackers' verbs are one.
    { name: 'lies', test: /\/sim\/verbs\/port\.ts$/, priority: 1 },
    // By itself, so that it can call for them while the others are on their way.
    { name: 'calling', test: /\/site\/worker\/(?:judges|verbs)\.ts$/, priority: 3 },
    { name: 'telling', test: /\/site\/worker\/answers\/(?:run|rest)\.ts$/, priority: 1 },
  ],
};
