-- SPDX-License-Identifier: Apache-2.0
-- Chats that cannot be sent: one clear sentence, nothing sent, nothing changed (B19 and bad input).
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

--- The state that must not change.
local STATE = [[
  return {
    vim.api.nvim_buf_get_lines(0, 0, -1, true), vim.b.changedtick, vim.bo.modified,
    vim.fn.undotree().seq_last, vim.api.nvim_win_get_cursor(0),
  }
]]

--- Expects one message that contains `words`, and that nothing was sent or changed.
local function expect_refused(child, words)
  local before = child:lua(STATE)
  local data = child:complete()
  child:sync()
  eq(data.outcome, "error")
  local messages = child:messages()
  for _, word in ipairs(type(words) == "table" and words or { words }) do
    case.expect_part(messages, word)
  end
  eq({ messages, #vim.split(vim.trim(messages), "\n") }, { messages, 1 })
  eq(messages:find("traceback", 1, true), nil)
  eq(child:lua(STATE), before)
  eq(#child:events("ChatvimEnd"), 1)
  eq(#case.standin:requests(), 0)
  eq(child:virtual_text():find(" stops", 1, true), nil)
  eq(child:lua("return require('chatvim').status()"), "")
end

local function expect_next_works(child)
  case.standin:script({ replies.answer("A") })
  eq(child:complete().outcome, "done")
  case.expect_part(child:text(), "\nA\n")
end

local function diagnostics(child)
  return child:lua([[
    return vim.tbl_map(function(item)
      return { item.lnum + 1, item.col + 1, item.severity == vim.diagnostic.severity.ERROR }
    end, vim.diagnostic.get(0))
  ]])
end

for name, entry in pairs({
  ["a setting of the wrong type"] = {
    '+++\nmodel = "m1"\ntemperature = "hot"\n+++\nQ\n',
    "temperature",
    3,
    3,
  },
  ["a syntax error in TOML"] = { '+++\n\nmodel = = "m1"\n+++\nQ\n', "", 3 },
  ["a syntax error in YAML"] = { "---\nmodel: m1\nstop: [a, b\n---\nQ\n", "", 3, 4 },
  ["no mapping in YAML"] = { "---\n- a\n- b\n---\nQ\n", "", 2 },
  ["a setting that only the configuration may have"] = {
    '+++\nbase_url = "http://x"\n+++\nQ\n',
    "base_url",
    2,
  },
}) do
  T["front matter: " .. name .. " gets a diagnostic at its line"] = function()
    local child = case.child()
    child:chat(entry[1])
    expect_refused(child, entry[2])
    local found = diagnostics(child)
    eq(#found, 1)
    eq(found[1][3], true)
    local line = found[1][1]
    eq({ line, line >= entry[3] and line <= (entry[4] or entry[3]) }, { line, true })
    -- Once corrected, the chat is answered and the diagnostic disappears.
    child:command("%delete _ | call setline(1, 'Q')")
    expect_next_works(child)
    eq(diagnostics(child), {})
  end
end

T["front matter: a misspelt key is a warning, and the chat is answered"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  child:chat("+++\ntitle = 'mine'\ntemperatur = 1\n+++\nQ\n")
  eq(child:complete().outcome, "done")
  eq(diagnostics(child), { { 3, 1, false } })
  eq(case.standin:requests()[1].json.temperature, nil)
  eq(child:lines()[3], "temperatur = 1")
end

T["no key: the variable is named"] = function()
  local child = case.child({
    config = case.config(
      "[providers.xai]\n" .. ('base_url = "http://127.0.0.1:%d/v1"'):format(case.standin.port)
    ),
  })
  child:chat('+++\nmodel = "grok-3"\n+++\nQ\n')
  expect_refused(child, { "key", "XAI_API_KEY" })
end

T["no model and no key: the variables and a local server are named"] = function()
  local child = case.child({ config = "" })
  child:chat("Q\n")
  expect_refused(child, { "XAI_API_KEY", "OPENAI_API_KEY", "config.md" })
end

T["a model without a known provider"] = function()
  local child = case.child()
  child:chat('+++\nmodel = "m11"\n+++\nQ\n')
  expect_refused(child, { "m11", "standin" })
  child:command("%s/m11/m1/")
  expect_next_works(child)
end

T["an unknown provider: a similar one is named"] = function()
  local child = case.child()
  child:chat('+++\nmodel = "standim/m1"\n+++\nQ\n')
  expect_refused(child, { "standim", "standin" })
end

for name, entry in pairs({
  ["a syntax error"] = { "+++\n\nmodel = = 1\n+++\n", "config.md:3" },
  ["a wrong type"] = { "+++\nmodel = 5\n+++\n", "config.md:2" },
  ["bytes that are not UTF-8"] = { "+++\n# \255\n+++\n", "config.md" },
}) do
  T["config.md with " .. name .. " is named with its line"] = function()
    local child = case.child({ config = entry[1] })
    child:chat("Q\n")
    expect_refused(child, entry[2])
    child:write_config(case.config())
    expect_next_works(child)
  end
end

T["a config.md that cannot be read"] = function()
  local child = case.child()
  local path = child.home .. "/config/chatvim/config.md"
  vim.fn.delete(path)
  vim.fn.mkdir(path)
  child:chat("Q\n")
  expect_refused(child, "config.md")
end

for name, entry in pairs({
  ["an empty buffer"] = { "", "write a message" },
  ["nothing but white space"] = { "\n  \n\t\n", "write a message" },
  ["nothing but front matter"] = { '+++\nmodel = "m1"\n+++\n', "write a message" },
  ["nothing but delimiters"] = { "# === USER ===\n\n# === USER ===\n", "write a message" },
  ["the assistant's message last"] = {
    "Q\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===\n\n",
    { "last word", "# === USER ===" },
  },
  ["a binary file"] = { "Q\0\1\2\nmore\n", { "Line 1", "binary" } },
  ["a binary file's last line"] = { "Q\nmore\0\1", { "Line 2", "binary" } },
}) do
  T["refused: " .. name] = function()
    local child = case.child()
    files.write(child.folder .. "/chat.md", entry[1])
    child:command("silent edit chat.md")
    expect_refused(child, entry[2])
    child:command("silent %delete _ | call setline(1, 'Q')")
    expect_next_works(child)
  end
end

T["refused: bytes that are not UTF-8, with their place"] = function()
  local child = case.child()
  files.write(child.folder .. "/bytes.md", "Q\nbefore \255 after\n")
  child:command("silent edit ++enc=utf-8 ++bad=keep bytes.md")
  expect_refused(child, { "Line 2", "byte 8", "UTF-8" })
end

T["a file in another encoding is sent as UTF-8"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("ä") })
  files.write(child.folder .. "/latin1.md", "Gr\252\223e\n")
  child:command("silent edit ++enc=latin1 latin1.md")
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.messages[1].content, "Grüße")
  child:command("silent write")
  case.expect_part(files.read(child.folder .. "/latin1.md"), "\n\228\n")
end

for name, commands in pairs({
  ["a buffer with 'nomodifiable'"] = { "setlocal nomodifiable", "cannot be changed" },
  ["a quickfix window"] = { "copen", "quickfix buffer" },
  ["a help window"] = { "silent help help", "help buffer" },
  ["a terminal"] = { "terminal cat", "terminal buffer" },
}) do
  T["refused: " .. name] = function()
    local child = case.child()
    child:chat("Q\n")
    child:command(commands[1])
    local before = child:lua(STATE)
    child:command("ChatvimComplete")
    child:sync()
    case.expect_part(child:messages(), commands[2])
    eq(child:lua(STATE), before)
    eq(#case.standin:requests(), 0)
    eq(child:virtual_text():find(" stops", 1, true), nil)
  end
end

T["a directory is not a chat"] = function()
  local child = case.child()
  child:command("silent edit .")
  local before = child:lua(STATE)
  child:command("ChatvimComplete")
  child:sync()
  require("helpers.wait").until_true("a sentence", function()
    return child:messages():find("chatvim: %S+ %S+")
  end)
  eq(child:lua(STATE), before)
  eq(#case.standin:requests(), 0)
end

return T
