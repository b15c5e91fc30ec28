import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Picture } from '../worker/engine.js';
import { paintPicture } from './paint.js';

interface PictureCanvasProps {
  readonly picture: Picture | undefined;
  readonly label?: string;
  readonly class?: string;
}

/** A picture that changes rarely: a thumbnail, the source. */
export function PictureCanvas({ picture, label, ...rest }: PictureCanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current && picture) paintPicture(canvas.current, picture);
  }, [picture]);
  const role = label === undefined ? { 'aria-hidden': true as const } : { role: 'img' as const, 'aria-label': label };
  return <canvas key={picture?.gamut} ref={canvas} class={rest.class} {...role} />;
}
