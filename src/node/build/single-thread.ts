import sharp from 'sharp';

let inside = 0;
let before = 0;

/**
 * Runs work while libvips uses one thread. An AVIF's bytes depend on the number of threads (the encoder cuts the picture
 * into tiles by it), those of other formats do not; a build's bytes must not depend on the machine.
 *
 * libvips knows one number for the whole process, a bundler's too: pictures that a host makes meanwhile take longer, and its
 * AVIFs have the bytes of one thread, which are those that every machine gives. What it sets meanwhile stays.
 */
export async function withSingleThread<T>(work: () => Promise<T>): Promise<T> {
  if (inside++ === 0) {
    before = sharp.concurrency();
    sharp.concurrency(1);
  }
  try {
    return await work();
  } finally {
    if (--inside === 0 && sharp.concurrency() === 1) sharp.concurrency(before);
  }
}
