import { useCallback, useRef, useState } from 'preact/hooks';
import type { Placement } from '../../src/protocol/messages.js';
import { IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import type { Model } from '../state/model.js';
import { useStore } from '../state/store.js';

const CHOICES: readonly { readonly value: Placement; readonly label: string; readonly hint: string }[] = [
  { value: 'replace', label: 'Replace the image', hint: 'Restore brings the original back' },
  { value: 'above', label: 'New fill above', hint: 'The original stays in the layer, hidden' },
  { value: 'beside', label: 'Copy beside', hint: 'The layer stays as it is, its copy changes' },
];

/** How Apply writes: beside the button, since it is about it. */
export function PlacementChoice({ model }: { readonly model: Model }) {
  const placement = useStore(model.placement);
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  const label = CHOICES.find(({ value }) => value === placement)?.label;
  return (
    <>
      <IconButton
        buttonRef={button}
        icon="chevron"
        class="beside-primary"
        label={`How to apply: ${label}`}
        expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <Popover label="How to apply" anchor={button.current} onClose={close} width={272}>
          <fieldset class="placements">
            <legend class="visually-hidden">How to apply</legend>
            {CHOICES.map(({ value, label: name, hint }) => (
              <label key={value} class="placement">
                <input
                  type="radio"
                  name="placement"
                  checked={value === placement}
                  data-autofocus={value === placement ? '' : undefined}
                  onChange={() => model.placement.set(value)}
                />
                <span>
                  {name}
                  <span class="hint">{hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </Popover>
      )}
    </>
  );
}
