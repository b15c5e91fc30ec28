import type { Scope } from '../../src/protocol/messages.js';
import { Button } from '../controls/button.js';
import { type Choice, ChoiceButton } from '../controls/choice-button.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';

const CHOICES: readonly Choice<Scope>[] = [
  { value: 'selection', label: 'The selection', hint: 'Images of the selected layers' },
  { value: 'page', label: 'This page', hint: 'All images on the page, selected or not' },
  { value: 'file', label: 'This file', hint: 'All images on all pages, which takes a moment' },
];

/** Whose images are recolored. */
export function ScopeChoice({ model }: { readonly model: Model }) {
  const scope = useStore(model.scope);
  return <ChoiceButton icon="layers" title="Images of" choices={CHOICES} value={scope} onChange={model.setScope} />;
}

/** The same as buttons, where there is no image to show. */
export function ScopeButtons({ model }: { readonly model: Model }) {
  const scope = useStore(model.scope);
  return (
    <span class="buttons">
      {CHOICES.filter(({ value }) => value !== scope).map(({ value, label }) => (
        <Button key={value} onClick={() => model.setScope(value)}>
          {label}
        </Button>
      ))}
    </span>
  );
}
