-- SPDX-License-Identifier: Apache-2.0
-- build.lua under real plugin managers, in a Neovim with a screen, which must never wait for a key.
-- vim.pack is part of Neovim since 0.12; the others run if the environment names a checkout:
-- CHATVIM_LAZY, CHATVIM_PACKER, CHATVIM_MINI_DEPS.
local children = require("helpers.child")
local copies = require("helpers.plugin_copy")
local environment = require("helpers.environment")
local part = require("helpers.case").expect_part
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = MiniTest.new_set({ hooks = { post_case = children.stop_all } })

--- Makes the copy a git repository with one commit.
---@param copy tests.PluginCopy
---@return string url
local function publish(copy)
  local person = { "-c", "user.name=Test", "-c", "user.email=test@example.invalid" }
  for _, arguments in ipairs({
    { "init", "-q", "-b", "main" },
    { "add", "-A" },
    { "commit", "-q", "-m", "All" },
  }) do
    local command = vim.list_extend({ "git", "-C", copy.root }, person)
    local ended = vim.system(vim.list_extend(command, arguments)):wait()
    assert(ended.code == 0, ended.stderr)
  end
  return "file://" .. copy.root
end

--- Starts a Neovim with a screen and this init.lua, in which %URL, %BASE and %MANAGER are expanded.
---@param copy tests.PluginCopy
---@param manager string? folder of the manager
---@param init string
---@param env? table<string, string|false>
---@return tests.Child
local function start(copy, manager, init, env)
  local path = copy.base .. "/init.lua"
  local values = { URL = publish(copy), BASE = copy.base, MANAGER = manager or "" }
  system.write(path, (init:gsub("%%(%u+)", values)))
  if not vim.uv.fs_stat(copy.base .. "/bin/nvim") then
    assert(vim.uv.fs_symlink(environment.nvim, copy.base .. "/bin/nvim"))
  end
  env =
    copy:env(vim.tbl_extend("force", { PATH = copy.base .. "/bin:" .. vim.env.PATH }, env or {}))
  return children.start({
    screen = true,
    env = env,
    folder = copy.base,
    plugin = copy.base .. "/nothing",
    files = { "-u", path },
  })
end

--- Waits for a condition. Fails if Neovim waits for a key meanwhile.
---@param child tests.Child
---@param what string
---@param is_done fun(): boolean?
local function watch(child, what, is_done)
  wait.until_true(what, function()
    local mode = child:api("nvim_get_mode")
    if mode.blocking then
      error("Neovim waits for a key: " .. mode.mode)
    end
    return is_done()
  end)
end

--- Returns how often the fake cmake has built.
---@param copy tests.PluginCopy
---@return integer
local function builds(copy)
  return select(2, copy:calls():gsub("%-%-build ", ""))
end

--- Returns the checkout that a variable names; skips the case if it is not set.
---@param variable string
---@return string
local function checkout(variable)
  local path = vim.env[variable] or ""
  if path == "" then
    MiniTest.skip(variable .. " names no checkout")
  end
  return path
end

T["the README and the help have the same recipes"] = function()
  local readme = system.read(environment.root .. "/README.md")
  local help = system.read(environment.root .. "/doc/chatvim.txt")
  help = help:match("%*chatvim%-install%*\n(.-)%*g:chatvim_build%*")
  local count = 0
  for recipe in help:gmatch(">lua\n(.-)<\n") do
    part(readme, "\n" .. recipe:gsub("    ", "", 1):gsub("\n    ", "\n"))
    count = count + 1
  end
  eq(count, 3)
end

local PACK = [[
  vim.opt.packpath:prepend(vim.fn.stdpath("data") .. "/site")
  vim.api.nvim_create_autocmd("PackChanged", {
    callback = function(event)
      local data = event.data
      if data.spec.name == "chatvim" and data.kind ~= "delete" then
        dofile(data.path .. "/build.lua")
      end
    end,
  })
  vim.pack.add({ { src = "%URL", name = "chatvim" } }, { confirm = false })
  vim.g.went_on = true
]]

T["vim.pack installs at start-up, needs no key press, and start-up continues"] = function()
  if not vim.pack then
    MiniTest.skip("this Neovim has no vim.pack")
  end
  local copy = copies.make()
  local child = start(copy, nil, PACK)
  eq(child:lua("return vim.g.went_on"), true)
  watch(child, "the program", function()
    return builds(copy) == 1
  end)
  local plugin = child.home .. "/data/nvim/site/pack/core/opt/chatvim"
  eq(vim.fn.executable(plugin .. "/build/release/chatvim"), 1)
  part(child:messages(), "chatvim: the program is built")
  eq(child:lua("return vim.fn.exists(':ChatvimComplete')"), 2)
end

local LAZY = [[
  vim.opt.rtp:prepend("%MANAGER")
  require("lazy").setup({ { "chatvim/chatvim", url = "%URL", build = %BUILD } }, {
    root = "%BASE/lazy",
    lockfile = "%BASE/lazy-lock.json",
    rocks = { enabled = false },
  })
  vim.g.went_on = true
]]

for name, build in pairs({
  ["build.lua by itself"] = "nil",
  ["a function with dofile"] = "function(plugin) dofile(plugin.dir .. '/build.lua') end",
  [":luafile"] = "':luafile %BASE/lazy/chatvim/build.lua'",
}) do
  T["lazy.nvim installs at start-up and builds again on demand: " .. name] = function()
    local manager = checkout("CHATVIM_LAZY")
    local copy = copies.make()
    local child = start(copy, manager, (LAZY:gsub("%%BUILD", (build:gsub("%%", "%%%%")))))
    eq(child:lua("return vim.g.went_on"), true)
    watch(child, "the first build", function()
      return builds(copy) == 1
    end)
    local program = copy.base .. "/lazy/chatvim/build/release/chatvim"
    eq(vim.fn.executable(program), 1)
    assert(os.remove(program))
    child:type(":Lazy build chatvim<CR>")
    watch(child, "the second build", function()
      return builds(copy) == 2 and vim.fn.executable(program) == 1
    end)
    -- lazy's scheduler still works and has no task left.
    watch(child, "the end of lazy's tasks", function()
      return child:lua(
        "return #require('lazy.async')._active + #require('lazy.async')._suspended == 0"
      )
    end)
    local tasks = child:lua([[
      local texts = {}
      for _, task in ipairs(require("lazy.core.config").plugins.chatvim._.tasks or {}) do
        local failed = task:has_errors() and " FAILED" or ""
        table.insert(texts, task.name .. ": " .. task:output() .. failed)
      end
      return table.concat(texts, "\n")
    ]])
    eq({ tasks, tasks:find("FAILED", 1, true) }, { tasks, nil })
  end
end

T["lazy.nvim shows the error of a build that fails"] = function()
  local manager = checkout("CHATVIM_LAZY")
  local copy = copies.make()
  local child = start(copy, manager, (LAZY:gsub("%%BUILD", "nil")), { FAKE = "failing" })
  local output = wait.until_true("the error", function()
    return child:lua([[
      for _, task in ipairs(require("lazy.core.config").plugins.chatvim._.tasks or {}) do
        if task.name == "build" and task:has_errors() then
          return task:output()
        end
      end
      return false
    ]])
  end)
  part(output, "chatvim: correct what is reported below, then run `:Lazy build chatvim`")
  part(output, "was not declared in this scope")
end

local PACKER = [[
  -- packer would run :UpdateRemotePlugins, which fails with --clean: the folder of its file is
  -- missing.
  vim.g.loaded_remote_plugins = 1
  vim.opt.packpath:prepend(vim.fn.stdpath("data") .. "/site")
  vim.opt.rtp:prepend("%MANAGER")
  require("packer").startup({
    function(use)
      use({ "chatvim/chatvim", run = %RUN })
    end,
    config = {
      compile_path = "%BASE/compiled.lua",
      git = { default_url_format = "file://%BASE/remote/%s" },
    },
  })
  vim.api.nvim_create_autocmd("User", {
    pattern = "PackerComplete",
    callback = function()
      vim.g.complete = true
    end,
  })
]]

local PACKER_FOLDER = 'vim.fn.stdpath("data") .. "/site/pack/packer/start/chatvim"'
for name, run in pairs({
  ["nvim -l"] = '"nvim -l build.lua"',
  ["a function with dofile"] = "function() dofile(" .. PACKER_FOLDER .. ' .. "/build.lua") end',
  ["a function with loadfile"] = "function() loadfile("
    .. PACKER_FOLDER
    .. ' .. "/build.lua")() end',
  [":luafile"] = '":luafile " .. ' .. PACKER_FOLDER .. ' .. "/build.lua"',
}) do
  T["packer installs and builds: " .. name] = function()
    local manager = checkout("CHATVIM_PACKER")
    local copy = copies.make()
    vim.fn.mkdir(copy.base .. "/remote/chatvim", "p")
    assert(vim.uv.fs_symlink(copy.root, copy.base .. "/remote/chatvim/chatvim"))
    local child = start(copy, manager, (PACKER:gsub("%%RUN", (run:gsub("%%", "%%%%")))))
    child:type(":PackerInstall<CR>")
    watch(child, "packer's end", function()
      return child:lua("return vim.g.complete") == true
    end)
    local plugin = child.home .. "/data/nvim/site/pack/packer/start/chatvim"
    eq({ builds(copy), vim.fn.executable(plugin .. "/build/release/chatvim") }, { 1, 1 })
  end
end

local MINI = [[
  vim.opt.packpath:prepend(vim.fn.stdpath("data") .. "/site")
  vim.opt.rtp:prepend("%MANAGER")
  require("mini.deps").setup()
  local function build(plugin)
    dofile(plugin.path .. "/build.lua")
  end
  MiniDeps.add({
    source = "%URL",
    name = "chatvim",
    hooks = { post_install = build, post_checkout = build },
  })
  vim.g.went_on = true
]]

T["mini.deps installs at start-up, needs no key press, and start-up continues"] = function()
  local manager = checkout("CHATVIM_MINI_DEPS")
  local copy = copies.make()
  local child = start(copy, manager, MINI)
  eq(child:lua("return vim.g.went_on"), true)
  local plugin = child.home .. "/data/nvim/site/pack/deps/opt/chatvim"
  eq({ builds(copy), vim.fn.executable(plugin .. "/build/release/chatvim") }, { 1, 1 })
  watch(child, "the command", function()
    return child:lua("return vim.fn.exists(':ChatvimComplete')") == 2
  end)
end

return T
