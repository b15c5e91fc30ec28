/**
 * Namespaces of what lies in the old file beside the picture, or shows its old colors: gain maps, videos, copies of the original,
 * thumbnails. `only`: of a namespace that holds other things too, these properties.
 */
const UNTRUE: readonly { readonly uri: string; readonly only?: RegExp }[] = [
  { uri: 'http://ns.adobe.com/hdr-gain-map/1.0/' },
  { uri: 'http://ns.apple.com/HDRGainMap/1.0/' },
  { uri: 'http://ns.google.com/photos/1.0/container/' },
  { uri: 'http://ns.google.com/photos/1.0/image/' },
  { uri: 'http://ns.google.com/photos/1.0/camera/', only: /^(MotionPhoto|MicroVideo)/ },
  { uri: 'http://ns.adobe.com/xap/1.0/', only: /^Thumbnails$/ },
];
/** Said of a color space that has been converted away. */
const COLOR: typeof UNTRUE = [
  { uri: 'http://ns.adobe.com/exif/1.0/', only: /^(ColorSpace|Gamma)$/ },
  { uri: 'http://ns.adobe.com/tiff/1.0/', only: /^(TransferFunction|WhitePoint|PrimaryChromaticities)$/ },
  { uri: 'http://ns.adobe.com/photoshop/1.0/', only: /^ICCProfile$/ },
];
const ORIENTATION: typeof UNTRUE = [{ uri: 'http://ns.adobe.com/tiff/1.0/', only: /^Orientation$/ }];
const NOTE_URI = 'http://ns.adobe.com/xmp/note/';
const EXTENDED: typeof UNTRUE = [{ uri: NOTE_URI, only: /^HasExtendedXMP$/ }];

/** A packet without what only the old file bore out. Text that is not XML comes back as it is. */
export function cleanXmp(packet: string): string {
  return removeProperties(packet, UNTRUE);
}

/** @returns the packet without what it says of its picture's color space */
export function withoutColor(packet: string): string {
  return removeProperties(packet, COLOR);
}

/** @returns the packet without an orientation: the pixels are upright now */
export function withoutOrientation(packet: string): string {
  return removeProperties(packet, ORIENTATION);
}

/**
 * One packet of a JPEG's first one and its extended one, which is a whole `x:xmpmeta` too.
 *
 * @see XMP Specification Part 3, section 1.1.3.1
 */
export function mergeExtendedXmp(packet: string, extended: string): string {
  const main = removeProperties(packet, EXTENDED);
  const added = /<rdf:RDF\b[^>]*>([\s\S]*)<\/rdf:RDF>/.exec(extended)?.[1];
  const end = main.lastIndexOf('</rdf:RDF>');
  return added === undefined || end < 0 ? main : main.slice(0, end) + added + main.slice(end);
}

/** A packet that says where the whole one is. @param digest MD5 of the whole, 32 upper-case hex digits */
export function pointToExtendedXmp(digest: string): string {
  return (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
    `<rdf:Description rdf:about="" xmlns:xmpNote="${NOTE_URI}" xmpNote:HasExtendedXMP="${digest}"/></rdf:RDF></x:xmpmeta>`
  );
}

/** The `x:xmpmeta` alone, without packet wrapper and padding, as an extended packet has to be. */
export function unwrapXmp(packet: string): string {
  return /<x:xmpmeta\b[\s\S]*<\/x:xmpmeta>/.exec(packet)?.[0] ?? packet;
}

/** Properties are attributes or elements; prefixes are whatever the packet binds to the namespace. */
function removeProperties(packet: string, unwanted: typeof UNTRUE): string {
  let cleaned = packet;
  for (const { uri, only } of unwanted) {
    for (const prefix of prefixesOf(packet, uri)) {
      const isUnwanted = (name: string): boolean => only?.test(name) ?? true;
      const attribute = new RegExp(`\\s${prefix}:([\\w.-]+)\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'g');
      cleaned = removeElements(cleaned, prefix, isUnwanted).replace(attribute, (whole, name: string) =>
        isUnwanted(name) ? '' : whole,
      );
    }
  }
  return cleaned;
}

/** One pass, whatever the text: a packet may be many megabytes, and meant ill. */
function removeElements(packet: string, prefix: string, isUnwanted: (name: string) => boolean): string {
  const opening = new RegExp(`<${prefix}:([\\w.-]+)(?:\\s[^<>]*?)?(/?)>`, 'g');
  const unclosed = new Set<string>();
  let kept = '';
  let at = 0;
  for (let match = opening.exec(packet); match; match = opening.exec(packet)) {
    const [tag, name = '', isEmpty] = match;
    if (!isUnwanted(name) || unclosed.has(name)) continue;
    const closing = `</${match[0].slice(1).split(':')[0]}:${name}>`;
    const end = isEmpty ? match.index + tag.length : packet.indexOf(closing, match.index) + closing.length;
    if (end < match.index + tag.length) {
      unclosed.add(name);
      continue;
    }
    kept += packet.slice(at, match.index);
    at = end;
    opening.lastIndex = end;
  }
  return kept + packet.slice(at);
}

function prefixesOf(packet: string, uri: string): Set<string> {
  const prefixes = new Set<string>();
  for (const [, prefix, , value] of packet.matchAll(/\sxmlns:([\w.-]+)\s*=\s*(["'])([^"']*)\2/g)) {
    if (value === uri) prefixes.add((prefix as string).replace(/\./g, '\\.'));
  }
  return prefixes;
}
