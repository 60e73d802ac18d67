// SPDX-License-Identifier: Apache-2.0
// The capabilities that VS Code sends, as its own client library computes them. The library runs in
// VS Code only, so what it imports from there is a stub whose members all exist and do nothing.
import Module from 'node:module';

function stub(name) {
  const members = class {};
  return new Proxy(members, {
    get(target, key) {
      if (key === Symbol.toPrimitive || key === 'toString') return () => name;
      if (key === Symbol.iterator) return function* () {};
      if (!(key in target) || key === 'name') target[key] = stub(`${name}.${String(key)}`);
      return target[key];
    },
    apply: () => stub(`${name}()`),
    construct: () => ({ dispose() {}, fire() {}, event: () => ({ dispose() {} }) }),
  });
}

export function vscodeCapabilities(require) {
  const vscode = stub('vscode');
  vscode.version = '1.105.0';
  vscode.env.language = 'en';
  vscode.workspace.workspaceFolders = undefined;
  const load = Module._load;
  Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));
  try {
    const { LanguageClient } = require('vscode-languageclient/node');
    const options = { documentSelector: [{ language: 'markdown' }] };
    const client = new LanguageClient('chatvim', 'Chatvim', { command: 'chatvim' }, options);
    return client.computeClientCapabilities();
  } finally {
    Module._load = load;
  }
}
