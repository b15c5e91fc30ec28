/** What went wrong, for programs, on either side of the plugin. Codes of the core pass through as they are. */
const RPC_CODES = [
  /** The message does not fit its schema. */
  'BAD_MESSAGE',
  'UNKNOWN_REQUEST',
  'CANCELED',
  /** The answer would not go through: its bytes find no memory on the way, for example. */
  'NOT_DELIVERED',
  /** The other side is gone. */
  'CLOSED',
  'INTERNAL',
  /** Figma no longer has the image. */
  'IMAGE_MISSING',
  /** Figma has it but could not deliver its bytes (offline, for example). */
  'IMAGE_UNREADABLE',
  'IMAGE_GIF',
  'IMAGE_TOO_LARGE',
  'IMAGE_TOO_SMALL',
  'IMAGE_UNSUPPORTED',
  /** No such job: finished, canceled or never begun. */
  'JOB_UNKNOWN',
  /** The window was never told of it, or long ago. */
  'SELECTION_UNKNOWN',
  'STORAGE_FULL',
] as const;
export type RpcCode = (typeof RPC_CODES)[number];

/** What a thing that was thrown says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error that crosses the port: a code for programs, one line for people. */
export class RpcError extends Error {
  override readonly name = 'RpcError';
  /** One of `RPC_CODES`, or a code of the core. */
  readonly code: string;

  constructor(code: RpcCode | (string & {}), message: string) {
    super(message);
    this.code = code;
  }
}
