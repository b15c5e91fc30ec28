import { describeExactness } from '../../support/describe-exactness.js';

// Two files, so that vitest's workers share the load.
describeExactness((index) => index % 2 === 0);
