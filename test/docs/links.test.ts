/** No link of a page is dead. */
import { expect, it } from 'vitest';
import { findDeadLinks, findPages } from '../support/pages.js';

it('has no dead link in the repository', () => {
  expect(findPages().length).toBeGreaterThan(20);
  expect(findDeadLinks()).toEqual([]);
});
