import colorshine from 'colorshine/webpack';

export default {
  mode: 'production',
  entry: './src/main.js',
  output: { assetModuleFilename: '[name]-[contenthash:8][ext]' },
  experiments: { css: true },
  module: { rules: [{ test: /\.css$/, type: 'css/auto' }] },
  plugins: [colorshine({ tokens: 'tokens.json' })],
};
