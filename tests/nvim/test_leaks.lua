-- SPDX-License-Identifier: Apache-2.0
-- No key leaks (B29): a unique key, from each possible source, is used in all outcomes and then
-- searched for in the whole editor, its processes and its files.
local case = require("helpers.case")
local leaks = require("helpers.leaks")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local KEY = "sentinel-key-5f2c-9b7e41d8-the-end"

--- The sources of the key: a line of the provider's table, the environment, and the places that are
--- expected to have it.
local SOURCES = {
  variable = {
    line = 'api_key_env = "TEST_KEY"',
    env = { TEST_KEY = KEY },
    known = { environment = true },
  },
  command = { line = 'api_key_command = ["cat", "%s/key"]', known = { files = { "key" } } },
  file = { line = 'api_key_file = "%s/key"', known = { files = { "key" } } },
  header = {
    line = ('headers = { X-Api-Key = "%s" }'):format(KEY),
    known = { files = { "config/chatvim/config.md" } },
  },
}

--- Starts a child with swap and undo files, whose provider uses the key.
local function start(source, options)
  local child = case.child(vim.tbl_extend("force", {
    env = source.env,
  }, options or {}))
  local has_file = (source.known.files or {})[1] == "key"
  system.write(child.home .. "/key", has_file and KEY or "")
  local line = source.line:gsub("%%s", child.home)
  child:write_config((case.config():gsub("models =", line .. "\nmodels =")))
  -- Set after the start, because `-n` turns swap files off.
  child:command("set updatecount=1 undofile swapfile")
  leaks.listen(child)
  return child
end

local function expect_none(child, source)
  child:sync()
  child:command("silent! wundo " .. child.folder .. "/undo")
  child:command("silent! preserve")
  eq(leaks.find(child, KEY, source.known), {})
end

--- Returns an error reply that repeats what the server was sent.
local function failure(status, headers)
  return {
    ["repeat"] = true,
    status = status,
    headers = headers,
    json = { error = { message = "Wrong key: Bearer " .. KEY, code = KEY } },
  }
end

for name, source in pairs(SOURCES) do
  T["no trace of a key from a " .. name] = function()
    local child = start(source)
    local scenes = {
      replies.answer("All is well"),
      failure(401),
      failure(403),
      failure(429, { ["retry-after-ms"] = 1 }),
      failure(500, { ["x-should-retry"] = "false" }),
      { status = 302, headers = { Location = ("http://a:%s@b.test/"):format(KEY) } },
      { steps = { { deltas = { text = { "x" } } }, { event = { error = { message = KEY } } } } },
      { steps = { { deltas = { text = { "x" } } }, { finish = KEY } } },
      { steps = { { deltas = { text = { "x" } } }, { reset = true } } },
    }
    for index, scene in ipairs(scenes) do
      case.standin:script({ scene })
      child:chat("Q\n", index .. ".md")
      child:complete()
    end
    -- Stop during a retry, and during an answer.
    for index, scene in ipairs({ failure(503, { ["retry-after"] = 30 }), replies.hanging("x") }) do
      case.standin:script({ scene })
      child:chat("Q\n", "stopped" .. index .. ".md")
      child:command("ChatvimComplete")
      wait.until_true("something that can be stopped", function()
        return child:virtual_text():find("again in", 1, true) or child:text():find("x", 1, true)
      end)
      if index == 1 then
        expect_none(child, source)
      end
      child:command("ChatvimStop")
      child:wait_end(#scenes + index)
    end
    -- An embedded file contains the key.
    if not source.known.files or source.known.files[1] == "key" then
      system.write(child.folder .. "/embedded", "a\nkey = " .. KEY .. "\n")
      child:chat("![](embedded)\n", "embeds.md")
      eq(child:complete().outcome, "error")
      vim.fn.delete(child.folder .. "/embedded")
    end
    child:chat("Q\n", "last.md")
    child:command("ChatvimRequest")
    wait.until_true("the dry run's window", function()
      return child:lua("return vim.bo.filetype") == "json"
    end)
    case.expect_part(child:text(), "***")
    child:command("silent checkhealth chatvim")
    expect_none(child, source)
    child:command("buffer last.md")
    -- The program is killed during an answer.
    case.standin:script({ replies.hanging("kept") })
    child:command("ChatvimComplete")
    child:wait_text("kept")
    assert(vim.uv.kill(child:program_pid(), "sigkill"))
    child:wait_message("signal 9")
    expect_none(child, source)
    local swaps = vim.fn.globpath(child.home .. "/state", "**/*.sw?", true, true)
    eq({ swaps, #swaps > 0 }, { swaps, true })
    eq(vim.fn.filereadable(child.folder .. "/undo"), 1)
    local header = require("helpers.standin").header
    local sent = case.standin:requests()[1]
    local value = header(sent, "authorization") or header(sent, "x-api-key")
    case.expect_part(value, KEY)
  end
end

T["no trace of a key in an address"] = function()
  local child = case.child()
  leaks.listen(child)
  local config =
    case.config():gsub("http://[^\n]*", ('http://me:%s@127.0.0.1:1/v1?key=%s"'):format(KEY, KEY))
  child:write_config(config)
  child:chat("Q\n")
  eq(child:complete().outcome, "error")
  child:command("ChatvimRequest")
  wait.until_true("the dry run's window", function()
    return child:lua("return vim.bo.filetype") == "json"
  end)
  child:command("silent checkhealth chatvim")
  expect_none(child, { known = { files = { "config/chatvim/config.md" } } })
end

T["the search finds a text in each place"] = function()
  local child = case.child()
  leaks.listen(child)
  child:chat("Q\n")
  local plants = {
    [":messages"] = "vim.api.nvim_echo({ { key } }, true, {})",
    ["a buffer"] = "vim.fn.setline(1, key)",
    ["extmarks"] = [[
      local space = vim.api.nvim_create_namespace("x")
      vim.api.nvim_buf_set_extmark(0, space, 0, 0, { virt_text = { { key } } })
    ]],
    ["register q"] = "vim.fn.setreg('q', key)",
    ["history"] = "vim.fn.histadd('cmd', key)",
    ["quickfix"] = "vim.fn.setqflist({ { text = key } })",
    ["diagnostics"] = [[
      local space = vim.api.nvim_create_namespace("y")
      vim.diagnostic.set(space, 0, { { lnum = 0, col = 0, message = key } })
    ]],
    ["buffer variables"] = "vim.b.secret = key",
    ["Lua: loaded.chatvim.program.run._secret"] = [[
      require("chatvim.program.run")._secret = { key }
    ]],
    ["an upvalue"] = [[
      local held = { [key] = true }
      require("chatvim.chat.running")._held = function()
        return held
      end
    ]],
    ["a coroutine"] = [[
      _G.co = coroutine.create(function(own)
        coroutine.yield()
        return own
      end)
      coroutine.resume(_G.co, key)
    ]],
    ["a command line"] = "_G.job = vim.fn.jobstart({ 'sh', '-c', 'read x', key })",
    ["an environment"] = "_G.job2 = vim.fn.jobstart({ 'cat' }, { env = { SECRET = key } })",
    ["the file state/planted"] = "vim.fn.writefile({ key }, vim.fn.stdpath('state') .. '/planted')",
    ["a temporary file"] = "vim.fn.writefile({ key }, vim.fn.tempname())",
    ["the channel"] = "require('chatvim.program.process').receive('planted', { text = key })",
  }
  for place, code in pairs(plants) do
    -- Each place gets its own text, which is not found anywhere before.
    local key = "planted-" .. vim.fn.sha256(place):sub(1, 24)
    eq({ place, leaks.find(child, key) }, { place, {} })
    child:lua("local key = ...; " .. code, key)
    local found = leaks.find(child, key)
    eq({ place, #found > 0 }, { place, true })
  end
end

return T
