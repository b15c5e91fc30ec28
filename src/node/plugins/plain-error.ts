import { ColorshineError } from '../../core/index.js';

/**
 * For bundlers that print stacks: our own errors say in one line what is wrong with the project, and where in this package that
 * was noticed is nobody's business. Everything else is a defect and keeps its stack.
 */
export async function withPlainErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ColorshineError)) throw error;
    const plain = new Error(error.message);
    plain.name = 'ColorshineError';
    plain.stack = `${plain.name}: ${plain.message}`;
    throw Object.assign(plain, { code: error.code });
  }
}
