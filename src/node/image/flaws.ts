/**
 * Flaws of a JPEG that every browser passes over, in libjpeg's words: stray bytes between segments, numbers in a
 * scan's header that mean nothing there, a color transform that nobody knows. What damages pixels has others.
 */
const HARMLESS =
  /extraneous bytes before marker|Invalid SOS parameters|Unknown Adobe color transform|unknown JFIF revision/;
/** What libvips says around them. libjpeg tells the first flaw alone: of further ones nobody knows what they are. */
const FRAME = /^(read gave 1 warnings|error in tile \d+ x \d+|Warning treated as error due to failOn setting|)$/;

/** @param message of sharp; several lines, one flaw each, perhaps several times */
export function isHarmless(message: string): boolean {
  return linesOf(message).every((line) => HARMLESS.test(line) || FRAME.test(line));
}

/** One sentence for the user. */
export function describeFlaws(messages: readonly string[]): string {
  const flaws = new Set(
    messages
      .flatMap(linesOf)
      .filter((line) => HARMLESS.test(line))
      .map((line) => line.replace(/^VipsJpeg: (Corrupt JPEG data: )?/, '')),
  );
  return `the file is odd (${[...flaws].join('; ')}), but every browser shows it: recolored as it is shown`;
}

function linesOf(message: string): string[] {
  return message.split('\n').map((line) => line.trim());
}
