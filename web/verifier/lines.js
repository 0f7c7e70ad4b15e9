// @ts-check
/** Splits a file into lines while it is read, so that an export of any length needs memory for one line only. */

import { malformed } from './ledger.js';

/** Letters of a line: more than any verifier takes. */
const LINE_LETTERS_MAX = 2 * 1024 * 1024;

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<string>}
 */
export async function* lines(stream) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const reader = stream.getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    if (rest.length > LINE_LETTERS_MAX) throw malformed('export', 'it is longer than 1 MiB');
    yield* whole;
    if (done) break;
  }
  if (rest !== '') yield rest;
}
