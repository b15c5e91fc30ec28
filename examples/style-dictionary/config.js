import colorshine from 'colorshine/style-dictionary';

/** Of a token with modes, the dark one. */
const dark = {
  type: 'value',
  filter: (token) => token.$extensions?.mode?.dark !== undefined,
  transform: (token) => token.$extensions.mode.dark,
};

export default {
  source: ['tokens.json'],
  hooks: { transforms: { dark }, actions: { colorshine: colorshine() } },
  platforms: {
    light: {
      transforms: ['name/kebab'],
      buildPath: 'dist/',
      files: [{ destination: 'light.css', format: 'css/variables' }],
      actions: ['colorshine'],
    },
    dark: {
      transforms: ['name/kebab', 'dark'],
      buildPath: 'dist/',
      files: [
        {
          destination: 'dark.css',
          format: 'css/variables',
          options: { selector: ['@media (prefers-color-scheme: dark)', ':root'] },
        },
      ],
    },
  },
};
