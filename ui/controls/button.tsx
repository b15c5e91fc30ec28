import type { ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icons.js';

interface IconButtonProps {
  readonly icon: IconName;
  /** Read aloud and shown as a tooltip. */
  readonly label: string;
  readonly onClick?: (event: MouseEvent) => void;
  readonly pressed?: boolean;
  readonly expanded?: boolean;
  readonly disabled?: boolean;
  readonly class?: string;
  readonly buttonRef?: Ref<HTMLButtonElement>;
}

/** A 24 px button that shows an icon. `pressed` makes it a toggle. */
export function IconButton({ icon, label, onClick, pressed, expanded, disabled, buttonRef, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      ref={buttonRef}
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: 'primary' | 'secondary';
  readonly disabled?: boolean;
  readonly title?: string;
}

export function Button({ children, onClick, kind = 'secondary', disabled, title }: ButtonProps) {
  return (
    <button type="button" class={`button ${kind}`} onClick={onClick} disabled={disabled} title={title}>
      {children}
    </button>
  );
}
