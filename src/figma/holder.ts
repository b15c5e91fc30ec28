/** What holds colors in Figma, told apart. */

/** A style that holds paints or effects. */
export type ColorStyle = PaintStyle | EffectStyle;
/** What can hold paints or effects: a layer or a style. A page has but one solid paint. */
export type Holder = SceneNode | ColorStyle;
/** An entry of a place. */
export type Item = Paint | Effect;

/** A style, told apart without its `type`: on a removed node even that throws. Styles have no `removed`. */
export function isStyle(holder: Holder): holder is ColorStyle {
  return !('removed' in holder);
}

/** Text, also along a path. */
export function isText(node: { readonly type: string }): node is TextNode | TextPathNode {
  return node.type === 'TEXT' || node.type === 'TEXT_PATH';
}
