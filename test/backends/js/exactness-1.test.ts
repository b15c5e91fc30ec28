import { describeExactness } from '../../support/describe-exactness.js';

// Four files, so that vitest's workers share the load.
describeExactness((index) => index % 4 === 0);
