/** What is asked of a file format without opening a file. */
interface Format {
  /** Of file names; the first is the one that outputs get. */
  readonly extensions: readonly string[];
  /** Of a file's first 32 bytes, one character each. */
  readonly magic: RegExp;
  /** The HEVC encoder is not free. */
  readonly isReadOnly?: true;
  /** Holds pages or frames that belong together. */
  readonly isPaged?: true;
  /** Holds more than 8 bits a sample. */
  readonly isDeep?: true;
  /** Its decoder and its encoder work on the whole of an image. */
  readonly isWhole?: true;
  /** Pixels that a page may have on a side; the others end beyond what fits memory. */
  readonly longestSide?: number;
}

/**
 * The file formats, a row each. A further one is a row here, a branch in `inspect.ts` for what stands in its files, and one in `encode.ts` for
 * how it is written. SVG, PDF and raw camera files are none: a 236-byte SVG can run for a minute.
 */
export const FORMATS = {
  jpeg: { extensions: ['jpg', 'jpeg', 'jpe', 'jfif'], magic: /^\xff\xd8\xff/, longestSide: 65_500 },
  png: { extensions: ['png'], magic: /^\x89PNG\r\n/, isDeep: true },
  webp: { extensions: ['webp'], magic: /^RIFF....WEBP/s, isPaged: true, isWhole: true, longestSide: 16_383 },
  gif: { extensions: ['gif'], magic: /^GIF8[79]a/, isPaged: true, isWhole: true, longestSide: 65_535 },
  tiff: { extensions: ['tif', 'tiff'], magic: /^(II[*+]\0|MM\0[*+])/, isPaged: true, isDeep: true },
  avif: { extensions: ['avif'], magic: /^....ftyp.*avi[fs]/s, isDeep: true, isWhole: true, longestSide: 16_384 },
  heic: {
    extensions: ['heic', 'heif'],
    magic: /^....ftyp.*(hei[cfmsx]|hev[cmsx]|mif1|msf1)/s,
    isReadOnly: true,
    isDeep: true,
    isWhole: true,
  },
} as const satisfies Record<string, Format>;

export type InputFormat = keyof typeof FORMATS;
export type OutputFormat = Exclude<InputFormat, 'heic'>;

export const INPUT_FORMATS = Object.keys(FORMATS) as InputFormat[];
export const OUTPUT_FORMATS = INPUT_FORMATS.filter((format) => !formatOf(format).isReadOnly) as OutputFormat[];

/** A format's row, with every trait that one may have. */
export function formatOf(format: InputFormat): Format {
  return FORMATS[format];
}

/** @param head of a file, at least 32 bytes, one character each */
export function formatOfMagic(head: string): InputFormat | undefined {
  return INPUT_FORMATS.find((format) => formatOf(format).magic.test(head));
}
