-- SPDX-License-Identifier: Apache-2.0
-- No hidden state (B21): the request depends only on the file, and :ChatvimRequest shows it.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local DOCUMENT = [[
+++
model = "standin/m2"
temperature = 0.25
stop = ["END", "é"]
[body]
response_format = { deep = [1, 2.5, true] }
+++
# === SYSTEM ===

Be brief. "Quoted" \ and	tabs, ünïcödé.

# === USER ===

Q

# === ASSISTANT ===

A

# === USER ===

]]

--- Returns JSON without the white space between tokens.
local function compact(json)
  local parts, at = {}, 1
  while at <= #json do
    local first, last = json:find('^"[^"\\]*"', at)
    if not first and json:sub(at, at) == '"' then
      last = at
      repeat
        last = last + (json:sub(last, last) == "\\" and 2 or 1)
      until json:sub(last, last) == '"'
    end
    last = last or at
    local token = json:sub(at, last)
    table.insert(parts, token:find("^%s$") and "" or token)
    at = last + 1
  end
  return table.concat(parts)
end

local function dry_run(child)
  child:command("ChatvimRequest")
  require("helpers.wait").until_true("the dry run's window", function()
    return child:lua("return vim.bo.filetype") == "json"
  end)
  return child:text()
end

T["a fresh Neovim builds the same request, byte for byte"] = function()
  case.standin:script({ replies.answer("first"), replies.answer("second"), replies.answer("3rd") })
  local first = case.child()
  first:chat(DOCUMENT .. "One\n")
  first:complete()
  first:feed("GiTwo<Esc>")
  first:complete()
  first:command("silent undo | silent write")
  local body = case.standin:requests()[2].body
  eq(#vim.json.decode(body).messages, 6)

  local second = case.child({ folder = first.folder, files = { "chat.md" } })
  local shown = dry_run(second)
  second:command("close")
  second:complete()
  eq(case.standin:requests()[3].body, body)
  eq(compact(shown):match('"body":(.*)}$'), body)
end

T["the dry run shows address and headers, hides the key, sends and changes nothing"] = function()
  local child = case.child({
    config = case.config():gsub("models =", 'api_key_env = "TEST_KEY"\nmodels ='),
    env = { TEST_KEY = "sentinel-4711" },
  })
  child:chat(DOCUMENT .. "One\n")
  local before = child:text()
  local shown = dry_run(child)
  local request = vim.json.decode(shown)
  eq(request.method, "POST")
  eq(request.url, ("http://127.0.0.1:%d/v1/chat/completions"):format(case.standin.port))
  eq(request.headers.Authorization, "Bearer ***")
  eq(shown:find("sentinel", 1, true), nil)
  eq(child:lua("return vim.bo.buftype"), "nofile")
  child:command("close")
  eq(child:text(), before)
  eq(#case.standin:requests(), 0)
  -- The real request has the key.
  case.standin:script({ replies.answer("A") })
  child:complete()
  local headers = case.standin:requests()[1]
  eq(require("helpers.standin").header(headers, "authorization"), "Bearer sentinel-4711")
end

T["a dry run that arrives in the command-line window is shown after that closes"] = function()
  local child = case.child()
  child:chat("Q\n")
  child:lua([[
    vim.cmd("ChatvimRequest")
    vim.api.nvim_feedkeys("q:", "n", false)
  ]])
  require("helpers.wait").until_true("the command-line window", function()
    return child:lua("return vim.fn.getcmdwintype()") == ":"
  end)
  child:sync()
  child:feed("<C-c><C-c>")
  require("helpers.wait").until_true("the dry run's window", function()
    return child:lua("return vim.bo.filetype") == "json"
  end)
  eq(child:messages():find("E%d+:"), nil)
end

T["the editor's settings are weaker than the document's and stronger than config.md's"] = function()
  local child = case.child({
    config = case.config("temperature = 0.1\nseed = 1\ntop_p = 0.1"),
    options = { settings = { temperature = 0.2, seed = 2 } },
  })
  case.standin:script({ replies.answer("A") })
  child:chat("+++\ntemperature = 0.3\n+++\nQ\n")
  child:complete()
  local json = case.standin:requests()[1].json
  eq({ json.temperature, json.seed, json.top_p }, { 0.3, 2, 0.1 })
end

T["setup() is optional and overrides vim.g.chatvim"] = function()
  local child = case.child({ options = { settings = { seed = 1 } } })
  child:lua("require('chatvim').setup({ settings = { seed = 5 } })")
  case.standin:script({ replies.answer("A") })
  child:chat("Q\n")
  child:complete()
  eq(case.standin:requests()[1].json.seed, 5)
end

T["messages of config.md come first in every chat"] = function()
  local child = case.child({ config = case.config() .. "# === SYSTEM ===\n\nBe brief.\n" })
  case.standin:script({ replies.answer("A") })
  child:chat("Q\n")
  child:complete()
  eq(case.standin:requests()[1].json.messages, {
    { role = "system", content = "Be brief." },
    { role = "user", content = "Q" },
  })
  eq(files.read(child.folder .. "/chat.md"), "Q\n")
end

T["an embedded file is shown readably, and a key shows the exact JSON"] = function()
  local child = case.child()
  files.write(child.folder .. "/code.lua", 'local a = 1\nprint("a")\n')
  child:chat("Look:\n\n![](code.lua)")
  child:command("ChatvimRequest")
  child:wait_text('print("a")')
  local lines = child:lines()
  eq(vim.tbl_contains(lines, "local a = 1"), true)
  eq(child:lua("return vim.bo.filetype"), "")
  child:feed("x")
  eq(child:lua("return vim.bo.filetype"), "json")
  local messages = vim.json.decode(child:text()).body.messages
  case.expect_part(messages[1].content, 'local a = 1\nprint("a")\n')
  child:feed("x")
  eq(child:lines(), lines)
end

T["right after an answer, the request ends with the last question"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.answer("A") })
  child:complete()
  local shown = vim.json.decode(dry_run(child))
  eq(shown.body.messages, { { role = "user", content = "Q" } })
end

T["a file with mixed line ends gives the same request as on the command line"] = function()
  local child = case.child()
  -- With a single bare LF among CRLF, Neovim keeps the CR of all other lines.
  local text = "---\nmodel: m1\n---\n# === USER ===\n\nHi\n\n# === ASSISTANT ===\n\nHo\r\n"
    .. "\n# === USER ===\n\nMore\n"
  text = text:gsub("\r?\n", "\r\n"):gsub("Ho\r\n", "Ho\n")
  files.write(child.folder .. "/mixed.md", text)
  child:command("edit mixed.md")
  case.expect_part(child:text(), "# === USER ===\r")
  local shown = vim.json.decode(dry_run(child))
  eq(shown.body.messages, {
    { role = "user", content = "Hi" },
    { role = "assistant", content = "Ho" },
    { role = "user", content = "More" },
  })
  eq(shown.body.model, "m1")
  child:command("close")
  eq(#child:lua("return require('chatvim.chat.outline').messages(0)"), 3)
  case.standin:script({ replies.answer("A") })
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.messages, shown.body.messages)
end

return T
