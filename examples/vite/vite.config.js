import colorshine from 'colorshine/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [colorshine({ tokens: 'tokens.json' })],
});
