import type { SelectionImage } from '../../src/protocol/replies.js';

/** What an image is called: by the layers that hold it. */
export function nameOfImage(image: SelectionImage | undefined): string {
  if (!image) return '';
  const { layers } = image;
  const [first] = layers;
  if (!first) return image.styleIds.length > 0 ? 'Image in a style' : 'Image';
  return layers.length === 1 ? first.name : `${first.name} and ${layers.length - 1} more`;
}
