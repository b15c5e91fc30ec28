import { describeExactness } from '../../support/describe-exactness.js';

// Three files, so that vitest's workers share the load.
describeExactness((index) => index % 3 === 0);
