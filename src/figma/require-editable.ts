import { RpcError } from '../protocol/errors.js';
import { isEditable } from './is-editable.js';

/** @throws RpcError READ_ONLY */
export function requireEditable(): void {
  if (!isEditable()) throw new RpcError('READ_ONLY', 'this file can only be viewed here: open it in the editor');
}
