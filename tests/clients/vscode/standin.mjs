// SPDX-License-Identifier: Apache-2.0
// The scripted server (tests/standin/README.md) and its control port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export class Standin {
  static async start(program) {
    const self = new Standin();
    self.process = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    let output = '';
    for await (const data of self.process.stdout) {
      output += data;
      const ports = output.match(/listening on \S+:(\d+)\ncontrol on \S+:(\d+)\n/);
      if (!ports) continue;
      [self.port, self.control] = [Number(ports[1]), Number(ports[2])];
      return self;
    }
    throw new Error('the stand-in server did not start');
  }

  async stop() {
    const ended = once(this.process, 'exit');
    this.process.stdin.end();
    await ended;
  }

  script(replies) {
    return this.#call('script', replies);
  }

  release(name) {
    return this.#call('release', { name });
  }

  /** Waits until a condition such as "waiting=go" holds, and returns the records. */
  async wait(condition) {
    const answer = await fetch(`http://127.0.0.1:${this.control}/_standin/requests?${condition}`);
    const records = await answer.json();
    if (!records.met) throw new Error(`waited in vain for the stand-in's ${condition}`);
    return records;
  }

  async #call(what, value) {
    const options = { method: 'POST', body: JSON.stringify(value) };
    const answer = await fetch(`http://127.0.0.1:${this.control}/_standin/${what}`, options);
    if (!answer.ok) throw new Error(`${what}: ${await answer.text()}`);
  }
}
