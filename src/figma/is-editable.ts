/** False in Dev Mode, where every write throws. */
export function isEditable(): boolean {
  return figma.editorType !== 'dev';
}
