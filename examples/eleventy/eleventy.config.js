import colorshine from 'colorshine/eleventy';

export const config = { dir: { input: 'src' } };

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(colorshine, { tokens: 'tokens.json' });
}
