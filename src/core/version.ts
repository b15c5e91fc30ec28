/** Version of the recipe and plan formats. */
export const RECIPE_VERSION = 2;
