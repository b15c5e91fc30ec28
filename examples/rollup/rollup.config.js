import colorshine from 'colorshine/rollup';

export default {
  input: 'src/main.js',
  output: { dir: 'dist', assetFileNames: '[name]-[hash][extname]' },
  plugins: [colorshine({ tokens: 'tokens.json' })],
};
