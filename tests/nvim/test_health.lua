-- SPDX-License-Identifier: Apache-2.0
-- The health report: each entry, and a wrong or broken program (B9, B29).
local case = require("helpers.case")
local environment = require("helpers.environment")
local files = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

--- Returns the text of the report, and expects no traceback in it.
---@param child tests.Child
---@return string
local function report(child)
  child:command("silent checkhealth chatvim")
  local text = child:text()
  child:command("silent bwipeout")
  eq({ text, text:find("traceback", 1, true) }, { text, nil })
  eq({ text, text:find("could not be looked at", 1, true) }, { text, nil })
  return text
end

--- Returns the lines of a report that have a level.
---@param text string
---@param level "OK"|"WARNING"|"ERROR"
---@return string[]
local function of_level(text, level)
  local lines = {}
  for line in text:gmatch("[^\n]+") do
    -- Neovim 0.11 and later write a symbol before the word.
    local rest = line:match("^%- [^%w]*" .. level .. " (.*)")
    lines[#lines + 1] = rest
  end
  return lines
end

--- Expects a line of a level that contains `part`.
---@param text string
---@param level "OK"|"WARNING"|"ERROR"
---@param part string
local function expect_line(text, level, part)
  for _, line in ipairs(of_level(text, level)) do
    if line:find(part, 1, true) then
      return
    end
  end
  error(("no %s with %q in: %s"):format(level, part, text), 2)
end

--- Starts a child whose program is real for `serve`, and a shell script for other commands.
---@param script string
---@return tests.Child
local function child_with_script(script)
  local path = vim.fn.tempname()
  local serve = ('if [ "$1" = serve ]; then exec %s "$@"; fi'):format(environment.program)
  files.write(path, ("#!/bin/sh\n%s\n%s\n"):format(serve, script))
  assert(vim.uv.fs_chmod(path, 493))
  return case.child({ options = { program = path } })
end

--- Starts a child with a provider that has a key.
---@return tests.Child
local function child_with_key(more)
  local config = case.config(more):gsub("models =", 'api_key_env = "TEST_KEY"\nmodels =')
  return case.child({ config = config, env = { TEST_KEY = "sentinel-4711" } })
end

T["all is well: no warning, no error, and every entry"] = function()
  local child = child_with_key()
  vim.fn.mkdir(child.home .. "/config/chatvim/presets", "p")
  files.write(
    child.home .. "/config/chatvim/presets/brief.md",
    "+++\ntop_p = 0.5\n+++\nBe brief.\n"
  )
  local text = report(child)
  eq({ text, of_level(text, "ERROR"), of_level(text, "WARNING") }, { text, {}, {} })
  expect_line(text, "OK", "found: " .. environment.program)
  expect_line(text, "OK", "the option `program` names it")
  expect_line(text, "OK", "version 0.1.0 answers and speaks protocol 2; the plugin is 0.1.0")
  expect_line(text, "OK", "libcurl/")
  expect_line(text, "OK", "built with nlohmann_json ")
  expect_line(text, "OK", " HTTP2 ")
  expect_line(text, "OK", "the options are good")
  expect_line(text, "OK", "read: " .. child.home .. "/config/chatvim/config.md")
  expect_line(text, "OK", "preset brief")
  expect_line(text, "OK", "standin: key set, http://127.0.0.1:")
  expect_line(text, "OK", "folder of new chats: " .. child.folder)
  expect_line(text, "OK", "log file: " .. child.home .. "/state/nvim/chatvim.log")
  expect_line(text, "OK", "folder of unfinished answers: " .. child.home .. "/state/nvim/chatvim")
  eq(text:find("sentinel", 1, true), nil)
end

T["a version that differs from the plugin's is a warning with what to do"] = function()
  local child = child_with_key()
  child:lua("require('chatvim.program.process').VERSION = '9.9.9'")
  local text = report(child)
  expect_line(text, "WARNING", "version 0.1.0 answers and speaks protocol 2; the plugin is 9.9.9")
  case.expect_part(text, "nvim -l build.lua")
end

T["a libcurl without TLS, HTTP/2 or an asynchronous resolver is a warning each"] = function()
  local child = child_with_script("printf 'chatvim 0.1.0\\nlibcurl/8.0.0: IPv6\\n'")
  local text = report(child)
  expect_line(text, "OK", "libcurl/8.0.0 with IPv6")
  expect_line(text, "WARNING", "libcurl has no TLS")
  expect_line(text, "WARNING", "libcurl has no HTTP/2")
  expect_line(text, "WARNING", "libcurl waits for the name server")
  case.expect_part(text, "install a libcurl with HTTP/2")
end

T["a missing config.md is not a problem"] = function()
  local child = case.child()
  assert(os.remove(child.home .. "/config/chatvim/config.md"))
  local text = report(child)
  case.expect_part(text, child.home .. "/config/chatvim/config.md is not there; none is needed")
  eq(of_level(text, "ERROR"), {})
end

T["an error and a warning in config.md show file and line"] = function()
  local child = child_with_key()
  local folder = child.home .. "/config/chatvim"
  vim.fn.mkdir(folder .. "/presets", "p")
  files.write(folder .. "/presets/brief.md", "+++\ntop_p = 0.5\n+++\n")
  child:write_config('+++\nmodel = "m1"\ntemprature = 1\n+++\n')
  local text = report(child)
  expect_line(text, "WARNING", folder .. "/config.md:3:1: temprature is not a known setting")
  expect_line(text, "OK", "preset brief")
  -- The warning about config.md appears once.
  eq(#of_level(text, "WARNING"), 2)
  expect_line(text, "WARNING", "no key is set")
  child:write_config('+++\ntemperature = "warm"\n+++\n')
  text = report(child)
  expect_line(text, "ERROR", folder .. "/config.md:2:15: temperature must be a number")
  case.expect_part(text, "- preset brief\n")
end

T["a preset that cannot be used is an error with file and line"] = function()
  local child = case.child()
  local folder = child.home .. "/config/chatvim/presets"
  vim.fn.mkdir(folder, "p")
  files.write(folder .. "/a b.md", "+++\ntop_p = \n+++\n")
  files.write(folder .. "/good.md", "+++\ntop_p = 0.5\nseeed = 2\n+++\n")
  local text = report(child)
  expect_line(text, "ERROR", folder .. "/a b.md:2:")
  expect_line(text, "WARNING", folder .. "/good.md:3:1: seeed is not a known setting")
  expect_line(text, "OK", "read: ")
end

T["providers: why one cannot be used, without secrets in its address"] = function()
  local child = child_with_key([[
[providers.gateway]
base_url = "http://me:sentinel-4712@127.0.0.1:9/v1?key=sentinel-4713"
[providers.lost]
api = "chat"
]])
  local text = report(child)
  expect_line(text, "OK", "standin: key set")
  case.expect_part(text, "openai: no key, https://")
  case.expect_part(text, "gateway: no key needed, http://***@127.0.0.1:9/v1")
  expect_line(text, "WARNING", "providers.lost.base_url is missing")
  eq(text:find("sentinel", 1, true), nil)
end

T["folders and files that cannot be written are errors, and nothing is created"] = function()
  local child = case.child()
  local state = child.home .. "/state/nvim"
  vim.fn.mkdir(state, "p")
  files.write(state .. "/chatvim", "")
  files.write(child.folder .. "/file", "")
  child:lua("require('chatvim').setup({ chat_dir = ... })", child.folder .. "/file/chats")
  child:lua(
    "local folder = ...\n"
      .. "require('chatvim.program.process').log_path = function() return folder end",
    child.folder
  )
  local text = report(child)
  expect_line(
    text,
    "ERROR",
    "file/chats (made when it is needed); " .. child.folder .. "/file is no folder"
  )
  expect_line(text, "ERROR", "log file: " .. child.folder .. "; ")
  expect_line(text, "ERROR", state .. "/chatvim is no folder that can be written")
  child:lua("require('chatvim').setup({ chat_dir = ... })", child.folder .. "/new/chats")
  expect_line(report(child), "OK", child.folder .. "/new/chats (made when it is needed)")
  eq(vim.uv.fs_stat(child.folder .. "/new"), nil)
end

for name, entry in pairs({
  ["hangs"] = { "exec sleep 60", "did not answer within" },
  ["fails"] = { "echo 'no such library' >&2; exit 127", "no such library" },
  ["is killed"] = { "kill -9 $$", "ended with signal 9" },
  ["prints garbage"] = { "printf '[1, \\377\\000]\\033[31mred\\n'", "gave no JSON" },
  ["prints other JSON"] = {
    [[printf '[1, "x", {}, {"name": {}, "base_url": 7, "problem": 1}]']],
    "names no libcurl",
  },
  ["prints nothing"] = { "exit 0", "names no libcurl" },
}) do
  T["a program that " .. name .. " when asked is an error in the report"] = function()
    local child = child_with_script(entry[1])
    child:lua("require('chatvim.program.run').limit = 300")
    local text = report(child)
    expect_line(text, "ERROR", entry[2])
    expect_line(text, "OK", "log file: ")
  end
end

T["a program that does not say hello is one error, and is asked nothing else"] = function()
  local path = vim.fn.tempname()
  files.write(path, "#!/bin/sh\nexec sleep 60\n")
  assert(vim.uv.fs_chmod(path, 493))
  local child = case.child({ options = { program = path } })
  child:lua("require('chatvim.program.process').hello_limit = 300")
  local text = report(child)
  local errors = of_level(text, "ERROR")
  eq({ text, #errors }, { text, 1 })
  expect_line(text, "ERROR", path)
  case.expect_part(text, "unknown without the program")
  expect_line(text, "OK", "log file: ")
end

return T
