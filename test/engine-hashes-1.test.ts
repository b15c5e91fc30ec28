import { describeEngineHashes } from './support/describe-engine-hashes.js';

// Two files, so that vitest's workers share the load.
describeEngineHashes((index) => index % 2 === 0);
