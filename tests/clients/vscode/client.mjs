// SPDX-License-Identifier: Apache-2.0
// An editor made of VS Code's protocol libraries: it starts the real server and keeps the documents
// as VS Code does, which refuses an edit of a version that it no longer has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { vscodeCapabilities } from './capabilities.mjs';

const require = createRequire(path.join(process.env.CHATVIM_CLIENTS, 'package.json'));
const lsp = require('vscode-languageserver-protocol/node');
const { TextDocument } = require('vscode-languageserver-textdocument');

export const Cancellation = lsp.CancellationTokenSource;

export class Editor {
  documents = new Map();
  diagnostics = new Map();
  /** Edits of the server in order: { applied, at, text }, with times in milliseconds. */
  edits = [];
  messages = [];
  progress = [];
  /** Called before an edit is looked at; what the user types meanwhile. */
  beforeEdit = () => {};
  /** Answers window/showMessageRequest: returns the title that the user chooses. */
  choose = () => null;
  #waiting = new Set();

  /** Starts the server in a new folder, with a config.md whose text is given. */
  static async start(config, { title } = {}) {
    const self = new Editor();
    self.folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'chatvim-client-')));
    fs.mkdirSync(path.join(self.folder, '.config/chatvim'), { recursive: true });
    fs.mkdirSync(path.join(self.folder, 'work'));
    fs.writeFileSync(path.join(self.folder, '.config/chatvim/config.md'), config);
    const record = process.env.CHATVIM_RECORD;
    const program = [process.env.CHATVIM_PROGRAM, 'lsp'];
    if (record && title) {
      const recorder = path.join(import.meta.dirname, '../record.lua');
      program.unshift(process.env.CHATVIM_NVIM, '--clean', '-n', '-i', 'NONE', '-l', recorder,
        path.join(record, 'vscode.md'), title);
    }
    self.server = spawn(program[0], program.slice(1), {
      cwd: path.join(self.folder, 'work'),
      env: { PATH: process.env.PATH, HOME: self.folder, CHATVIM_CLIENT_FOLDER: self.folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    self.exited = once(self.server, 'exit');
    self.#listen();
    self.initialized = await self.connection.sendRequest('initialize', {
      processId: process.pid,
      clientInfo: { name: 'Visual Studio Code', version: '1.105.0' },
      rootUri: self.uri('work'),
      workspaceFolders: [{ uri: self.uri('work'), name: 'work' }],
      capabilities: vscodeCapabilities(require),
    });
    self.connection.sendNotification('initialized', {});
    return self;
  }

  #listen() {
    this.connection = lsp.createProtocolConnection(
      new lsp.StreamMessageReader(this.server.stdout),
      new lsp.StreamMessageWriter(this.server.stdin),
    );
    const on = (type, keep) =>
      this.connection.onNotification(type, (params) => {
        keep(params);
        this.#changed();
      });
    on('textDocument/publishDiagnostics', (params) => this.diagnostics.set(params.uri, params));
    on('window/showMessage', (params) => this.messages.push(params.message));
    this.connection.onUnhandledProgress((params) => {
      this.progress.push(params.value);
      this.#changed();
    });
    this.connection.onRequest('window/workDoneProgress/create', ({ token }) => {
      this.token = token;
      return null;
    });
    this.connection.onRequest('window/showMessageRequest', (params) => {
      this.messages.push(params.message);
      const title = this.choose(params);
      return title ? { title } : null;
    });
    this.connection.onRequest('workspace/applyEdit', (params) => this.#apply(params.edit));
    this.connection.listen();
  }

  uri(name) {
    return pathToFileURL(path.join(this.folder, name)).href;
  }

  open(name, text) {
    const uri = this.uri(path.join('work', name));
    this.documents.set(uri, TextDocument.create(uri, 'markdown', 1, text));
    const textDocument = { uri, languageId: 'markdown', version: 1, text };
    this.connection.sendNotification('textDocument/didOpen', { textDocument });
    return uri;
  }

  text(uri) {
    return this.documents.get(uri).getText();
  }

  /** Replaces the first occurrence of a text, as the user's typing would. */
  type(uri, before, after) {
    const document = this.documents.get(uri);
    const start = document.getText().indexOf(before);
    if (start < 0) throw new Error(`${JSON.stringify(before)} is not in the document`);
    const range = {
      start: document.positionAt(start),
      end: document.positionAt(start + before.length),
    };
    this.#change(uri, [{ range, text: after }]);
  }

  #change(uri, contentChanges) {
    const version = this.documents.get(uri).version + 1;
    TextDocument.update(this.documents.get(uri), contentChanges, version);
    const textDocument = { uri, version };
    this.connection.sendNotification('textDocument/didChange', { textDocument, contentChanges });
    this.#changed();
  }

  /** What VS Code's client does: nothing of an edit is applied if one version does not fit. */
  #apply(edit) {
    const changes = edit.documentChanges.filter((change) => change.edits);
    this.beforeEdit(this);
    const applied = changes.every(({ textDocument }) => {
      const document = this.documents.get(textDocument.uri);
      return !document || textDocument.version === null || document.version === textDocument.version;
    });
    const text = changes.flatMap((change) => change.edits.map((one) => one.newText)).join('');
    this.edits.push({ applied, at: performance.now(), text });
    if (applied) {
      for (const { textDocument, edits } of changes) {
        const content = edits.map(({ range, newText }) => ({ range, text: newText }));
        if (this.documents.has(textDocument.uri)) this.#change(textDocument.uri, content);
      }
    }
    this.#changed();
    return { applied };
  }

  request(method, ...params) {
    return this.connection.sendRequest(method, ...params);
  }

  /** Asks about a place, given as the text before it. */
  ask(method, uri, before, more = {}) {
    const document = this.documents.get(uri);
    const offset = document.getText().indexOf(before) + before.length;
    const position = document.positionAt(offset);
    return this.request(method, { textDocument: { uri }, position, ...more });
  }

  command(command, ...args) {
    return this.request('workspace/executeCommand', { command, arguments: args });
  }

  #changed() {
    for (const check of this.#waiting) check();
  }

  /** Waits until a condition holds; it is looked at whenever the server has said something. */
  until(what, condition) {
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited in vain for ${what}`));
      }, 10000);
      const check = () => {
        const result = condition();
        if (!result) return;
        clearTimeout(limit);
        this.#waiting.delete(check);
        resolve(result);
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Ends the session as the protocol wants; returns the server's exit code. */
  async stop() {
    await this.request('shutdown');
    await this.connection.sendNotification('exit');
    const [code] = await this.exited;
    this.connection.dispose();
    fs.rmSync(this.folder, { recursive: true });
    return code;
  }
}
