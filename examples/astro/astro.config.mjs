import { defineConfig } from 'astro/config';
import { shineService } from 'colorshine/astro';

export default defineConfig({
  image: { service: shineService({ tokens: 'tokens.json' }) },
});
