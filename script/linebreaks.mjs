// Measures in Chromium, over its debugging pipe, where lines break, and prints the lines of each case as JSON.
// Usage: node script/linebreaks.mjs <program of Chromium> <file for the page>
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [program, pageFile] = process.argv.slice(2);
const cases = JSON.parse(readFileSync('tests/linebreaks/cases.json', 'utf8'));

// Runs in the page: the lines of each paragraph, told apart by where their characters stand.
async function measure() {
  await document.fonts.ready;
  const missing = [...document.fonts].filter((font) => font.status !== 'loaded').map((font) => font.family);
  if (missing.length > 0) throw new Error(`fonts that were not loaded: ${missing}`);
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
  const measured = {};
  for (const paragraph of document.querySelectorAll('p')) {
    const node = paragraph.firstChild;
    const lines = [];
    let top = null;
    for (const { segment, index } of segments.segment(node.data)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + segment.length);
      const box = range.getBoundingClientRect();
      if (segment !== ' ' && (top === null || Math.abs(box.top - top) > 8)) {
        lines.push('');
        top = box.top;
      }
      lines[lines.length - 1] += segment;
    }
    const record = (measured[paragraph.dataset.name] ??= {});
    record[paragraph.dataset.width] = lines.map((line) => line.trimEnd());
  }
  return measured;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function page() {
  const stems = [...new Set(cases.flatMap((entry) => entry.fonts))];
  const faces = stems.map(
    (stem) => `@font-face { font-family: "${stem}"; src: url("file://${process.env.CHANCERY_FONTS}/${stem}.ttf"); }`,
  );
  const paragraphs = cases.flatMap(({ name, language, fonts, widths, text }) => {
    const families = fonts.map((stem) => `'${stem}'`).join(', ');
    const direction = ['ar', 'he'].includes(language) ? 'rtl' : 'ltr';
    return widths.map(
      (width) =>
        `<p lang="${language}" dir="${direction}" data-name="${name}" data-width="${width}" ` +
        `style="width: ${width}px; font-family: ${families}">${escaped(text)}</p>`,
    );
  });
  // Words that do not fit are broken anywhere, as the engine does.
  const style =
    'p { font-size: 16px; line-height: 40px; margin: 0 0 40px; overflow-wrap: break-word; text-rendering: geometricPrecision; }';
  return `<!doctype html><meta charset="utf-8"><style>${faces.join('\n')}\n${style}</style>${paragraphs.join('\n')}`;
}

writeFileSync(pageFile, page());
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-zygote', '--single-process', '--disable-dev-shm-usage'];
const browser = spawn(
  program,
  [...flags, '--allow-file-access-from-files', '--font-render-hinting=none', '--remote-debugging-pipe', 'about:blank'],
  { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
);
const [, , , input, output] = browser.stdio;
const waiting = new Map();
let buffered = '';
output.setEncoding('utf8');
output.on('data', (data) => {
  const messages = (buffered + data).split('\0');
  buffered = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    const key = message.id ?? message.method;
    waiting.get(key)?.(message);
    waiting.delete(key);
  }
});

let count = 0;
function ask(method, params = {}, sessionId = undefined) {
  count += 1;
  const id = count;
  input.write(JSON.stringify({ id, method, params, sessionId }) + '\0');
  return new Promise((resolve, reject) => {
    waiting.set(id, (message) => (message.error ? reject(new Error(message.error.message)) : resolve(message.result)));
  });
}

const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
await ask('Page.enable', {}, sessionId);
const loaded = new Promise((resolve) => waiting.set('Page.loadEventFired', resolve));
await ask('Page.navigate', { url: `file://${pageFile}` }, sessionId);
await loaded;
const { result, exceptionDetails } = await ask(
  'Runtime.evaluate',
  { expression: `(${measure})()`, awaitPromise: true, returnByValue: true },
  sessionId,
);
if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
console.log(JSON.stringify(result.value, null, 1));
browser.kill();
