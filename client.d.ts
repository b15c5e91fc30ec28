/**
 * Types of image imports: `/// <reference types="colorshine/client" />`, or `"types": ["colorshine/client"]`.
 *
 * A module pattern has one asterisk, so these name endings. End an import in `&shine` when none fits (it changes
 * nothing), or let the plugin write exact declarations with its option `dts`.
 */
declare module '*?shine' {
  const url: string;
  export default url;
}
declare module '*&shine' {
  const url: string;
  export default url;
}
declare module '*&theme=light' {
  const url: string;
  export default url;
}
declare module '*&theme=dark' {
  const url: string;
  export default url;
}
declare module '*&format=avif' {
  const url: string;
  export default url;
}
declare module '*&format=webp' {
  const url: string;
  export default url;
}
declare module '*&format=jpeg' {
  const url: string;
  export default url;
}
declare module '*&format=jpg' {
  const url: string;
  export default url;
}
declare module '*&format=png' {
  const url: string;
  export default url;
}
