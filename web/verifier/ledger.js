// @ts-check
/**
 * The ledger's formats as docs/reference/ledger.md defines them: hashes, entries, keys, signed notes, checkpoints, the tree.
 *
 * Nothing here knows a page or a network. A text that breaks a format throws `Malformed`.
 */

/** A text that does not follow its format; `code` is stable and the same as that of the verifier in Rust. */
export class Refused extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Bytes of a note. */
const NOTE_BYTES_MAX = 64 * 1024;
/** Signatures of one note. */
const SIGNATURE_COUNT_MAX = 100;
/** Hashes of a proof: no tree is higher than its size has bits. */
const HASH_COUNT_MAX = 64;
/** The largest number that any format holds: 64 bits. */
const NUMBER_MAX = 2n ** 64n - 1n;
/** A plain Ed25519 signature, and the cosignature of a witness. */
const TYPE_ED25519 = 1;
const TYPE_COSIGNATURE = 4;

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param {string} text */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * @param {string} what
 * @param {string} reason
 */
export function malformed(what, reason) {
  return new Refused('malformed', `the ${what} cannot be read: ${reason}`);
}

/** @param {Uint8Array[]} parts */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', join(parts)));
}

/**
 * @param {Uint8Array[]} parts
 * @returns {Uint8Array<ArrayBuffer>}
 */
function join(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {Uint8Array} bytes */
export function base64(bytes) {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/**
 * Reads base64 (RFC 4648, 4) in its one spelling: with padding, without stray bits.
 * @param {string} text
 * @returns {Uint8Array | null}
 */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return base64(bytes) === text ? bytes : null;
}

/**
 * Reads a decimal number without sign and leading zeros.
 * @param {string | undefined} text
 * @returns {bigint | null}
 */
export function number(text) {
  if (text === undefined || !/^(0|[1-9][0-9]{0,19})$/.test(text)) return null;
  const value = BigInt(text);
  return value <= NUMBER_MAX ? value : null;
}

/**
 * Reads a SHA-256 digest.
 * @param {string | undefined} text
 */
export function parseHash(text) {
  const bytes = text === undefined ? null : fromBase64(text);
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function isSame(a, b) {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** @param {Uint8Array} bytes */
function hexadecimal(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WORD = /^[a-z_]{1,32}$/;

/**
 * The time that a UUID of version 7 holds, in milliseconds since 1970.
 * @param {string} id
 * @returns {number | null}
 */
export function idMillis(id) {
  if (!UUID.test(id) || id[14] !== '7') return null;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * @typedef {{ number: bigint, atMillis: bigint, workspace: string, id: string, actor: [string, string], action: string, target: [string, string], commitment: Uint8Array | null }} Entry
 */

/**
 * Reads an entry: eleven words.
 * @param {string} line
 * @returns {Entry}
 */
export function parseEntry(line) {
  const wrong = (/** @type {string} */ reason) => malformed('entry', reason);
  const words = line.split(' ');
  if (words[0] !== 'chancery-entry/1') throw wrong('it does not begin with `chancery-entry/1`');
  if (words.length !== 11) throw wrong('it does not have eleven words');
  const [, place, at, workspace = '', id = '', actorKind = '', actorId = '', action = '', targetKind = '', targetId = '', bound = ''] =
    words;
  const [entryNumber, atMillis] = [number(place), number(at)];
  if (entryNumber === null) throw wrong('its number is none');
  if (atMillis === null) throw wrong('its time is no number');
  if (!UUID.test(workspace)) throw wrong('its workspace is no id');
  if (!UUID.test(id)) throw wrong('its id is none');
  const isParty = (/** @type {string} */ kind, /** @type {string} */ it) => WORD.test(kind) && (it === '-' || UUID.test(it));
  if (!isParty(actorKind, actorId)) throw wrong('its actor is none');
  const dot = action.indexOf('.');
  if (dot < 0 || !WORD.test(action.slice(0, dot)) || !WORD.test(action.slice(dot + 1))) {
    throw wrong('its action is not `subject.verb`');
  }
  if (!isParty(targetKind, targetId)) throw wrong('its target is none');
  const commitment = bound === '-' ? null : parseHash(bound);
  if (bound !== '-' && commitment === null) throw wrong('its commitment is none');
  return {
    number: entryNumber,
    atMillis,
    workspace,
    id,
    actor: [actorKind, actorId],
    action,
    target: [targetKind, targetId],
    commitment,
  };
}

/**
 * The digest that an entry holds of its sealed body.
 * @param {Uint8Array} body
 */
export function commitmentOf(body) {
  return sha256(utf8('chancery-body/1\n'), body);
}

/** @param {string} line */
export function leafHash(line) {
  return sha256(Uint8Array.of(0), utf8(line));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
export function nodeHash(left, right) {
  return sha256(Uint8Array.of(1), left, right);
}

/** The right edge of a growing tree (RFC 6962): one hash for every bit that is set in its size, the largest subtree first. */
export class Frontier {
  constructor() {
    this.size = 0n;
    /** @type {Uint8Array[]} */
    this.peaks = [];
  }

  /** @param {Uint8Array} leaf */
  async append(leaf) {
    let hash = leaf;
    for (let index = this.size; index % 2n === 1n; index /= 2n) {
      const left = this.peaks.pop();
      if (left === undefined) break;
      hash = await nodeHash(left, hash);
    }
    this.peaks.push(hash);
    this.size += 1n;
  }

  async root() {
    if (this.peaks.length === 0) return sha256();
    let root = this.peaks[this.peaks.length - 1] ?? new Uint8Array();
    for (let at = this.peaks.length - 2; at >= 0; at -= 1) root = await nodeHash(this.peaks[at] ?? root, root);
    return root;
  }
}

const NAME = /^[^\p{White_Space}\p{Cc}+]+$/u;

/** A public key with its name (C2SP signed-note). */
export class PublicKey {
  /**
   * @param {string} name
   * @param {number} kind
   * @param {Uint8Array} key
   * @param {Uint8Array} id
   */
  constructor(name, kind, key, id) {
    this.name = name;
    this.kind = kind;
    this.key = key;
    this.id = id;
    this.text = `${name}+${hexadecimal(id)}+${base64(join([Uint8Array.of(kind), key]))}`;
  }

  get isWitness() {
    return this.kind === TYPE_COSIGNATURE;
  }

  /** @param {string} text */
  static async parse(text) {
    const wrong = (/** @type {string} */ reason) => malformed('public key', reason);
    const first = text.indexOf('+');
    const second = text.indexOf('+', first + 1);
    if (first < 0 || second < 0) throw wrong('it is not `name+id+key`');
    const name = text.slice(0, first);
    const bytes = fromBase64(text.slice(second + 1));
    const kind = bytes?.[0];
    if (bytes === null || kind === undefined) throw wrong('its last part is not base64 of a key');
    if (kind !== TYPE_ED25519 && kind !== TYPE_COSIGNATURE) throw wrong('its type is neither Ed25519 nor a cosignature');
    const key = bytes.slice(1);
    if (key.length !== 32) throw wrong('it does not have 32 bytes');
    const id = (await sha256(utf8(`${name}\n`), Uint8Array.of(kind), key)).slice(0, 4);
    if (!NAME.test(name) || hexadecimal(id) !== text.slice(first + 1, second)) {
      throw wrong('its name or id does not fit the key');
    }
    return new PublicKey(name, kind, key, id);
  }

  /**
   * @param {Uint8Array} message
   * @param {Uint8Array} signature
   */
  async verify(message, signature) {
    const key = await crypto.subtle.importKey('raw', join([this.key]), { name: 'Ed25519' }, false, ['verify']);
    const isRight =
      signature.length === 64 &&
      (await crypto.subtle.verify({ name: 'Ed25519' }, key, join([signature]), join([message])));
    if (!isRight) throw new Refused('false-signature', `the signature of \`${this.name}\` is false`);
  }
}

/** A text with signatures under it (C2SP signed-note). */
export class Note {
  /**
   * @param {string} text
   * @param {{ name: string, id: Uint8Array, bytes: Uint8Array }[]} signatures
   */
  constructor(text, signatures) {
    this.text = text;
    this.signatures = signatures;
  }

  /** @param {string} note */
  static parse(note) {
    const wrong = (/** @type {string} */ reason) => malformed('note', reason);
    if (utf8(note).length > NOTE_BYTES_MAX) throw wrong('it is longer than 64 KiB');
    if (/[\u0000-\u0009\u000b-\u001f]/.test(note)) throw wrong('it holds control characters');
    const end = note.lastIndexOf('\n\n');
    if (end < 0) throw wrong('it has no empty line before its signatures');
    const lines = note.slice(end + 2);
    if (!lines.endsWith('\n')) throw wrong('its last line does not end');
    const signatures = lines.slice(0, -1).split('\n').map(signature);
    if (signatures.length > SIGNATURE_COUNT_MAX) throw wrong('it has more than 100 signatures');
    return new Note(note.slice(0, end + 1), signatures);
  }

  /** @param {string} text */
  static parseEncoded(text) {
    const bytes = fromBase64(text);
    if (bytes === null) throw malformed('note', 'it is not base64 of text');
    try {
      return Note.parse(strictDecoder.decode(bytes));
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw malformed('note', 'it is not base64 of text');
    }
  }

  /**
   * Checks the signature of a key; gives the time of a cosignature in seconds since 1970.
   * @param {PublicKey} key
   * @returns {Promise<bigint | null>}
   */
  async verify(key) {
    const found = this.signatures.find((it) => it.name === key.name && isSame(it.id, key.id));
    if (found === undefined) throw new Refused('unsigned', `the checkpoint bears no signature of \`${key.name}\``);
    if (!key.isWitness) {
      await key.verify(utf8(this.text), found.bytes);
      return null;
    }
    if (found.bytes.length < 8) throw new Refused('false-signature', `the signature of \`${key.name}\` is false`);
    const view = new DataView(found.bytes.buffer, found.bytes.byteOffset, 8);
    const seconds = view.getBigUint64(0);
    await key.verify(utf8(`cosignature/v1\ntime ${seconds}\n${this.text}`), found.bytes.slice(8));
    return seconds;
  }
}

/** @param {string} line */
function signature(line) {
  const parts = /^— ([^ ]*) (.*)$/su.exec(line);
  const name = parts?.[1] ?? '';
  if (parts === null || !NAME.test(name)) throw malformed('note', 'a line of a signature is not `— name signature`');
  const bytes = fromBase64(parts[2] ?? '');
  if (bytes === null) throw malformed('note', 'a signature is not base64');
  if (bytes.length < 4) throw malformed('note', 'a signature is too short');
  return { name, id: bytes.slice(0, 4), bytes: bytes.slice(4) };
}

/**
 * @typedef {{ origin: string, size: bigint, root: Uint8Array, handover: { key: PublicKey, compromisedSince: bigint | null } | null }} Checkpoint
 */

/**
 * Reads the text of a checkpoint; its signatures are not checked.
 * @param {string} text
 * @returns {Promise<Checkpoint>}
 */
export async function parseCheckpoint(text) {
  const wrong = (/** @type {string} */ reason) => malformed('checkpoint', reason);
  const [origin = '', sizeText, rootText, ...extensions] = text.split('\n');
  if (origin === '') throw wrong('it names no log');
  const [size, root] = [number(sizeText), parseHash(rootText)];
  if (size === null) throw wrong('its second line is not a size');
  if (root === null) throw wrong('its third line is not a root');
  const introduced = extensions.filter((line) => line.startsWith('next-key '));
  if (introduced.length > 1) throw wrong('it introduces two keys');
  const [, keyText, sinceText, ...more] = (introduced[0] ?? '').split(' ');
  if (keyText === undefined) return { origin, size, root, handover: null };
  const compromisedSince = sinceText === undefined ? null : number(sinceText);
  if (more.length > 0 || (sinceText !== undefined && compromisedSince === null)) {
    throw wrong('its time of compromise is no number');
  }
  return { origin, size, root, handover: { key: await PublicKey.parse(keyText), compromisedSince } };
}

/**
 * Checks that a leaf stands at a place of the tree with this size and root (RFC 9162, 2.1.3.2).
 * @param {bigint} index
 * @param {bigint} size
 * @param {Uint8Array} leaf
 * @param {Uint8Array[]} proof
 * @param {Uint8Array} root
 */
export async function verifyInclusion(index, size, leaf, proof, root) {
  const wrong = new Refused('false-proof', 'the proof does not lead to the root of the checkpoint');
  if (index >= size) throw wrong;
  let [place, last, hash] = [index, size - 1n, leaf];
  for (const sibling of proof) {
    if (last === 0n) throw wrong;
    if (place % 2n === 1n || place === last) {
      hash = await nodeHash(sibling, hash);
      // A right edge without siblings goes up until it is a right child.
      while (place % 2n === 0n && place !== 0n) [place, last] = [place / 2n, last / 2n];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [place, last] = [place / 2n, last / 2n];
  }
  if (last !== 0n || !isSame(hash, root)) throw wrong;
}

/**
 * Reads a proof of one entry (C2SP tlog-proof); it is not checked yet.
 * @param {string} text
 */
export function parseProof(text) {
  const wrong = (/** @type {string} */ reason) => malformed('proof', reason);
  const end = text.indexOf('\n\n');
  if (end < 0) throw wrong('it has no empty line before its checkpoint');
  const [header, extra = '', index = '', ...hashes] = text.slice(0, end).split('\n');
  if (header !== 'c2sp.org/tlog-proof@v1') throw wrong('its first line is not `c2sp.org/tlog-proof@v1`');
  const bytes = extra.startsWith('extra ') ? fromBase64(extra.slice(6)) : null;
  let line = '';
  try {
    line = strictDecoder.decode(bytes ?? Uint8Array.of(0xff));
  } catch {
    throw wrong('its second line is not `extra` with an entry');
  }
  const entry = parseEntry(line);
  if (index !== `index ${entry.number}`) throw wrong("its third line is not `index` with the entry's number");
  const parsed = hashes.map(parseHash);
  if (parsed.length > HASH_COUNT_MAX || parsed.includes(null)) throw wrong('what follows `index` is not up to 64 hashes');
  const siblings = parsed.filter((hash) => hash !== null);
  return { entry, line, hashes: siblings, note: Note.parse(text.slice(end + 2)) };
}
