import colorshine from 'colorshine/imagetools';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [colorshine({ tokens: 'tokens.json' })],
});
