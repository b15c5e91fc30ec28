import { DEFAULT_TOLERANCE, TOLERANCE_RANGE } from '../../src/core/options.js';
import { kindOf } from '../../src/core/row/kind.js';
import type { PlanRow } from '../../src/core/types.js';
import { Slider } from '../controls/slider.js';
import type { Row } from '../state/recipe-state.js';

/** Fixed reaches on the slider, up to where one holds nearly everything. */
const REACH_SLIDER = { min: 0, max: 0.4, step: 0.005 } as const;
/** Of a row whose picture is not there yet: a surface with its shades. */
const USUAL_REACH = 0.1;

type Mode = 'auto' | 'distance' | 'share';
const MODES: readonly { readonly mode: Mode; readonly label: string; readonly title: string }[] = [
  { mode: 'auto', label: 'Auto', title: 'As far as the image suggests' },
  { mode: 'distance', label: 'Distance', title: 'The same colors in every image' },
  { mode: 'share', label: 'Percent', title: 'The nearest pixels of each image, by their share' },
];

interface ReachControlProps {
  readonly name: string;
  readonly row: Row;
  readonly planned: PlanRow | undefined;
  readonly onInput: (change: Pick<Row, 'tolerance' | 'reach'>) => void;
  /** The reach is being moved, or is so no more. */
  readonly onHold: (isHeld: boolean) => void;
}

/** How far a row reaches: as the image suggests, a distance, or a share of the pixels. */
export function ReachControl({ name, row, planned, onInput, onHold }: ReachControlProps) {
  const { tolerance, reach } = row;
  const mode: Mode = reach === undefined ? 'share' : reach === 'auto' ? 'auto' : 'distance';
  const modes = MODES.filter((one) => one.mode !== 'auto' || kindOf(row) !== 'attractor');
  const radius = typeof reach === 'number' ? reach : (planned?.radius ?? USUAL_REACH);
  const toDistance = (distance: number): void => onInput({ tolerance: undefined, reach: distance });
  const shown = Number(Math.min(REACH_SLIDER.max, radius).toFixed(3));
  const change = (to: Mode): void => {
    if (to === mode) return;
    if (to === 'auto') onInput({ tolerance: undefined, reach: 'auto' });
    else if (to === 'distance') toDistance(shown);
    else onInput({ tolerance: percentOf(planned), reach: undefined });
  };
  return (
    <>
      <div class="labeled">
        <span class="slider-label">Reach</span>
        <fieldset class="choice" aria-label={`${name} reaches by`}>
          {modes.map((one) => (
            <button
              key={one.mode}
              type="button"
              class="toggle"
              title={one.title}
              aria-pressed={one.mode === mode}
              onClick={() => change(one.mode)}
            >
              {one.label}
            </button>
          ))}
        </fieldset>
      </div>
      {mode === 'share' ? (
        <Slider
          label="Tolerance"
          value={tolerance ?? DEFAULT_TOLERANCE}
          {...TOLERANCE_RANGE}
          unit="%"
          onInput={(value) => onInput({ tolerance: value, reach: undefined })}
          onHold={onHold}
        />
      ) : (
        <Slider
          label={mode === 'auto' ? 'Suggested' : 'Distance'}
          value={shown}
          {...REACH_SLIDER}
          onInput={toDistance}
          onHold={onHold}
        />
      )}
    </>
  );
}

/** The tolerance that reaches about as far. */
function percentOf(planned: PlanRow | undefined): number {
  if (planned?.share === undefined) return DEFAULT_TOLERANCE;
  return Math.max(1, Math.round(planned.share * 100));
}
