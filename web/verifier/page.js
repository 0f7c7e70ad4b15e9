// @ts-check
/** The page: takes key and files, verifies, and tells what was found. Only text is ever put into the page. */

import { Note, PublicKey, Refused, base64 } from './ledger.js';
import { lines } from './lines.js';
import { texts } from './texts.js';
import { ExportVerifier, WitnessPolicy, Wrong, parseHeld, verifyProof } from './verifier.js';

/** Bytes of a file that is read as a whole: a proof, checkpoints. */
const SMALL_FILE_BYTES_MAX = 64 * 1024 * 1024;
/** Lines between two signs of life. */
const PROGRESS_LINES = 2000;

/** @type {'en' | 'de'} */
let language = navigator.language.startsWith('de') ? 'de' : 'en';
/** @type {File | null} */
let dropped = null;
/** Tells the last result again when the language changes. */
let tell = () => {};
/** A later verification ends an earlier one. */
let turn = 0;

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * @param {string} name
 * @param {Record<string, string>} values
 */
function text(name, values = {}) {
  return (texts[language][name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? '');
}

/** @param {'en' | 'de'} chosen */
function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  document.title = text('title');
  for (const it of document.querySelectorAll('[data-text]')) it.textContent = text(it.getAttribute('data-text') ?? '');
  element('english', HTMLButtonElement).setAttribute('aria-pressed', String(chosen === 'en'));
  element('german', HTMLButtonElement).setAttribute('aria-pressed', String(chosen === 'de'));
  tell();
}

/** @param {bigint} millis */
function time(millis) {
  const date = new Date(Number(millis));
  return Number.isNaN(date.getTime()) ? `${millis} ms` : date.toISOString();
}

/**
 * @param {'good' | 'bad' | 'busy'} verdict
 * @param {string} sentence
 * @param {[string, string][]} facts
 */
function show(verdict, sentence, facts) {
  element('result', HTMLElement).hidden = false;
  const line = element('verdict', HTMLParagraphElement);
  line.className = `verdict ${verdict}`;
  line.textContent = sentence;
  const list = element('facts', HTMLDListElement);
  list.replaceChildren(
    ...facts.flatMap(([name, value]) => {
      const [term, description] = [document.createElement('dt'), document.createElement('dd')];
      [term.textContent, description.textContent] = [name, value];
      return [term, description];
    }),
  );
}

/** @param {() => void} again */
function conclude(again) {
  tell = again;
  again();
}

/** @param {unknown} error */
function showError(error) {
  if (error instanceof Wrong) {
    const { entry, atMillis, message } = error;
    return conclude(() => {
      const sentence =
        atMillis === null
          ? text('bad', { entry: String(entry) })
          : text('badAt', { entry: String(entry), at: time(atMillis) });
      show('bad', sentence, [[text('reason'), message]]);
    });
  }
  const name = error instanceof DOMException && error.name === 'NotSupportedError' ? 'noEd25519' : null;
  const reason = () => {
    if (name !== null) return text(name);
    if (error instanceof Missing) return text(error.message);
    if (error instanceof TypeError && error.message.includes('decode')) return text('notUtf8');
    return error instanceof Error ? error.message : String(error);
  };
  return conclude(() => show('bad', text('badFile'), [[text('reason'), reason()]]));
}

/** Something that the page needs is not given; the message is the name of its text. */
class Missing extends Error {}

/** @param {File} file */
async function smallText(file) {
  if (file.size > SMALL_FILE_BYTES_MAX) throw new Refused('malformed', `${file.name} is larger than 64 MiB`);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
}

async function inputs() {
  const keyText = element('key', HTMLInputElement).value.trim();
  if (keyText === '') throw new Missing('noKey');
  const file = dropped ?? element('file', HTMLInputElement).files?.[0];
  if (file === undefined || file === null) throw new Missing('noFile');
  const key = await PublicKey.parse(keyText);
  /** @type {Note[]} */
  const held = [];
  for (const it of element('held', HTMLInputElement).files ?? []) held.push(...parseHeld(await smallText(it)));
  const keys = [];
  for (const line of element('witnesses', HTMLTextAreaElement).value.split('\n')) {
    if (line.trim() !== '') keys.push(await PublicKey.parse(line.trim()));
  }
  const least = Number(element('least', HTMLInputElement).value);
  return { key, file, held, policy: keys.length === 0 ? null : new WitnessPolicy(keys, least) };
}

async function verify() {
  turn += 1;
  const mine = turn;
  const { key, file, held, policy } = await inputs();
  if ((await file.slice(0, 15).text()) === 'c2sp.org/tlog-p') {
    const proven = await verifyProof(await smallText(file), key, held);
    const witnessedAt = policy === null ? null : await policy.witnessedAt(proven.note);
    if (policy !== null && witnessedAt === null) {
      throw new Wrong('unwitnessed', proven.entry.number, proven.entry.atMillis, 'too few witnesses cosigned the checkpoint');
    }
    return conclude(() => showProven(proven, witnessedAt));
  }
  const verifier = await ExportVerifier.trusting(key, held, policy);
  let count = 0;
  for await (const line of lines(file.stream())) {
    if (mine !== turn) return;
    await verifier.line(line);
    count += 1;
    if (count % PROGRESS_LINES === 0) {
      show('busy', text('working', { count: String(count) }), []);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  const verified = await verifier.finish();
  conclude(() => showVerified(verified));
}

/** @param {Awaited<ReturnType<ExportVerifier['finish']>>} verified */
function showVerified(verified) {
  /** @type {[string, string][]} */
  const facts = [
    [text('entries'), String(verified.entries)],
    [text('bodies'), String(verified.bodies)],
    [text('erased'), String(verified.erased)],
    [text('checkpoints'), String(verified.checkpoints)],
    [text('heldFit'), String(verified.held)],
  ];
  if (verified.discounted > 0) facts.push([text('discounted'), String(verified.discounted)]);
  for (const [name, count] of verified.witnesses) facts.push([text('cosigned'), `${name}: ${count}`]);
  if (verified.witnessed !== null) facts.push(witnessedFact(verified.witnessed.size, verified.witnessed.seconds));
  if (verified.last !== null) facts.push([text('root'), base64(verified.last.root)]);
  show('good', text('good'), facts);
}

/**
 * @param {Awaited<ReturnType<typeof verifyProof>>} proven
 * @param {bigint | null} witnessedAt
 */
function showProven({ entry, checkpoint, note }, witnessedAt) {
  /** @type {[string, string][]} */
  const facts = [
    [text('entry'), `${entry.number} · ${entry.id}`],
    [text('at'), time(entry.atMillis)],
    [text('workspace'), entry.workspace],
    [text('actor'), entry.actor.join(' ')],
    [text('action'), entry.action],
    [text('target'), entry.target.join(' ')],
    [text('checkpoint'), text('ofEntries', { size: String(checkpoint.size) })],
    [text('root'), base64(checkpoint.root)],
  ];
  for (const { name } of note.signatures.filter((it) => it.name !== checkpoint.origin)) facts.push([text('cosigned'), name]);
  if (witnessedAt !== null) facts.push(witnessedFact(checkpoint.size, witnessedAt));
  show('good', text('goodProof'), facts);
}

/**
 * @param {bigint} size
 * @param {bigint} seconds
 * @returns {[string, string]}
 */
function witnessedFact(size, seconds) {
  return [text('witnessed'), text('witnessedUpTo', { size: String(size), at: time(seconds * 1000n) })];
}

function start() {
  const drop = element('drop', HTMLDivElement);
  element('english', HTMLButtonElement).addEventListener('click', () => speak('en'));
  element('german', HTMLButtonElement).addEventListener('click', () => speak('de'));
  element('file', HTMLInputElement).addEventListener('change', () => {
    dropped = null;
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  document.addEventListener('dragleave', () => drop.classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    dropped = event.dataTransfer?.files[0] ?? null;
    if (dropped !== null) verify().catch(showError);
  });
  element('form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    verify().catch(showError);
  });
  speak(language);
}

start();
