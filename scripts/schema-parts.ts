/** Pieces that the published schemas share. */
export type Schema = Readonly<Record<string, unknown>>;

export const within = ({ min, max }: { min: number; max: number }): Schema => ({ minimum: min, maximum: max });

/** An object that holds these keys and no others. */
export const closedObject = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({ type: 'object', additionalProperties: false, required, properties });

/** One text, or a list of at least one. */
export const textOrList = (description: string): Schema => ({
  description,
  anyOf: [NON_EMPTY_TEXT, { type: 'array', minItems: 1, items: NON_EMPTY_TEXT }],
});

/** Text with something in it. */
export const NON_EMPTY_TEXT: Schema = { type: 'string', pattern: '\\S' };
