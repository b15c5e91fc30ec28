/** Programs that imitate a GPU on the processor, as their drivers call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|microsoft basic render/i;
const MAX_LENGTH = 120;

/**
 * Name of what draws WebGL2 here, as far as the browser tells; empty where there is no WebGL2. Gives its context back.
 */
export function readRenderer(): string {
  try {
    const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
    if (!gl) return '';
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    const name: unknown = gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    // Browsers keep only some contexts.
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return String(name).slice(0, MAX_LENGTH);
  } catch {
    return '';
  }
}

/** @param renderer what `readRenderer` gave */
export function isSoftware(renderer: string): boolean {
  return SOFTWARE.test(renderer);
}
