// @ts-check
/**
 * Verifies an export line by line, or the proof of one entry, exactly as `chancery audit verify` does.
 *
 * `Wrong` names the first wrong entry; its `kind` is the same word as in the shared cases of crates/ledger/cases.
 */

import {
  Frontier,
  Note,
  PublicKey,
  Refused,
  base64,
  commitmentOf,
  fromBase64,
  idMillis,
  isSame,
  leafHash,
  malformed,
  number,
  parseCheckpoint,
  parseEntry,
  parseHash,
  parseProof,
  utf8,
  verifyInclusion,
} from './ledger.js';

/** Bytes of a line. */
const LINE_BYTES_MAX = 1024 * 1024;
/** Keys of one log. */
const KEY_COUNT_MAX = 1000;

/** The first thing that is wrong with a ledger. */
export class Wrong extends Error {
  /**
   * @param {string} kind
   * @param {bigint} entry
   * @param {bigint | null} atMillis
   * @param {string} detail
   */
  constructor(kind, entry, atMillis, detail) {
    super(detail);
    this.kind = kind;
    this.entry = entry;
    this.atMillis = atMillis;
  }
}

/**
 * The keys of one log: one is trusted, the others count as far as checkpoints lead from one key to the next.
 */
class LogKeys {
  /** @param {PublicKey} key */
  constructor(key) {
    /** @type {{ key: PublicKey, since: bigint, until: bigint | null, compromisedSince: bigint | null }[]} */
    this.reigns = [{ key, since: 0n, until: null, compromisedSince: null }];
    this.origin = key.name;
    this.trusted = 0;
    this.current = 0;
  }

  /** @param {{ key: PublicKey, compromisedSince: bigint | null }[]} claimed */
  claim(claimed) {
    const wrong = (/** @type {string} */ reason) => malformed('list of keys', reason);
    const trusted = this.reigns[this.trusted]?.key.text;
    const place = claimed.findIndex(({ key }) => key.text === trusted);
    if (place < 0) throw wrong('the trusted key is not among them');
    if (claimed.some(({ key }) => key.name !== this.origin)) throw wrong('it names a key of another log');
    this.reigns = claimed.map(({ key, compromisedSince }) => ({ key, since: 0n, until: null, compromisedSince }));
    [this.trusted, this.current] = [place, 0];
  }

  /** @param {Note} note */
  async open(note) {
    const wrong = (/** @type {string} */ reason) => malformed('checkpoint', reason);
    const current = this.reigns[this.current];
    if (current === undefined) throw wrong('no key is known');
    await note.verify(current.key);
    const checkpoint = await parseCheckpoint(note.text);
    if (checkpoint.origin !== this.origin) throw otherLog(checkpoint.origin, this.origin);
    const handover = checkpoint.handover;
    if (handover === null) return checkpoint;
    if (handover.key.name !== checkpoint.origin || handover.key.text === current.key.text) {
      throw wrong('the next key is of another log, or the same');
    }
    await note.verify(handover.key);
    const next = this.reigns[this.current + 1];
    if (next === undefined) {
      if (this.current + 1 >= KEY_COUNT_MAX) throw wrong('the log has too many keys');
      this.reigns.push({ key: handover.key, since: checkpoint.size, until: null, compromisedSince: null });
    } else if (next.key.text !== handover.key.text) {
      throw wrong('it introduces another key than the list of keys says');
    } else if (current.compromisedSince !== handover.compromisedSince) {
      throw wrong('it tells another time of compromise than the list of keys');
    } else {
      next.since = checkpoint.size;
    }
    [current.until, current.compromisedSince] = [checkpoint.size, handover.compromisedSince];
    this.current += 1;
    return checkpoint;
  }

  /**
   * Judges a checkpoint that was kept elsewhere; gives whether it counts.
   * @param {Note} note
   * @param {bigint} size
   * @param {bigint | null} atMillis
   */
  async judge(note, size, atMillis) {
    let refused = new Refused('unsigned', `the checkpoint bears no signature of \`${this.origin}\``);
    let isDiscounted = false;
    for (const reign of this.reigns.slice(0, this.current + 1)) {
      try {
        await note.verify(reign.key);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.code !== 'unsigned') refused = error;
        continue;
      }
      const isLate = size < reign.since || (reign.until !== null && size > reign.until);
      const since = reign.compromisedSince;
      const isSuspect = since !== null && (atMillis === null || atMillis > since);
      if (!isLate && !isSuspect) return true;
      if (since !== null) isDiscounted = true;
      else refused = new Refused('key-replaced', `the key of \`${this.origin}\` that signed the checkpoint had been replaced before`);
    }
    if (isDiscounted) return false;
    throw refused;
  }

  finish() {
    if (this.current + 1 !== this.reigns.length || this.current < this.trusted) {
      throw malformed('list of keys', 'no checkpoint introduces the next of them');
    }
  }
}

/**
 * @param {string} found
 * @param {string} expected
 */
function otherLog(found, expected) {
  return new Refused('other-log', `the checkpoint is of the log \`${found}\`, not of \`${expected}\``);
}

/** Which witnesses are believed, and how many of them must have cosigned. */
export class WitnessPolicy {
  /**
   * @param {PublicKey[]} keys
   * @param {number} least
   */
  constructor(keys, least) {
    this.keys = keys.filter((key, at) => keys.findIndex((other) => other.text === key.text) === at);
    this.least = least;
    if (least < 1 || least > this.keys.length || !this.keys.every((key) => key.isWitness)) {
      throw malformed('witness policy', 'it asks for none, for more than there are keys, or names a key that is no witness’s');
    }
  }

  /**
   * When enough witnesses had cosigned, in seconds since 1970; null when too few did.
   * @param {Note} note
   */
  async witnessedAt(note) {
    /** @type {bigint[]} */
    const times = [];
    for (const key of this.keys) {
      try {
        const at = await note.verify(key);
        if (at !== null) times.push(at);
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'unsigned') throw error;
      }
    }
    times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return times[this.least - 1] ?? null;
  }
}

/** Reads an export and stops at the first thing that is wrong. */
export class ExportVerifier {
  /**
   * @param {PublicKey} log
   * @param {Note[]} held checkpoints that were kept elsewhere
   * @param {WitnessPolicy | null} policy
   */
  static async trusting(log, held, policy = null) {
    /** @type {{ checkpoint: import('./ledger.js').Checkpoint, note: Note }[]} */
    const opened = [];
    for (const note of held) {
      const checkpoint = await parseCheckpoint(note.text).catch((error) => {
        throw asWrong(error, 'checkpoint', 0n, null);
      });
      if (checkpoint.origin !== log.name) throw asWrong(otherLog(checkpoint.origin, log.name), 'checkpoint', 0n, null);
      opened.push({ checkpoint, note });
    }
    opened.sort((a, b) => (a.checkpoint.size < b.checkpoint.size ? 1 : a.checkpoint.size > b.checkpoint.size ? -1 : 0));
    return new ExportVerifier(new LogKeys(log), opened, policy);
  }

  /**
   * @param {LogKeys} keys
   * @param {{ checkpoint: import('./ledger.js').Checkpoint, note: Note }[]} held
   * @param {WitnessPolicy | null} policy
   */
  constructor(keys, held, policy) {
    this.keys = keys;
    this.held = held;
    this.policy = policy;
    /** @type {{ key: PublicKey, compromisedSince: bigint | null }[]} */
    this.claimed = [];
    this.hasHeader = false;
    this.hasBegun = false;
    this.tree = new Frontier();
    /** @type {bigint | null} */
    this.lastAt = null;
    /** @type {Uint8Array | null} */
    this.lastCommitment = null;
    /** @type {{ entry: bigint, atMillis: bigint | null } | null} */
    this.uncovered = null;
    this.isCovered = true;
    this.verified = {
      entries: 0n,
      bodies: 0,
      erased: 0,
      checkpoints: 0,
      held: 0,
      discounted: 0,
      /** @type {{ size: bigint, seconds: bigint } | null} */
      witnessed: null,
      /** @type {import('./ledger.js').Checkpoint | null} */
      last: null,
      /** @type {Map<string, number>} */
      witnesses: new Map(),
    };
  }

  /** @param {string} text */
  async line(text) {
    if (utf8(text).length > LINE_BYTES_MAX) throw this.unreadable('it is longer than 1 MiB');
    if (!this.hasHeader) {
      this.hasHeader = text === 'chancery-ledger/1';
      if (!this.hasHeader) throw this.unreadable('its first line is not `chancery-ledger/1`');
      return;
    }
    const space = text.indexOf(' ');
    const [word, rest] = space < 0 ? ['', ''] : [text.slice(0, space), text.slice(space + 1)];
    if (word === 'key' && !this.hasBegun) return this.key(rest);
    this.begin();
    if (word === 'entry') return this.entry(rest);
    if (word === 'lost') return this.lost(rest);
    if (word === 'body') return this.body(rest);
    if (word === 'checkpoint') return this.checkpoint(rest);
    throw this.unreadable('a line is neither entry, body nor checkpoint');
  }

  async finish() {
    if (!this.hasHeader) throw this.unreadable('it is empty');
    this.begin();
    this.endOfBody();
    await this.compareHeld();
    await this.refuseHeldBeyond();
    if (this.uncovered !== null) {
      throw new Wrong('uncovered', this.uncovered.entry, this.uncovered.atMillis, 'no checkpoint covers the entries from here on');
    }
    this.guarded('checkpoint', () => this.keys.finish());
    if (this.policy !== null && this.verified.witnessed === null) {
      throw new Wrong('unwitnessed', 0n, null, 'no checkpoint bears enough cosignatures of the witnesses that are asked for');
    }
    return this.verified;
  }

  /**
   * @param {string} kind
   * @param {string} detail
   */
  here(kind, detail) {
    return new Wrong(kind, this.tree.size, this.lastAt, detail);
  }

  /** @param {string} reason */
  unreadable(reason) {
    return this.here('line', malformed('export', reason).message);
  }

  /**
   * @template T
   * @param {string} kind
   * @param {() => T} read
   */
  guarded(kind, read) {
    try {
      return read();
    } catch (error) {
      throw asWrong(error, kind, this.tree.size, this.lastAt);
    }
  }

  /** @param {string} rest */
  async key(rest) {
    const space = rest.indexOf(' ');
    const sinceText = space < 0 ? null : rest.slice(space + 1);
    const compromisedSince = sinceText === null ? null : number(sinceText);
    if (sinceText !== null && compromisedSince === null) throw this.unreadable('a key has no time');
    const key = await PublicKey.parse(space < 0 ? rest : rest.slice(0, space)).catch((error) => {
      throw asWrong(error, 'line', this.tree.size, this.lastAt);
    });
    if (this.claimed.length >= KEY_COUNT_MAX) throw this.unreadable('it has more than 1000 keys');
    this.claimed.push({ key, compromisedSince });
  }

  begin() {
    this.hasBegun = true;
    if (this.claimed.length === 0) return;
    const claimed = this.claimed;
    this.claimed = [];
    this.guarded('checkpoint', () => this.keys.claim(claimed));
  }

  /** @param {string} rest */
  async entry(rest) {
    const space = rest.indexOf(' ');
    const leaf = space < 0 ? null : parseHash(rest.slice(0, space));
    if (leaf === null) throw this.unreadable('an entry has no hash');
    const text = rest.slice(space + 1);
    const entry = this.guarded('line', () => parseEntry(text));
    await this.next(entry.number);
    if (!isSame(await leafHash(text), leaf)) {
      const millis = idMillis(entry.id);
      const at = millis === null ? entry.atMillis : BigInt(millis);
      throw new Wrong('changed', entry.number, at, 'the entry was changed after it was written');
    }
    this.uncovered ??= { entry: entry.number, atMillis: entry.atMillis };
    await this.tree.append(leaf);
    this.verified.entries = this.tree.size;
    [this.lastAt, this.lastCommitment, this.isCovered] = [entry.atMillis, entry.commitment, false];
  }

  /** @param {string} rest */
  async lost(rest) {
    const first = rest.indexOf(' ');
    const second = rest.indexOf(' ', first + 1);
    if (first < 0 || second < 0) throw this.unreadable('a lost entry has no number and id');
    const [place, id] = [number(rest.slice(first + 1, second)), rest.slice(second + 1)];
    if (place === null) throw this.unreadable('a lost entry has no number');
    await this.next(place);
    const millis = idMillis(id);
    throw new Wrong('deleted', place, millis === null ? this.lastAt : BigInt(millis), 'the entry was deleted');
  }

  /** @param {bigint} found */
  async next(found) {
    this.endOfBody();
    await this.compareHeld();
    if (found !== this.tree.size) throw this.here('missing', `the entry is missing: number ${found} follows`);
  }

  /** @param {string} rest */
  async body(rest) {
    const commitment = this.lastCommitment;
    this.lastCommitment = null;
    const body = fromBase64(rest);
    if (body === null) throw this.unreadable('a body is not base64');
    if (commitment === null || !isSame(await commitmentOf(body), commitment)) {
      const entry = this.tree.size === 0n ? 0n : this.tree.size - 1n;
      throw new Wrong('body-changed', entry, this.lastAt, 'the entry’s body was changed after it was written');
    }
    this.verified.bodies += 1;
  }

  endOfBody() {
    if (this.lastCommitment !== null) this.verified.erased += 1;
    this.lastCommitment = null;
  }

  /** @param {string} rest */
  async checkpoint(rest) {
    this.endOfBody();
    const from = this.uncovered ?? { entry: this.tree.size, atMillis: this.lastAt };
    /** @type {Note} */
    let note;
    /** @type {import('./ledger.js').Checkpoint} */
    let checkpoint;
    try {
      note = Note.parseEncoded(rest);
      checkpoint = await this.keys.open(note);
    } catch (error) {
      throw asWrong(error, 'checkpoint', from.entry, from.atMillis);
    }
    if (checkpoint.size > this.tree.size) throw this.here('cut-off', cutOff(checkpoint.size));
    if (checkpoint.size < this.tree.size) throw this.unreadable('a checkpoint does not follow the last entry that it covers');
    const root = await this.tree.root();
    if (!isSame(checkpoint.root, root)) {
      if (this.isCovered && this.verified.last !== null) {
        throw this.here('forked', forked(checkpoint.size, this.verified.last.root, checkpoint.root));
      }
      throw this.otherRoot(checkpoint, root);
    }
    [this.uncovered, this.isCovered] = [null, true];
    await this.witnessed(note, checkpoint.size);
    this.verified.checkpoints += 1;
    this.verified.last = checkpoint;
  }

  async compareHeld() {
    for (;;) {
      const last = this.held[this.held.length - 1];
      if (last === undefined || last.checkpoint.size > this.tree.size) return;
      this.held.pop();
      const { checkpoint, note } = last;
      if (!(await this.judged(note, checkpoint.size, this.lastAt))) {
        this.verified.discounted += 1;
        continue;
      }
      const root = await this.tree.root();
      if (!isSame(checkpoint.root, root)) {
        if (this.isCovered) throw this.here('forked', forked(checkpoint.size, root, checkpoint.root));
        throw this.otherRoot(checkpoint, root);
      }
      await this.witnessed(note, checkpoint.size);
      this.verified.held += 1;
    }
  }

  async refuseHeldBeyond() {
    /** @type {bigint | null} */
    let promised = null;
    /** @type {import('./ledger.js').Checkpoint | null} */
    let before = null;
    for (const { checkpoint, note } of this.held.splice(0).reverse()) {
      if (!(await this.judged(note, checkpoint.size, null))) {
        this.verified.discounted += 1;
        continue;
      }
      if (before !== null && before.size === checkpoint.size && !isSame(before.root, checkpoint.root)) {
        throw this.here('forked', forked(checkpoint.size, before.root, checkpoint.root));
      }
      promised ??= checkpoint.size;
      before = checkpoint;
    }
    if (promised !== null) throw this.here('cut-off', cutOff(promised));
  }

  /**
   * @param {Note} note
   * @param {bigint} size
   * @param {bigint | null} at
   */
  async judged(note, size, at) {
    try {
      return await this.keys.judge(note, size, at);
    } catch (error) {
      throw asWrong(error, 'checkpoint', this.tree.size, this.lastAt);
    }
  }

  /**
   * @param {Note} note
   * @param {bigint} size
   */
  async witnessed(note, size) {
    for (const { name } of note.signatures.filter((it) => it.name !== this.keys.origin)) {
      this.verified.witnesses.set(name, (this.verified.witnesses.get(name) ?? 0) + 1);
    }
    if (this.policy === null) return;
    try {
      const seconds = await this.policy.witnessedAt(note);
      const before = this.verified.witnessed;
      if (seconds !== null && (before === null || size >= before.size)) this.verified.witnessed = { size, seconds };
    } catch (error) {
      throw asWrong(error, 'checkpoint', this.tree.size, this.lastAt);
    }
  }

  /**
   * @param {import('./ledger.js').Checkpoint} checkpoint
   * @param {Uint8Array} root
   */
  otherRoot(checkpoint, root) {
    const { entry, atMillis } = this.uncovered ?? { entry: this.tree.size, atMillis: this.lastAt };
    const last = checkpoint.size === 0n ? 0n : checkpoint.size - 1n;
    const detail = `an entry from here up to number ${last} was changed together with its hash: the checkpoint promises the root ${base64(checkpoint.root)}, the entries give ${base64(root)}`;
    return new Wrong('other-root', entry, atMillis, detail);
  }
}

/** @param {bigint} size */
function cutOff(size) {
  return `the ledger was cut off here: a checkpoint promises ${size} entries`;
}

/**
 * @param {bigint} size
 * @param {Uint8Array} first
 * @param {Uint8Array} second
 */
function forked(size, first, second) {
  return `the ledger was forked: two checkpoints of ${size} entries are signed, with the roots ${base64(first)} and ${base64(second)}`;
}

/**
 * @param {unknown} error
 * @param {string} kind
 * @param {bigint} entry
 * @param {bigint | null} atMillis
 */
function asWrong(error, kind, entry, atMillis) {
  return error instanceof Refused ? new Wrong(kind, entry, atMillis, error.message) : error;
}

/**
 * Verifies the proof of one entry. Checkpoints that introduce another key lead from the trusted key to that.
 * @param {string} text
 * @param {PublicKey} log
 * @param {Note[]} held
 */
export async function verifyProof(text, log, held = []) {
  const keys = new LogKeys(log);
  const changes = [];
  for (const note of held) {
    const checkpoint = await parseCheckpoint(note.text);
    if (checkpoint.handover !== null) changes.push({ size: checkpoint.size, note });
  }
  changes.sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0));
  for (const { note } of changes) await keys.open(note);
  const proof = parseProof(text);
  const checkpoint = await parseCheckpoint(proof.note.text);
  if (checkpoint.origin !== keys.origin) throw otherLog(checkpoint.origin, keys.origin);
  if (!(await keys.judge(proof.note, checkpoint.size, null))) {
    throw new Refused('key-replaced', `the key of \`${keys.origin}\` that signed the checkpoint had been replaced before`);
  }
  await verifyInclusion(proof.entry.number, checkpoint.size, await leafHash(proof.line), proof.hashes, checkpoint.root);
  return { entry: proof.entry, line: proof.line, checkpoint, note: proof.note };
}

/**
 * Reads checkpoints: lines as an export holds them, or one signed note as it is.
 * @param {string} text
 */
export function parseHeld(text) {
  if (!text.startsWith('checkpoint ')) return [Note.parse(text)];
  return text
    .split('\n')
    .filter((line, at, lines) => line !== '' || at + 1 < lines.length)
    .map((line) => Note.parseEncoded(line.startsWith('checkpoint ') ? line.slice('checkpoint '.length) : ''));
}
