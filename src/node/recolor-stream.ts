import { Duplex } from 'node:stream';
import { checkOptions } from '../core/check-options.js';
import { BUFFER_CHECKS, type RecolorBufferOptions, recolorBuffer } from './recolor-buffer.js';
import { type RecipeLike, readRecipeLike } from './recolor-options.js';

/**
 * A stream that takes one encoded image and gives it back recolored.
 *
 * It buffers the whole image: the radii belong to all its pixels, so nothing can leave before everything has come.
 *
 * @throws ColorshineError at once for a bad recipe or option; the stream emits `error` for a bad image
 */
export function recolorStream(recipe: RecipeLike, options: RecolorBufferOptions = {}): Duplex {
  const checked = readRecipeLike(recipe);
  checkOptions(options, BUFFER_CHECKS);
  const chunks: Buffer[] = [];
  return new Duplex({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
    final(done) {
      recolorBuffer(Buffer.concat(chunks), checked, options).then(
        ({ data }) => {
          this.push(data);
          this.push(null);
          done();
        },
        (error: Error) => done(error),
      );
    },
    read() {},
  });
}
