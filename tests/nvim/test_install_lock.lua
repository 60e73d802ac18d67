-- SPDX-License-Identifier: Apache-2.0
-- One installation at a time in a folder, and none that outlives its Neovim.
local case = require("helpers.case")
local children = require("helpers.child")
local copies = require("helpers.plugin_copy")
local releases = require("helpers.release_copy")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality
local part = case.expect_part

local T = case.set()

---@param copy tests.PluginCopy
---@return string
local function lock_of(copy)
  return copy.root .. "/build/install.lock"
end

--- Returns what is installed in a copy, and whether it is locked.
---@param copy tests.PluginCopy
---@return { programs: string[], locked: boolean }
local function state(copy)
  return { programs = copy:programs(), locked = vim.uv.fs_stat(lock_of(copy)) ~= nil }
end

--- Returns the id of a process that has ended.
---@return integer
local function dead_pid()
  local process = vim.system({ "true" })
  process:wait()
  return process.pid
end

T["a second installation waits for the first"] = function()
  local copy = copies.make()
  local gate = copy.base .. "/gate"
  local first = copy:start_install({ GATE = gate })
  wait.until_true("the first build", function()
    return copy:pid()
  end)
  local said = ""
  local second = copy:start_install({}, function(_, data)
    said = said .. (data or "")
  end)
  local line = "chatvim: waiting for another installation (process %d, build/install.lock)\n"
  wait.until_true("the second installation's line", function()
    return said:find(line:format(first.pid), 1, true)
  end)
  local calls = copy:calls()
  eq({ calls, select(2, calls:gsub("\n", "")) }, { calls, 2 })
  system.write(gate, "")
  eq({ first:wait(60000).code, second:wait(60000).code }, { 0, 0 })
  eq({ said, select(2, said:gsub("waiting for", "")) }, { said, 1 })
  part(said, "chatvim: the program is built\n")
  eq(state(copy), { programs = { "release/chatvim" }, locked = false })
end

T["a second installation downloads nothing if the first has done so"] = function()
  local bytes = releases.small_program()
  local copy = releases.make(bytes)
  local reply = releases.file_reply(bytes)
  table.insert(reply.steps, 1, { wait = "go" })
  case.standin:script({ reply })
  local env = { CHATVIM_RELEASE_URL = releases.host() }
  local first = copy:start_install(env)
  wait.until_true("the download", function()
    return #case.standin:requests() == 1
  end)
  local said = ""
  local second = copy:start_install(env, function(_, data)
    said = said .. (data or "")
  end)
  wait.until_true("the second installation's line", function()
    return said:find("waiting for another installation", 1, true)
  end)
  case.standin:release("go", true)
  eq({ first:wait(60000).code, second:wait(60000).code }, { 0, 0 })
  part(said, "chatvim: the program of release 0.1.0 is installed\n")
  eq({ #case.standin:requests(), copy:programs() }, { 1, { "prebuilt/chatvim" } })
end

for name, make in pairs({
  ["of a process that is gone"] = function(path)
    system.write(path, tostring(dead_pid()))
  end,
  ["without a number"] = function(path)
    system.write(path, "")
    assert(vim.uv.fs_utime(path, os.time() - 60, os.time() - 60))
  end,
}) do
  T["a stale lock is removed: " .. name] = function()
    local copy = copies.make()
    vim.fn.mkdir(copy.root .. "/build")
    make(lock_of(copy))
    local ended = copy:install()
    eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
    eq({ ended.stderr, ended.stderr:find("waiting", 1, true) }, { ended.stderr, nil })
    eq({ copy:programs(), vim.fn.readdir(copy.root .. "/build") }, {
      { "release/chatvim" },
      { "release" },
    })
  end
end

--- Starts a Neovim that can install in a copy.
---@param copy tests.PluginCopy
---@param env? table<string, string|false>
---@return tests.Child
local function child_at(copy, env)
  return children.start({ env = copy:env(env), folder = copy.base })
end

T["a stale lock is removed: with this Neovim's process id, but not made by it"] = function()
  local copy = copies.make()
  local child = child_at(copy)
  vim.fn.mkdir(copy.root .. "/build")
  system.write(lock_of(copy), tostring(child:lua("return vim.uv.os_getpid()")))
  child:command("luafile chatvim/build.lua")
  eq(state(copy), { programs = { "release/chatvim" }, locked = false })
end

T["a call while a coroutine of the same Neovim installs is an error, no deadlock"] = function()
  local copy = copies.make()
  local child = child_at(copy, { GATE = copy.base .. "/gate" })
  local text = child:lua([[
    _G.first = coroutine.create(loadfile("chatvim/build.lua"))
    assert(coroutine.resume(_G.first))
    local ok, err = pcall(dofile, "chatvim/build.lua")
    return err
  ]])
  part(text, "chatvim: wait for the installation that is already running in this Neovim")
  system.write(copy.base .. "/gate", "")
  child:lua([[
    vim.wait(30000, function()
      assert(coroutine.resume(_G.first))
      return coroutine.status(_G.first) == "dead"
    end, 5)
  ]])
  eq(state(copy), { programs = { "release/chatvim" }, locked = false })
end

--- A fake cmake: its build program runs a compiler, which records its process id.
local CMAKE = [=[
#!/bin/sh
[ "$1" = --build ] || exit 0
sh -c 'sh -c "echo \$\$ >\"\$FAKE_LOG.pid\"; while :; do sleep 0.1; done"; exit 1'
exit 1
]=]

for _, signal in ipairs({ "sigint", "sigterm", "sighup" }) do
  T["a script that is killed ends the whole build: " .. signal] = function()
    local copy = copies.make()
    copy:script("cmake", CMAKE)
    local process = copy:start_install()
    local pid = wait.until_true("the compiler", function()
      return copy:pid()
    end)
    process:kill(signal)
    local ended = process:wait(60000)
    eq({ ended.stderr, ended.code ~= 0 or ended.signal ~= 0 }, { ended.stderr, true })
    wait.until_true("the compiler's end", function()
      return not system.is_alive(pid)
    end)
    eq(vim.fn.readdir(copy.root .. "/build"), {})
  end

  T["a script that is killed leaves no partial download: " .. signal] = function()
    local bytes = releases.small_program()
    local copy = releases.make(bytes)
    local reply = releases.file_reply(bytes)
    reply.framing = "chunked"
    reply.steps = { { send = "#" }, { hang = true } }
    case.standin:script({ reply })
    local process = copy:start_install({ CHATVIM_RELEASE_URL = releases.host() })
    wait.until_true("the part of the download", function()
      local path = ("%s/build/prebuilt/chatvim.part-%d"):format(copy.root, process.pid)
      return vim.uv.fs_stat(path) and #case.standin:requests() == 1
    end)
    process:kill(signal)
    process:wait(60000)
    eq(vim.fn.readdir(copy.root .. "/build"), { "prebuilt" })
    eq(copy:programs(), {})
    wait.until_true("the end of curl", function()
      return case.standin:records().requests[1].reply.client_closed_ns
    end)
  end
end

return T
