import { useCallback, useRef, useState } from 'preact/hooks';
import { IconButton } from './button.js';
import type { IconName } from './icons.js';
import { Popover } from './popover.js';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  /** What it means, in a few words. */
  readonly hint: string;
  readonly disabled?: boolean;
}

interface ChoiceButtonProps<T extends string> {
  readonly icon: IconName;
  /** What is chosen; the button says the choice, too. */
  readonly title: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly class?: string;
}

/** One of a few, each with a hint, behind an icon. */
export function ChoiceButton<T extends string>(props: ChoiceButtonProps<T>) {
  const { icon, title, choices, value, onChange } = props;
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  const label = choices.find((choice) => choice.value === value)?.label;
  return (
    <>
      <IconButton
        buttonRef={button}
        icon={icon}
        class={props.class ?? ''}
        label={`${title}: ${label}`}
        expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <Popover label={title} anchor={button.current} onClose={close} width={272}>
          <fieldset class="placements">
            <legend class="visually-hidden">{title}</legend>
            {choices.map((choice) => (
              <label key={choice.value} class="placement">
                <input
                  type="radio"
                  class="placement-radio"
                  name={title}
                  checked={choice.value === value}
                  disabled={choice.disabled}
                  data-autofocus={choice.value === value ? '' : undefined}
                  onChange={() => onChange(choice.value)}
                />
                <span>
                  {choice.label}
                  <span class="hint">{choice.hint}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </Popover>
      )}
    </>
  );
}
