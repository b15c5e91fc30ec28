import type { Model } from '../state/model.js';
import { looksLikeRecipe, recipeFromText } from '../state/recipe-text.js';

/**
 * Keys that work everywhere in the window: Enter applies, Esc cancels or closes, Cmd/Ctrl+Z undoes, C held shows the original. A recipe pasted
 * outside of a text field replaces the present one. Whoever comes back to the window sees what is there now.
 *
 * @returns takes the listeners away
 */
export function installKeys(model: Model): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const isCommand = event.metaKey || event.ctrlKey;
    if (isCommand && /^[zy]$/i.test(event.key) && hasOwnUndo(event.target)) return;
    if (isCommand && event.key.toLowerCase() === 'z') {
      event.preventDefault();
      if (event.shiftKey) model.redo();
      else model.undo();
    } else if (isCommand && event.key.toLowerCase() === 'y') {
      event.preventDefault();
      model.redo();
    } else if (event.key === 'Enter' && !isInDialog(event.target) && (isCommand || !usesEnter(event.target))) {
      event.preventDefault();
      void model.apply();
    } else if (event.key.toLowerCase() === 'c' && !isCommand && !event.altKey && !takesLetters(event.target)) {
      model.isComparing.set(model.preview.get() !== undefined);
    } else if (event.key === 'Escape') {
      if (model.progress.get()) model.cancel();
      else if (model.notice.get()) model.notice.set(undefined);
      else void model.close();
    }
  };
  const onKeyUp = ({ key }: KeyboardEvent): void => {
    if (key.toLowerCase() === 'c') release();
  };
  const release = (): void => model.isComparing.set(false);
  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (isTextField(event.target) || !looksLikeRecipe(text)) return;
    event.preventDefault();
    void paste(text);
  };
  const paste = async (text: string): Promise<void> => {
    try {
      await model.adopt(recipeFromText(text, model.history.get().present));
      model.tell('Recipe pasted');
    } catch (error) {
      model.tell((error as Error).message, true);
    }
  };
  addEventListener('keydown', onKeyDown);
  addEventListener('keyup', onKeyUp);
  addEventListener('blur', release);
  addEventListener('paste', onPaste);
  addEventListener('focus', model.lookAgain);
  addEventListener('blur', model.leave);
  const onPress = ({ type }: Event): void => model.press(type === 'pointerdown');
  for (const type of PRESSES) addEventListener(type, onPress, true);
  return () => {
    for (const type of PRESSES) removeEventListener(type, onPress, true);
    removeEventListener('keydown', onKeyDown);
    removeEventListener('keyup', onKeyUp);
    removeEventListener('blur', release);
    removeEventListener('paste', onPaste);
    removeEventListener('focus', model.lookAgain);
    removeEventListener('blur', model.leave);
  };
}

const PRESSES = ['pointerdown', 'pointerup', 'pointercancel'] as const;

/** Its Enter is about the dialog, not about the document. */
function isInDialog(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="dialog"]') !== null;
}

/** Fields whose text is no part of the recipe: the search, and forms. */
function hasOwnUndo(target: EventTarget | null): boolean {
  return isTextField(target) && (isInDialog(target) || (target as Element).matches('.search'));
}

/** Text fields commit with Enter, buttons are pressed and lists opened by it. */
function usesEnter(target: EventTarget | null): boolean {
  return isTextField(target) || target instanceof HTMLButtonElement || target instanceof HTMLSelectElement;
}

/** Lists jump to what begins with a letter. */
function takesLetters(target: EventTarget | null): boolean {
  return isTextField(target) || target instanceof HTMLSelectElement;
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['range', 'radio', 'checkbox', 'file'].includes(target.type);
}
