-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimTools, the section "Tools" of the health report, and what the progress line and the
-- statusline say about tools.
local case = require("helpers.case")
local replies = require("helpers.replies")
local tools = require("helpers.tools")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Runs the command and waits for the message that ends it.
---@param child tests.Child
---@param names string
---@return string
local function set(child, names)
  local before = #child:messages()
  child:command("ChatvimTools " .. names)
  return wait.until_true("the message", function()
    local messages = child:messages()
    return #messages > before and messages:sub(before + 1)
  end)
end

--- Makes the picker toggle the entries that contain these texts, one after the other, and then
--- choose "Done", or cancel if the last text is "cancel". Records each list.
local PICK = [[
  local wanted = { ... }
  _G.lists = {}
  vim.ui.select = function(items, options, on_choice)
    local texts = vim.tbl_map(options.format_item, items)
    table.insert(_G.lists, texts)
    local text = table.remove(wanted, 1) or "Done"
    for index, one in ipairs(texts) do
      if one:find(text, 1, true) then
        return on_choice(items[index])
      end
    end
    on_choice(nil)
  end
]]

---@param child tests.Child
---@param ... string
---@return string[][] lists
local function pick(child, ...)
  child:lua(PICK, ...)
  local message = set(child, "")
  return child:lua("return _G.lists"), message
end

local DOCUMENTS = {
  {
    "TOML with comments",
    '+++\n# mine\ntools = ["demo"]   # why\n[body]\ntools = 1\n+++\nQ\n',
    '+++\n# mine\ntools = ["files", "demo.echo"]   # why\n[body]\ntools = 1\n+++\nQ',
  },
  {
    "TOML over lines",
    '+++\ntools = [\n  "demo", # one\n]\nseed = 1\n+++\nQ\n',
    '+++\ntools = ["files", "demo.echo"]\nseed = 1\n+++\nQ',
  },
  {
    "TOML without",
    "+++\nseed = 1\n+++\nQ\n",
    '+++\ntools = ["files", "demo.echo"]\nseed = 1\n+++\nQ',
  },
  {
    "YAML",
    "---\ntools: [demo] # why\nx: 1\n---\nQ\n",
    '---\ntools: ["files", "demo.echo"] # why\nx: 1\n---\nQ',
  },
  {
    "YAML over lines",
    "---\ntools:\n  - demo\n  - files\nseed: 1\n---\nQ\n",
    "---\ntools:\n  - files\n  - demo.echo\nseed: 1\n---\nQ",
  },
  {
    "YAML without",
    "---\nseed: 1\n---\nQ\n",
    '---\ntools: ["files", "demo.echo"]\nseed: 1\n---\nQ',
  },
  { "no front matter", "Q\n", '+++\ntools = ["files", "demo.echo"]\n+++\n\nQ' },
  { "nothing", "", '+++\ntools = ["files", "demo.echo"]\n+++\n' },
}

T["names set only the value, as one undo step"] = function()
  local child = tools.child()
  for _, document in ipairs(DOCUMENTS) do
    local name, before, after = unpack(document)
    child:chat(before, name:gsub(" ", "-") .. ".md")
    local text = child:text()
    case.expect_part(set(child, "files demo.echo"), "tools: files, demo.echo")
    eq({ name, child:text() }, { name, after })
    child:feed("u")
    eq({ name, child:text() }, { name, text })
  end
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the picker turns servers and tools on and off, Done writes the value"] = function()
  local child = tools.child()
  tools.know(child)
  child:chat("+++\nseed = 1\n+++\nQ\n")
  local lists, message = pick(child, "] files  (", "demo.wait", "demo.echo", "demo.wait")
  eq(#lists, 5)
  eq({ lists[1][1], lists[1][2] }, { "Done", "[ ] files  (4 tools)" })
  eq(lists[4][2], "[x] files  (4 tools)")
  eq({ lists[4][7], lists[4][8] }, { "[-] demo  (8 tools)", "    [x] demo.echo (asks)  Does it." })
  -- An entry fits into one line of Neovim's own list.
  for _, text in ipairs(lists[1]) do
    eq({ text, vim.fn.strdisplaywidth(text) < 76 }, { text, true })
  end
  case.expect_part(message, "tools: files, demo.echo")
  eq(child:lines()[2], 'tools = ["files", "demo.echo"]')
  eq(child:lines()[3], "seed = 1")
  -- All of a server's tools are the server.
  pick(child, "] files  (", "] demo  (")
  eq(child:lines()[2], 'tools = ["demo"]')
  -- None is a choice too: it also takes away what config.md offers.
  case.expect_part(select(2, pick(child, "] demo  (")), "no tools")
  eq(child:lines()[2], "tools = []")
end

T["a closed list changes nothing"] = function()
  local child = tools.child()
  child:chat("Q\n")
  child:lua(PICK, "] files  (", "cancel")
  child:command("ChatvimTools")
  wait.until_true("two lists", function()
    return child:lua("return #_G.lists") == 2
  end)
  child:sync()
  eq({ child:text(), child:lua("return vim.bo.modified") }, { "Q", false })
  case.expect_calm(child)
end

T["what cannot be set changes nothing, with a reason"] = function()
  local child = tools.child()
  for _, refusal in ipairs({
    { "+++\ntools = \n+++\nQ\n", "files", "Line 2" },
    { "---\n{title: x}\n---\nQ\n", "files", "by hand" },
  }) do
    local text, names, message = unpack(refusal)
    child:chat(text)
    local before = child:text()
    case.expect_part(set(child, names), message)
    eq({ child:text(), child:lua("return vim.bo.modified") }, { before, false })
  end
  child:chat("Q\n")
  child:command("setlocal nomodifiable")
  for _, names in ipairs({ "files", "" }) do
    case.expect_part(set(child, names), "cannot be changed")
  end
end

T["names are completed: servers, and tools as far as they are known"] = function()
  local child = tools.child()
  child:chat("Q\n")
  local function completed(typed)
    return child:lua("return vim.fn.getcompletion('ChatvimTools ' .. ..., 'cmdline')", typed)
  end
  eq(completed("files.r"), { "files.read" })
  eq(completed("demo"), { "demo" })
  tools.know(child)
  eq(completed("files demo.e"), { "demo.echo", "demo.exit", "demo.environment" })
  eq(completed("zz"), {})
end

--- Returns the section "Tools" of the report.
local function report(child)
  child:command("silent checkhealth chatvim")
  local text = child:text()
  child:command("silent bwipeout")
  return text:match("chatvim: Tools ~\n(.-)\n\n") or text
end

T["the health report lists servers, starts none, and names programs that are missing"] = function()
  local missing = '[tools.gone]\ncommand = ["chatvim-no-such-program", "-y"]\n+++\n'
  local config = tools.config():gsub("%+%+%+\n$", missing)
  local child = tools.child(nil, { config = config })
  local text = report(child)
  case.expect_part(text, "files, 4 tools")
  case.expect_part(text, "demo, from ")
  case.expect_part(text, "not started yet, asks before it is started")
  case.expect_part(text, "chatvim-no-such-program cannot be run")
  case.expect_part(text, "correct `command` in config.md")
  case.expect_part(text, "WARNING gone")
  eq(vim.uv.fs_stat(child.home .. "/state/chatvim/tools") ~= nil, false)
  tools.know(child)
  text = report(child)
  eq(text:find("demo, from [^\n]*, 8 tools, asks before it is started") ~= nil, true)
end

T["the health report shows what is wrong in the configuration of tools"] = function()
  local child = tools.child('timeout = "long"')
  case.expect_part(report(child), "timeout")
end

T["the progress line and the statusline name what runs, later with seconds"] = function()
  local child = tools.child('ask = "never"')
  tools.know(child)
  child:lua("require('chatvim.view.phase').quiet_limit = 1")
  child:chat(tools.DEMO .. "Go.\n")
  case.standin:script({
    replies.calls({
      tools.demo("c1", "wait"),
      tools.demo("c2", "echo", { text = "x" }),
      tools.demo("c3", "wait", { a = 1 }),
    }),
  })
  child:command("ChatvimComplete")
  tools.wait_progress(child, "running demo.wait, demo.wait, ")
  wait.until_true("seconds", function()
    return child:virtual_text():find("running demo.wait, demo.wait, %d+ s")
  end)
  local status = child:lua("return require('chatvim').status()")
  eq(status:find("^m1 running demo.wait, demo.wait") ~= nil, true)
  child:command("ChatvimStop")
  child:wait_end()
  eq(child:lua("return require('chatvim').status()"), "")
end

T["a server that never answers is named as starting, and can be stopped"] = function()
  local child = case.child({ config = tools.config('ask = "never"', "--never-answers") })
  child:chat(tools.DEMO .. "Go.\n")
  case.standin:script({ replies.answer("A") })
  child:command("ChatvimComplete")
  tools.wait_progress(child, "starting a server of tools")
  child:command("ChatvimStop")
  eq(child:wait_end().outcome, "stopped")
  eq(child:text(), tools.DEMO .. "Go.")
  eq(#case.standin:requests(), 0)
end

return T
