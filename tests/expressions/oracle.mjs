// Evaluates expressions in Node.js: the oracle that the engine's expressions are compared with.
// Reads a line with the data sets, as a list of JSON texts, then one line `[data set, source]` for each expression.
// Writes one line `[true, value]` or `[false, message]` for each.

import { readFileSync } from 'node:fs';

// What the engine leaves out, or does without changing anything; see `differences.rs`.
for (const name of ['push', 'pop', 'shift', 'unshift', 'splice', 'fill', 'copyWithin', 'forEach']) delete Array.prototype[name];
Array.prototype.reverse = Array.prototype.toReversed;
Array.prototype.sort = Array.prototype.toSorted;
const assign = Object.assign;
Object.assign = (target, ...sources) => assign({ ...target }, ...sources);
Function.prototype.toString = () => '[function]';

const characters = (text) => text.toWellFormed();

function written(value) {
  switch (typeof value) {
    case 'undefined': return 'undefined';
    case 'boolean': return String(value);
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'string': return JSON.stringify(characters(value));
    case 'function': return 'function';
    default: break;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${Array.from(value, written).join(',')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(characters(key))}:${written(item)}`);
  return `{${entries.join(',')}}`;
}

const [first, ...lines] = readFileSync(0, 'utf8').split('\n');
const sets = JSON.parse(first);
const answers = lines.filter((line) => line !== '').map((line) => {
  const [set, source] = JSON.parse(line);
  try {
    const evaluate = new Function('data', `"use strict"; return (${source}\n);`);
    return [true, written(evaluate(JSON.parse(sets[set])))];
  } catch (error) {
    return [false, `${error.name}: ${error.message}`];
  }
});
process.stdout.write(answers.map((answer) => JSON.stringify(answer)).join('\n') + '\n');
