/** Package entry `colorshine/astro`: an image service. */
import type { LocalImageService } from 'astro';
import { baseService } from 'astro/assets';
import sharpService from 'astro/assets/services/sharp';
import type { AstroOptions } from './astro-engine.js';

export type { AstroOptions };

/** Props of `<Image>` and `<Picture>`, and options of `getImage`, besides Astro's. */
export interface ShineProps {
  /** A recipe file, from the project's root; rows such as `teal;40;60`; or true for the service's own recipe. */
  readonly shine?: string | readonly string[] | boolean | null | undefined;
  /** Theme or mode of the design tokens. */
  readonly theme?: string | undefined;
}

declare global {
  namespace Astro {
    interface CustomImageProps extends ShineProps {}
  }
}

/** For Astro's configuration: `image: { service: shineService({ tokens: 'tokens.json' }) }`. */
export function shineService(options: AstroOptions = {}): { entrypoint: string; config: AstroOptions } {
  return { entrypoint: 'colorshine/astro', config: options };
}

type Engine = typeof import('./astro-engine.js');
/** Astro's own parses a URL at once. */
type Transform = Parameters<LocalImageService['transform']>[1];

/** Astro bundles its services. Named so that it does not see through, the engine is imported as it is installed. */
const openEngine = (): Promise<Engine> => import(/* @vite-ignore */ ['colorshine', 'astro-engine'].join('/'));

/** A built server ends a page that fails halfway in "Internal server error", and says nothing more. Builds and the dev server tell. */
function tell(error: unknown): never {
  const { env } = import.meta as { readonly env?: { readonly PROD?: boolean } };
  const { astroAsset } = globalThis as { readonly astroAsset?: { readonly addStaticImage?: unknown } };
  if (env?.PROD && !astroAsset?.addStaticImage) console.error(String(error));
  throw error;
}

/**
 * Astro's service of sharp, which is given recolored images. What the props say is resolved when a page is made, and goes with the
 * image as text: into its file's name, so that a changed token is another file, and into its URL where a server makes it.
 */
const service: LocalImageService = {
  ...sharpService,
  propertiesToHash: [...(sharpService.propertiesToHash ?? baseService.propertiesToHash ?? []), 'shine'],
  async validateOptions({ shine, theme, ...options }, config, ...more) {
    const validated = async () => (await sharpService.validateOptions?.(options, config, ...more)) ?? options;
    if (shine === undefined && theme === undefined) return validated();
    const look = await (await openEngine()).lookOf({ ...options, shine, theme }, config.service.config).catch(tell);
    return { ...(await validated()), ...(look !== undefined && { shine: look }) };
  },
  getHTMLAttributes: ({ shine, ...options }, ...more) => sharpService.getHTMLAttributes?.(options, ...more) ?? {},
  async getURL({ shine, ...options }, ...more) {
    const url = await sharpService.getURL(options, ...more);
    if (shine === undefined) return url;
    if (url !== options.src) return `${url}&shine=${encodeURIComponent(String(shine))}`;
    throw new Error(`shine: expected an imported image, or one of image.domains, got ${JSON.stringify(url)}`);
  },
  parseURL(url, ...more) {
    const shine = url.searchParams.get('shine');
    const transform = sharpService.parseURL(url, ...more) as Transform | undefined;
    return transform && { ...transform, ...(shine !== null && { shine }) };
  },
  async transform(input, { shine, ...transform }, config, ...more) {
    const options = config.service.config as AstroOptions;
    const bytes = shine === undefined ? input : await (await openEngine()).recolorOnce(input, shine, options);
    const service = { ...config.service, config: options.sharp ?? {} };
    return sharpService.transform(bytes, transform, { ...config, service }, ...more);
  },
};
export default service;
