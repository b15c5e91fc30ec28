import { useCallback, useRef, useState } from 'preact/hooks';
import { IconButton } from '../controls/button.js';
import { Popover } from '../controls/popover.js';
import type { Model } from '../state/model.js';
import { addKeep, addRepaint, addRow, type Edit } from '../state/recipe-state.js';
import { addOrTell } from './add-row.js';
import { KINDS } from './kind-choice.js';

const ADD: Readonly<Record<(typeof KINDS)[number]['kind'], (edit: Edit, color: string) => Edit>> = {
  repaint: addRepaint,
  attractor: addRow,
  keep: addKeep,
};

/** @param color what the new row starts from: one of the image's, so that it does something at once */
export function AddMenu({ model, color }: { readonly model: Model; readonly color: string }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = useCallback(() => setOpen(false), []);
  return (
    <>
      <IconButton buttonRef={button} icon="plus" label="Add row" expanded={isOpen} onClick={() => setOpen(!isOpen)} />
      {isOpen && (
        <Popover label="Add row" anchor={button.current} onClose={close} width={216}>
          <div class="menu">
            {KINDS.map(({ kind, label, says }) => (
              <button
                key={kind}
                type="button"
                class="menu-item tall"
                onClick={() => {
                  close();
                  addOrTell(model, (edit) => ADD[kind](edit, color));
                }}
              >
                {label}
                <span>{says}</span>
              </button>
            ))}
          </div>
        </Popover>
      )}
    </>
  );
}
