// SPDX-License-Identifier: Apache-2.0
// A server made with the current library: `node server.mjs modern|dual stdio|http MODULES`. Over
// HTTP it prints its port. MODULES is the folder with the library, which is not beside this file.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [kind, transport, modules] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/@modelcontextprotocol/server/dist/${file}`).href);
const { McpServer, createMcpHandler, fromJsonSchema } = await load("index.mjs");
const { serveStdio } = await load("stdio.mjs");
const legacy = kind === "modern" ? "reject" : transport === "http" ? "stateless" : "serve";

function make() {
  const server = new McpServer({ name: "test", version: "1.0.0" });
  const text = { type: "string", "x-mcp-header": "Text" };
  const schema = { type: "object", properties: { text }, required: ["text"] };
  server.registerTool("echo", { description: "Echoes", inputSchema: fromJsonSchema(schema) }, async ({ text }) => ({
    content: [{ type: "text", text: `Echo: ${text}` }],
  }));
  return server;
}

if (transport === "http") {
  const handler = createMcpHandler(make, { legacy });
  const http = createServer(async (request, response) => {
    const body = request.method === "POST" ? await new Response(request).text() : undefined;
    const url = `http://${request.headers.host}${request.url}`;
    const answer = await handler.fetch(new Request(url, { method: request.method, headers: request.headers, body }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  http.listen(0, "127.0.0.1", () => console.log(http.address().port));
} else {
  serveStdio(make, { legacy });
}
