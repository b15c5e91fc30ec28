import type { Gamut } from '../../src/core/types.js';
import { cssFromPacked } from '../state/color-chips.js';
import { describeOklch } from '../state/explain-color.js';
import type { Pointed } from '../state/model.js';

interface ReadoutProps {
  readonly pointed: Pointed;
  readonly gamut: Gamut;
  readonly isAtTop: boolean;
}

/** The color under the pointer before and after, in OKLCH. Only for those who point: rows and chips say the rest. */
export function Readout({ pointed: { before, after, place }, gamut, isAtTop }: ReadoutProps) {
  return (
    <div class={`readout ${isAtTop ? 'at-top' : ''}`} aria-hidden="true">
      <ReadColor color={before} gamut={gamut} />
      {after !== undefined && after !== before && (
        <>
          <span>→</span>
          <ReadColor color={after} gamut={gamut} />
        </>
      )}
      {place !== undefined && <b>{`Row ${place}`}</b>}
    </div>
  );
}

function ReadColor({ color, gamut }: { readonly color: number; readonly gamut: Gamut }) {
  return (
    <>
      <i style={{ backgroundColor: cssFromPacked(color, gamut) }} />
      {describeOklch(color, gamut)}
    </>
  );
}
