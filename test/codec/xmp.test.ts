import { describe, expect, it } from 'vitest';
import { cleanXmp, mergeExtendedXmp, withoutColor, withoutOrientation } from '../../src/codec/xmp.js';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const packet = (attributes: string, inside = ''): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}><rdf:Description rdf:about="" ${attributes}>${inside}</rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('cleanXmp', () => {
  it.each([
    [
      'a motion photo',
      'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" GCamera:MicroVideo=\'1\'',
      '',
    ],
    ['under another prefix', 'xmlns:q="http://ns.google.com/photos/1.0/camera/" q:MotionPhotoVersion = "1"', ''],
    [
      'a gain map',
      'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"',
      '<hdrgm:GainMapMax><rdf:Seq/></hdrgm:GainMapMax>',
    ],
    [
      'a container',
      'xmlns:C="http://ns.google.com/photos/1.0/container/"',
      '<C:Directory><rdf:Seq><rdf:li><C:Item C:Length="9"/></rdf:li></rdf:Seq></C:Directory>',
    ],
    ['a thumbnail', 'xmlns:xmp="http://ns.adobe.com/xap/1.0/"', '<xmp:Thumbnails><rdf:Alt/></xmp:Thumbnails>'],
  ])('drops %s, and keeps what stands beside it', (_, attributes, inside) => {
    const kept = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">GainMap MotionPhoto</dc:title>';
    const cleaned = cleanXmp(packet(attributes, inside + kept));
    expect(cleaned).toContain(kept);
    expect(cleaned.replace(kept, '').replace(/xmlns:\w+="[^"]*"/g, '')).not.toMatch(
      /MotionPhoto|MicroVideo|GainMap|hdrgm|Directory|Item|Thumbnails/,
    );
  });

  it('leaves other properties of a namespace', () => {
    const given = packet(
      'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" GCamera:DisableAutoCreation="x" xmp:Rating="5"',
    );
    expect(cleanXmp(given)).toBe(given);
    expect(cleanXmp('no XML, but MotionPhoto="1"')).toBe('no XML, but MotionPhoto="1"');
  });

  it('takes one pass over a packet that was made to take many', () => {
    const open = '<h:a><h:b>'.repeat(200_000);
    const given = packet('xmlns:h="http://ns.adobe.com/hdr-gain-map/1.0/"', open);
    expect(cleanXmp(given)).toBe(given); // nothing is closed
  });
});

it('drops what is said of a color space or an orientation that is gone', () => {
  const given = packet(
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" exif:ColorSpace="2" exif:ISO="100" tiff:Orientation="6"',
  );
  expect(withoutColor(given)).not.toContain('exif:ColorSpace');
  expect(withoutColor(given)).toContain('exif:ISO="100"');
  expect(withoutOrientation(given)).not.toContain('Orientation="6"');
});

it('joins the two packets of a JPEG', () => {
  const main = packet('xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="ABC"', '<a/>');
  const joined = mergeExtendedXmp(main, packet('', '<b/>'));
  expect(joined).toMatch(/<a\/>.*<b\/>/);
  expect(joined).not.toContain('HasExtendedXMP');
  expect(joined.match(/<rdf:RDF/g)).toHaveLength(1);
  expect(mergeExtendedXmp(main, 'broken')).not.toContain('HasExtendedXMP');
});
