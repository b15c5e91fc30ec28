/** Programs that imitate a GPU on the processor, as their drivers call themselves. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|microsoft basic render(?: driver)?/i;

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
    return String(name);
  } catch {
    return '';
  }
}

/** @param renderer what `readRenderer` gave @returns the program that imitates a GPU, undefined for a real one */
export function findSoftware(renderer: string): string | undefined {
  return SOFTWARE.exec(renderer)?.[0];
}
