// SPDX-License-Identifier: Apache-2.0
// `chatvim lsp` driven by the libraries that VS Code speaks the protocol with. Run by
// scripts/clients.sh, or with CHATVIM_CLIENTS (the folder with node_modules), CHATVIM_PROGRAM and
// CHATVIM_STANDIN set: `node --test tests/clients/vscode/`.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { Cancellation, Editor } from './client.mjs';
import { Standin } from './standin.mjs';

const EMPTY = '# === USER ===\n\n';
const ASSISTANT = '\n\n# === ASSISTANT ===\n\n';
const NEXT = '\n\n# === USER ===\n\n';

const here = path.join(import.meta.dirname, '../package.json');
const { dependencies: versions } = JSON.parse(fs.readFileSync(here));

let standin;
let editor;

before(async () => {
  standin = await Standin.start(process.env.CHATVIM_STANDIN);
});
after(() => standin.stop());

const config = () => `+++
model = "m1"
[providers.standin]
base_url = "http://127.0.0.1:${standin.port}/v1"
models = ["m1", "m2"]
+++
`;

beforeEach(async (context) => {
  const title = context.name.startsWith('an answer is streamed') &&
    `VS Code: vscode-languageclient ${versions['vscode-languageclient']}, ` +
    `vscode-jsonrpc ${versions['vscode-jsonrpc']}`;
  editor = await Editor.start(config(), { title });
});
// Whatever a case did, the server ends when it is told to, with the exit code of the protocol.
afterEach(async () => {
  assert.equal(await editor.stop(), 0);
});

const labels = (result) => result.items.map((item) => item.label);

test('initialize: positions are UTF-16, changes are incremental', () => {
  const { capabilities, serverInfo } = editor.initialized;
  assert.equal(serverInfo.name, 'chatvim');
  assert.equal(capabilities.positionEncoding, 'utf-16');
  assert.equal(capabilities.textDocumentSync.change, 2);
});

test('completion: keys, models and files', async () => {
  fs.writeFileSync(path.join(editor.folder, 'work/notes.txt'), 'a note\n');
  const uri = editor.open('a.md', `+++\nmodel = "m"\nte\n+++\n\n${EMPTY}![](no)\n`);
  const keys = await editor.ask('textDocument/completion', uri, '\nte');
  assert.ok(labels(keys).includes('temperature'));
  const models = await editor.ask('textDocument/completion', uri, 'model = "m');
  assert.ok(labels(models).some((label) => label.includes('m2')), labels(models).join().slice(0, 500));
  const files = await editor.ask('textDocument/completion', uri, '![](no');
  assert.deepEqual(labels(files), ['notes.txt']);
});

test('positions count UTF-16 units, in questions and in changes', async () => {
  fs.mkdirSync(path.join(editor.folder, 'work/😀'));
  fs.writeFileSync(path.join(editor.folder, 'work/😀/é.txt'), 'x\n');
  const uri = editor.open('a.md', `${EMPTY}😀 ![](😀/)\n\n![](😀/)\n`);
  editor.type(uri, '😀 ![', 'y 😀 ![');
  editor.type(uri, '\n\n![](😀/)', '\n\n![](😀/é)');
  const items = await editor.ask('textDocument/completion', uri, '\n\n![](😀/é');
  assert.deepEqual(labels(items), ['é.txt']);
  const { range, newText } = items.items[0].textEdit;
  const document = editor.documents.get(uri);
  const start = document.offsetAt(range.start);
  const end = document.offsetAt(range.end);
  const applied = document.getText().slice(0, start) + newText + document.getText().slice(end);
  assert.equal(applied, `${EMPTY}y 😀 ![](😀/)\n\n![](😀/é.txt)\n`);
});

test('hover, symbols, folding, semantic tokens and inlay hints', async () => {
  const text = `+++\nmodel = "m1"\ntemperature = 1\n+++\n\n${EMPTY}Why?${ASSISTANT}So.${NEXT}`;
  const uri = editor.open('a.md', text);
  const textDocument = { uri };
  const hover = await editor.ask('textDocument/hover', uri, 'temper');
  assert.match(hover.contents.value, /temperature/);
  const symbols = await editor.request('textDocument/documentSymbol', { textDocument });
  const names = symbols.flatMap((one) => [one, ...(one.children ?? [])]).map((one) => one.name);
  assert.ok(names.some((name) => name.includes('Why?')), names.join());
  assert.ok(names.some((name) => name.includes('So.')), names.join());
  const folds = await editor.request('textDocument/foldingRange', { textDocument });
  assert.ok(folds.length >= 3);
  const tokens = await editor.request('textDocument/semanticTokens/full', { textDocument });
  assert.equal(tokens.data.length, 3 * 5);
  assert.deepEqual(tokens.data.slice(0, 3), [5, 0, '# === USER ==='.length]);
  const range = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } };
  const hints = await editor.request('textDocument/inlayHint', { textDocument, range });
  assert.ok(hints.length > 0);
});

test('diagnostics follow typing, and a code action repairs what they report', async () => {
  const uri = editor.open('a.md', `+++\nmodel = "m1"\n+++\n\n${EMPTY}Why?\n`);
  editor.type(uri, 'model = "m1"', 'model = "m1"\ntemprature = 1');
  const { version, diagnostics } = await editor.until('a diagnostic', () => {
    const found = editor.diagnostics.get(uri);
    return found?.diagnostics.length > 0 && found;
  });
  assert.equal(version, 2);
  const [diagnostic] = diagnostics;
  assert.equal(diagnostic.range.start.line, 2);
  const actions = await editor.request('textDocument/codeAction', {
    textDocument: { uri },
    range: diagnostic.range,
    context: { diagnostics, triggerKind: 1 },
  });
  const fix = actions.find((action) => action.title.includes('temperature'));
  const [{ range, newText }] = fix.edit.changes[uri];
  const wrong = editor.documents.get(uri).getText(range);
  assert.equal(wrong, 'temprature');
  editor.type(uri, wrong, newText);
  await editor.until('the diagnostic to go', () => !editor.diagnostics.get(uri).diagnostics.length);
});

test('a README gets nothing', async () => {
  const uri = editor.open('README.md', '# Title\n\n![](nope)\n');
  assert.deepEqual(await editor.request('textDocument/documentSymbol', { textDocument: { uri } }), []);
  assert.equal(editor.diagnostics.size, 0);
});

test('an answer is streamed while the user types above and below it', async () => {
  await standin.script([{ steps: [
    { deltas: { text: 'one {n} 😀 ', count: 30, per_second: 60, role: true } }, { wait: 'go' },
    { deltas: { text: 'two {n}\n', count: 30, per_second: 60 } }, { finish: 'stop' }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?`);
  const started = performance.now();
  await editor.command('chatvim.complete', uri);
  await standin.wait('waiting=go');
  editor.type(uri, 'Why?', 'Why,\noh why?');
  // Between the server's edit and its arrival the user types: the edit is out of date and refused.
  let typed = 0;
  editor.beforeEdit = () => {
    if (typed++ < 3) editor.type(uri, 'oh ', 'oh so ');
  };
  await standin.release('go');
  await editor.until('the end', () => editor.progress.at(-1)?.kind === 'end');
  const one = Array.from({ length: 30 }, (_, i) => `one ${i + 1} 😀 `).join('');
  const two = Array.from({ length: 30 }, (_, i) => `two ${i + 1}\n`).join('');
  const question = 'Why,\noh so so so why?';
  assert.equal(editor.text(uri), `${EMPTY}${question}${ASSISTANT}${one}${two.trimEnd()}${NEXT}`);
  const refused = editor.edits.filter((edit) => !edit.applied);
  assert.equal(refused.length, 3);
  assert.deepEqual(editor.messages, []);
  report('streamed', started);
});

/** Prints when an answer's edits came. */
function report(what, started) {
  const { edits } = editor;
  const seconds = (edits.at(-1).at - edits[0].at) / 1000;
  console.log(`# ${what}: first edit after ${(edits[0].at - started).toFixed(0)} ms, ` +
    `${edits.length} edits in ${seconds.toFixed(2)} s`);
}

test('a fast answer is joined: no more than a few edits a second', async () => {
  await standin.script([{ steps: [
    { deltas: { text: 'word {n} ', count: 1000, per_second: 1000 } }, { finish: 'stop' }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?\n`);
  const started = performance.now();
  await editor.command('chatvim.complete', uri);
  await editor.until('the end', () => editor.progress.at(-1)?.kind === 'end');
  const answer = Array.from({ length: 1000 }, (_, i) => `word ${i + 1} `).join('');
  assert.ok(editor.text(uri) === `${EMPTY}Why?\n${ASSISTANT.slice(1)}${answer}${NEXT}`);
  const seconds = (editor.edits.at(-1).at - editor.edits[0].at) / 1000;
  assert.ok(editor.edits.length <= 3 + seconds * 5, `${editor.edits.length} edits`);
  report('fast', started);
});

test('chatvim.stop keeps what has arrived', async () => {
  await standin.script([{ steps: [{ deltas: { text: 'half ', count: 1 } }, { hang: true }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?`);
  await editor.command('chatvim.complete', uri);
  await editor.until('the start', () => editor.text(uri).includes('half'));
  await editor.command('chatvim.stop', uri);
  await editor.until('the end', () => editor.progress.at(-1)?.kind === 'end');
  await standin.wait('closed=1');
  assert.ok(editor.text(uri).startsWith(`${EMPTY}Why?${ASSISTANT}half`), editor.text(uri));
});

test('closing the progress stops the answer', async () => {
  await standin.script([{ steps: [{ deltas: { text: 'half ', count: 1 } }, { hang: true }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?`);
  await editor.command('chatvim.complete', uri);
  await editor.until('the start', () => editor.text(uri).includes('half'));
  await editor.connection.sendNotification('window/workDoneProgress/cancel', { token: editor.token });
  await editor.until('the end', () => editor.progress.at(-1)?.kind === 'end');
});

test('a failure is a message, and the chat stays as it was', async () => {
  await standin.script([{ status: 401, json: { error: { message: 'no such key' } } }]);
  const uri = editor.open('a.md', `${EMPTY}Why?`);
  await editor.command('chatvim.complete', uri);
  await editor.until('a message', () => editor.messages.some((one) => one.includes('no such key')));
  assert.equal(editor.text(uri), `${EMPTY}Why?`);
});

test('a file from elsewhere is asked about before it is sent', async () => {
  const secret = path.join(editor.folder, 'elsewhere.txt');
  fs.writeFileSync(secret, 'the contents\n');
  await standin.script([{ steps: [{ deltas: { text: 'Yes.', count: 1 } }, { finish: 'stop' }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?\n\n![](${secret})\n`);
  const asked = [];
  editor.choose = ({ actions }) => {
    asked.push(...actions.map((action) => action.title));
    return 'Send it this time';
  };
  await editor.command('chatvim.complete', uri);
  await editor.until('the end', () => editor.progress.at(-1)?.kind === 'end');
  assert.ok(asked.includes('Cancel'));
  const { requests } = await standin.wait('ended=1');
  assert.ok(requests.at(-1).body.includes('the contents'));
  assert.ok(editor.text(uri).includes('Yes.'));
});

test('a request that is cancelled while it waits gets an error, others are answered', async () => {
  const uri = editor.open('a.md', EMPTY + 'line\n'.repeat(50000));
  const textDocument = { uri };
  const first = editor.request('textDocument/foldingRange', { textDocument });
  const source = new Cancellation();
  const second = editor.request('textDocument/documentSymbol', { textDocument }, source.token);
  source.cancel();
  await assert.rejects(second, { code: -32800 });
  assert.ok(Array.isArray(await first));
});

test('shutdown in the middle of an answer leaves no process', async () => {
  await standin.script([{ steps: [{ deltas: { text: 'half ', count: 1 } }, { hang: true }] }]);
  const uri = editor.open('a.md', `${EMPTY}Why?`);
  await editor.command('chatvim.complete', uri);
  await editor.until('the start', () => editor.text(uri).includes('half'));
});
