import { useEffect, useRef, useState } from 'preact/hooks';
import { Fingers, type Pinch } from './fingers.js';
import type { Box } from './viewport.js';

interface PressHandlers {
  /** @param withModifier Shift or Alt was down */
  onClick(px: number, py: number, withModifier: boolean): void;
  onBox(box: Box, withModifier: boolean): void;
  /** The box as it is being drawn. */
  onDraw(box: Box): void;
  onPan(dx: number, dy: number): void;
  onPinch(pinch: Pinch): void;
  /** The pointer is over the stage; undefined: it has left. */
  onHover(at: { readonly x: number; readonly y: number } | undefined): void;
}

/** A press that moves less than this is a click. */
const CLICK_PX = 3;

interface Press {
  readonly isPan: boolean;
  readonly x: number;
  readonly y: number;
  readonly lastX: number;
  readonly lastY: number;
  readonly hasMoved: boolean;
}

/**
 * Tells a click from a drag, and a drag that draws a box from one that pans: with a finger, the middle button, or the
 * space bar held. Two fingers pan and zoom. Esc gives a box up.
 */
export function usePress({ onClick, onBox, onDraw, onPan, onPinch, onHover }: PressHandlers) {
  const press = useRef<Press | undefined>(undefined);
  const fingers = useRef(new Fingers()).current;
  const [box, setBox] = useState<Box | undefined>(undefined);
  const hasSpace = useSpaceBar();

  const giveUp = (): void => {
    press.current = undefined;
    setBox(undefined);
  };
  /** Of two fingers the other one pans on. */
  const lift = (id: number): void => {
    fingers.lift(id);
    const last = fingers.first();
    giveUp();
    if (last) press.current = { ...last, isPan: true, lastX: last.x, lastY: last.y, hasMoved: true };
  };
  const isDrawing = box !== undefined;
  useEffect(() => {
    if (!isDrawing) return;
    const onEscape = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      giveUp();
    };
    addEventListener('keydown', onEscape, true);
    return () => removeEventListener('keydown', onEscape, true);
  }, [isDrawing]);

  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.button > 1) return;
      if (event.button === 1) event.preventDefault();
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      const { x, y } = pointIn(event);
      const isTouch = event.pointerType === 'touch';
      if (isTouch) fingers.put(event.pointerId, { x, y });
      const isPan = event.button === 1 || hasSpace || isTouch;
      // A second finger is no click, nor is what is left of two.
      press.current = { isPan, x, y, lastX: x, lastY: y, hasMoved: fingers.count > 1 };
    },
    onPointerMove(event: PointerEvent) {
      const at = pointIn(event);
      const pinch = fingers.move(event.pointerId, at);
      if (pinch) return onPinch(pinch);
      const from = press.current;
      if (!from) return onHover(at);
      const hasMoved = from.hasMoved || Math.max(Math.abs(at.x - from.x), Math.abs(at.y - from.y)) > CLICK_PX;
      press.current = { ...from, lastX: at.x, lastY: at.y, hasMoved };
      if (!hasMoved) return;
      if (from.isPan) return onPan(at.x - from.lastX, at.y - from.lastY);
      setBox(boxBetween(from, at));
      onDraw(boxBetween(from, at));
    },
    onPointerUp(event: PointerEvent) {
      const from = press.current;
      lift(event.pointerId);
      if (fingers.count > 0) return;
      if (!from) return;
      const at = pointIn(event);
      const withModifier = event.shiftKey || event.altKey;
      if (!from.hasMoved && event.button === 0 && !hasSpace) onClick(at.x, at.y, withModifier);
      else if (from.hasMoved && !from.isPan) onBox(boxBetween(from, at), withModifier);
    },
    onPointerCancel: (event: PointerEvent) => lift(event.pointerId),
    onPointerLeave: () => onHover(undefined),
  };
  return { handlers, box, hasSpace };
}

/** Whether the space bar is held, unless a control has it. */
function useSpaceBar(): boolean {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== ' ') return;
      const isFree = event.target instanceof Element && event.target.matches('body, .stage');
      if (event.type === 'keydown' && !isFree) return;
      if (isFree) event.preventDefault();
      setHeld(event.type === 'keydown');
    };
    const release = (): void => setHeld(false);
    addEventListener('keydown', onKey);
    addEventListener('keyup', onKey);
    addEventListener('blur', release);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('keyup', onKey);
      removeEventListener('blur', release);
    };
  }, []);
  return isHeld;
}

function pointIn(event: PointerEvent): { x: number; y: number } {
  const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

function boxBetween(from: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }) {
  return {
    x: Math.min(from.x, to.x),
    y: Math.min(from.y, to.y),
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  };
}
