-- SPDX-License-Identifier: Apache-2.0
-- build.lua builds the program for each kind of caller: a coroutine of a plugin manager, a call in
-- an interactive Neovim, a script.
local case = require("helpers.case")
local children = require("helpers.child")
local copies = require("helpers.plugin_copy")
local environment = require("helpers.environment")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality
local part = case.expect_part

local T = MiniTest.new_set({ hooks = { post_case = children.stop_all } })

--- Starts a Neovim that can install in a copy. It does not load the plugin.
---@param copy tests.PluginCopy
---@param options? tests.ChildOptions
---@param env? table<string, string|false>
---@return tests.Child
local function child_at(copy, options, env)
  local commands = { "set runtimepath-=" .. vim.fn.fnameescape(environment.root) }
  local all = { commands = commands, env = copy:env(env), folder = copy.base }
  return children.start(vim.tbl_extend("force", all, options or {}))
end

--- Runs build.lua in a child in a coroutine that the event loop resumes, as a plugin manager does.
--- Records what was yielded, how the coroutine ended, how often it was resumed, and whether it ran
--- the event loop itself, which could resume other coroutines, or this one, in the middle of a
--- step.
local SCHEDULER = [[
  local file, with_lazy = ...
  local record = { messages = {}, steps = 0, stepping = false, nested = false }
  _G.record = record
  local suspended = false
  local thread = coroutine.create(function()
    assert(loadfile(file))()
  end)
  local step
  if with_lazy then
    local async = {}
    function async:suspend()
      suspended = true
      coroutine.yield()
    end
    function async:resume()
      suspended = false
      vim.schedule(step)
    end
    package.loaded["lazy.async"] = {
      running = function()
        return coroutine.running() == thread and async or nil
      end,
    }
  end
  function step()
    if record.stepping then
      record.nested = true
      return
    end
    if suspended or coroutine.status(thread) == "dead" then
      return
    end
    record.stepping = true
    record.steps = record.steps + 1
    local ok, message = coroutine.resume(thread)
    record.stepping = false
    if coroutine.status(thread) == "dead" then
      record.ended, record.ok, record.err = true, ok, message
    elseif message ~= nil then
      local text = type(message) == "table" and message.msg or message
      table.insert(record.messages, text)
    end
    if with_lazy and not suspended and not record.ended then
      vim.schedule(step)
    end
  end
  local timer = vim.uv.new_timer()
  timer:start(1, 1, function()
    record.nested = record.nested or record.stepping
    if record.ended then
      timer:stop()
    elseif not with_lazy then
      vim.schedule(step)
    end
  end)
  vim.schedule(step)
]]

---@param copy tests.PluginCopy
---@param with_lazy boolean
---@param env? table<string, string|false>
---@return table record
local function in_coroutine(copy, with_lazy, env)
  local child = child_at(copy, nil, env)
  child:lua(SCHEDULER, copy.root .. "/build.lua", with_lazy)
  return wait.until_true("the end of the coroutine", function()
    local record = child:lua("return { ended = _G.record.ended or false }")
    return record.ended and child:lua("return _G.record")
  end)
end

for name, with_lazy in pairs({ ["a coroutine"] = false, ["a coroutine of lazy.nvim"] = true }) do
  T[name .. " yields and never runs the event loop"] = function()
    local copy = copies.make()
    local record = in_coroutine(copy, with_lazy)
    eq({ record.nested, record.ok, record.err }, { false, true, nil })
    local text = table.concat(record.messages, "\n")
    part(text, "this version has no released program; building it instead")
    part(text, "chatvim: building 100 % (0 of 40 files left)")
    eq(record.messages[#record.messages], "chatvim: the program is built")
    eq(copy:programs(), { "release/chatvim" })
  end

  T[name .. " ends with the error of a build that fails"] = function()
    local record = in_coroutine(copies.make(), with_lazy, { FAKE = "failing" })
    eq({ record.nested, record.ok }, { false, false })
    part(record.err, "was not declared in this scope")
    part(record.err, "chatvim: correct what is reported below, then run ")
  end
end

T["a coroutine of lazy.nvim is not resumed while there is no output"] = function()
  local copy = copies.make()
  local gate = copy.base .. "/gate"
  local child = child_at(copy, nil, { GATE = gate })
  child:lua(SCHEDULER, copy.root .. "/build.lua", true)
  wait.until_true("the middle of the build", function()
    local messages = child:lua("return _G.record.messages")
    return (messages[#messages] or ""):find("building 50 %", 1, true)
  end)
  child:sync()
  local before = child:lua("return _G.record.steps")
  for _ = 1, 20 do
    child:sync()
  end
  eq(child:lua("return _G.record.steps"), before)
  system.write(gate, "")
  wait.until_true("the end of the coroutine", function()
    return child:lua("return _G.record.ended or false")
  end)
  eq(copy:programs(), { "release/chatvim" })
end

T["a coroutine that cannot yield is a plain call"] = function()
  local copy = copies.make()
  local child = child_at(copy)
  child:lua("coroutine.wrap(function(file) dofile(file) end)(...)", copy.root .. "/build.lua")
  eq(copy:programs(), { "release/chatvim" })
end

T["a coroutine of packer is a plain call: yielding a text would end its task"] = function()
  local copy = copies.make()
  local child = child_at(copy)
  local yielded = child:lua(
    [[
    package.loaded["packer.async"] = {}
    local thread = coroutine.create(loadfile(...))
    local ok, err = coroutine.resume(thread)
    assert(ok, err)
    return coroutine.status(thread)
  ]],
    copy.root .. "/build.lua"
  )
  eq(yielded, "dead")
  eq(copy:programs(), { "release/chatvim" })
end

T["lazy's <C-c> ends the build with a message"] = function()
  local copy = copies.make()
  local child = child_at(copy, nil, { GATE = copy.base .. "/never" })
  child:lua("package.loaded['lazy.manage.process'] = { running = {} }")
  child:lua(SCHEDULER, copy.root .. "/build.lua", true)
  wait.until_true("the middle of the build", function()
    local messages = child:lua("return _G.record.messages")
    return (messages[#messages] or ""):find("building 50 %", 1, true)
  end)
  child:lua([[
    for _, process in pairs(package.loaded["lazy.manage.process"].running) do
      process:kill()
    end
  ]])
  wait.until_true("the end of the coroutine", function()
    return child:lua("return _G.record.ended or false")
  end)
  part(child:lua("return _G.record.err"), "was killed by signal 15")
  eq(copy:programs(), {})
end

--- Starts a coroutine of lazy.nvim that waits for the folder's lock, which this process holds.
---@param copy tests.PluginCopy
---@return tests.Child
local function waiting_for_lock(copy)
  vim.fn.mkdir(copy.root .. "/build")
  system.write(copy.root .. "/build/install.lock", tostring(vim.uv.os_getpid()))
  local child = child_at(copy)
  child:lua("package.loaded['lazy.manage.process'] = { running = {} }")
  child:lua(SCHEDULER, copy.root .. "/build.lua", true)
  local line = ("waiting for another installation (process %d, "):format(vim.uv.os_getpid())
  wait.until_true("the line about the lock", function()
    local messages = child:lua("return _G.record.messages")
    return (messages[#messages] or ""):find(line, 1, true)
  end)
  return child
end

T["a coroutine of lazy.nvim continues when another process releases the lock"] = function()
  local copy = copies.make()
  local child = waiting_for_lock(copy)
  eq(copy:calls(), "")
  assert(os.remove(copy.root .. "/build/install.lock"))
  local record = wait.until_true("the end of the coroutine", function()
    return child:lua("return _G.record.ended or false") and child:lua("return _G.record")
  end)
  eq({ record.nested, record.ok, record.err }, { false, true, nil })
  eq(copy:programs(), { "release/chatvim" })
end

T["lazy's <C-c> ends the wait for another process, whose lock stays"] = function()
  local copy = copies.make()
  local child = waiting_for_lock(copy)
  child:lua([[
    for _, process in pairs(package.loaded["lazy.manage.process"].running) do
      process:kill()
    end
  ]])
  wait.until_true("the end of the coroutine", function()
    return child:lua("return _G.record.ended or false")
  end)
  eq(child:lua("return _G.record.err"), "chatvim: the installation was stopped")
  eq(vim.fn.readdir(copy.root .. "/build"), { "install.lock" })
end

--- Types keys in a Neovim with a screen and waits for a condition. Fails if Neovim waits for a key
--- meanwhile.
---@param child tests.Child
---@param keys string
---@param what string
---@param is_done fun(): boolean?
local function type_and_watch(child, keys, what, is_done)
  child:type(keys)
  wait.until_true(what, function()
    local mode = child:api("nvim_get_mode")
    if mode.blocking then
      error("Neovim waits for a key: " .. mode.mode)
    end
    return is_done()
  end)
end

--- Returns the last line of a child's screen.
---@param child tests.Child
---@return string
local function last_line(child)
  return child:lua([[
    local cells = {}
    for column = 1, vim.o.columns do
      cells[column] = vim.fn.screenstring(vim.o.lines, column)
    end
    return table.concat(cells)
  ]])
end

for command, keys in pairs({
  luafile = ":luafile chatvim/build.lua<CR>",
  source = ":source chatvim/build.lua<CR>",
  dofile = ":lua dofile('chatvim/build.lua')<CR>",
}) do
  T["an interactive " .. command .. " shows one line and waits for no key"] = function()
    local copy = copies.make()
    local gate = copy.base .. "/gate"
    local child = child_at(copy, { screen = true }, { GATE = gate })
    type_and_watch(child, keys, "the progress", function()
      return last_line(child):find("chatvim: building 50 % (20 of 40 files left)", 1, true)
    end)
    system.write(gate, "")
    type_and_watch(child, "", "the end", function()
      return last_line(child):find("chatvim: the program is built", 1, true)
    end)
    eq(copy:programs(), { "release/chatvim" })
    -- `:messages` does not keep the progress.
    local messages = child:messages()
    eq({ messages, messages:find("building 50", 1, true) }, { messages, nil })
  end
end

T["an interactive build that is interrupted leaves nothing running"] = function()
  local copy = copies.make()
  local child = child_at(copy, { screen = true }, { GATE = copy.base .. "/never" })
  child:type(":luafile chatvim/build.lua<CR>")
  local pid = wait.until_true("the build's process", function()
    return copy:pid()
  end)
  eq(system.is_alive(pid), true)
  child:type("<C-c>")
  wait.until_true("the end of the build's process", function()
    return not system.is_alive(pid)
  end)
end

T["text longer than the screen is truncated"] = function()
  local child = children.start()
  local fit = "return require('chatvim.install.progress').fit(...)"
  eq(child:lua(fit, "chatvim: building 50 %", 10), "chatvim: …")
  eq(child:lua(fit, "chatvim: building 50 %", 80), "chatvim: building 50 %")
  eq(child:lua(fit, "日本語日本語", 5), "日本…")
  eq(child:lua(fit, "日本語日本語", 6), "日本…")
end

T["the output of ninja and make is parsed as percent"] = function()
  local child = children.start()
  local parse = "return { require('chatvim.install.progress').parse(...) }"
  eq(child:lua(parse, "[84/175] Building CXX object x.cpp.o"), { 48, " (91 of 175 files left)" })
  eq(child:lua(parse, "[ 48%] Building CXX object x.cpp.o"), { 48, "" })
  eq(child:lua(parse, "[100%] Linking CXX executable chatvim"), { 100, "" })
  eq(child:lua(parse, "-- Configuring done"), {})
  eq(child:lua(parse, "[0/0] Re-running CMake..."), {})
end

T["a script prints a line every few percent and exits with 0"] = function()
  local copy = copies.make()
  local ended = copy:install()
  eq({ ended.code, ended.stdout }, { 0, "" })
  local _, count = ended.stderr:gsub("chatvim: building", "")
  eq({ ended.stderr, count <= 11 and count >= 5 }, { ended.stderr, true })
  part(ended.stderr, "\nchatvim: the program is built\n")
  local log = system.read(copy.base .. "/home/.local/state/nvim/chatvim-build.log")
  part(log, "$ cmake --preset release\n")
  part(log, "[40/40] Building CXX object src/40.cpp.o\n")
  -- No more compilers than processors.
  local jobs = tostring(vim.uv.available_parallelism())
  part(copy:calls(), " --build build/release --target chatvim --parallel " .. jobs .. "\n")
end

T["ninja is used if it is installed and nothing was configured before"] = function()
  local copy = copies.make()
  eq(copy:install().code, 0)
  eq(copy:calls():match("^[^\n]*"), " --preset release")
  copy:script("ninja", "#!/bin/sh\n")
  os.remove(copy.base .. "/cmake.log")
  eq(copy:install().code, 0)
  eq(copy:calls():match("^[^\n]*"), "Ninja --preset release")
  system.write(
    copy.root .. "/build/release/CMakeCache.txt",
    "CMAKE_HOME_DIRECTORY:INTERNAL=" .. copy.root .. "\n"
  )
  os.remove(copy.base .. "/cmake.log")
  eq(copy:install({ CMAKE_BUILD_PARALLEL_LEVEL = "1" }).code, 0)
  eq(copy:calls():match("^[^\n]*"), " --preset release")
  part(copy:calls(), " --parallel 1\n")
  -- A build folder that was copied from elsewhere is configured again.
  system.write(
    copy.root .. "/build/release/CMakeCache.txt",
    "CMAKE_HOME_DIRECTORY:INTERNAL=/elsewhere\n"
  )
  eq(copy:install().code, 0)
  eq(vim.uv.fs_stat(copy.root .. "/build/release/CMakeCache.txt"), nil)
end

T["after an update the new files run, in a Neovim that has run the old ones"] = function()
  local copy = copies.make()
  local child = child_at(copy)
  child:command("luafile chatvim/build.lua")
  eq(copy:programs(), { "release/chatvim" })
  local file = copy.root .. "/lua/chatvim/install/run.lua"
  system.write(file, "return { run = function(root) vim.g.ran = root end }\n")
  child:command("luafile chatvim/build.lua")
  eq(child:lua("return vim.g.ran"), copy.root)
end

T["files of editors and file managers next to the modules are not loaded"] = function()
  local copy = copies.make()
  for _, name in ipairs({ ".DS_Store", ".run.lua.swp", "run.lua~", "run.lua.orig", "4913" }) do
    system.write(copy.root .. "/lua/chatvim/install/" .. name, "\0no Lua")
  end
  local ended = copy:install()
  eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
  eq(copy:programs(), { "release/chatvim" })
end

T["in a folder with a name of any kind"] = function()
  local copy = copies.make()
  local strange = copy.base .. "/a 'b' $c %d/chatvim"
  vim.fn.mkdir(vim.fs.dirname(strange), "p")
  assert(vim.uv.fs_rename(copy.root, strange))
  copy.root = strange
  local ended = copy:install()
  eq({ ended.stderr, ended.code }, { ended.stderr, 0 })
  eq(copy:programs(), { "release/chatvim" })
end

return T
