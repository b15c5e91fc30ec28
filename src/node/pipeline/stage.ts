/** What an image goes through, in this order. */
export type Stage = 'decode' | 'recolor' | 'encode';
