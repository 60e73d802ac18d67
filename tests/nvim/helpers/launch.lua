-- SPDX-License-Identifier: Apache-2.0
-- Starts a Neovim with the plugin, in its own environment.
local environment = require("helpers.environment")
local wait = require("helpers.wait")

local M = {}

--- Patterns of environment variables to remove, because they could change the result of a test.
local REMOVED =
  { "^NVIM", "^VIMINIT$", "^MYVIMRC$", "^XDG_", "API_KEY$", "BASE_URL$", "proxy$", "PROXY$" }

--- Starts a Neovim without a screen, which speaks msgpack-RPC on its standard input and output.
---@param child tests.Child
---@return integer job
---@return integer channel
function M.headless(child)
  -- These must precede file names, otherwise Neovim also reads its standard input as a file.
  local job = M._start(child, { "--embed", "--headless" }, { rpc = true })
  M._wait_for(job)
  return job, job
end

--- Waits until a child answers, with a limit. A request to a child that hangs at its start would
--- block for ever, and the run would end without an explanation.
---@param job integer
function M._wait_for(job)
  _G.child_up = nil
  -- The child's own end of the channel has the number 1.
  local reply = "vim.rpcnotify(1, 'nvim_exec_lua', '_G.child_up = true', {})"
  vim.rpcnotify(job, "nvim_exec_lua", reply, {})
  local up = vim.wait(wait.limit, function()
    return _G.child_up
  end, 2)
  if not up then
    local pid = vim.fn.jobpid(job)
    local state = {}
    for _, name in ipairs({ "wchan", "syscall", "status" }) do
      local ok, lines = pcall(vim.fn.readfile, ("/proc/%d/%s"):format(pid, name), "", 3)
      state[#state + 1] = ok and table.concat(lines, " ") or nil
    end
    vim.fn.jobstop(job)
    error("Neovim does not answer: " .. table.concat(state, "; "), 0)
  end
end

--- Starts a Neovim in a pseudo-terminal and connects to its socket.
---@param child tests.Child
---@return integer job
---@return integer channel
function M.screen(child)
  local address = child.home .. "/socket"
  local job = M._start(child, { "--listen", address }, { pty = true, width = 80, height = 24 })
  local channel = wait.until_true("the child's socket", function()
    local ok, channel = pcall(vim.fn.sockconnect, "pipe", address, { rpc = true })
    return ok and channel > 0 and channel
  end)
  wait.until_true("the child's screen", function()
    return #vim.rpcrequest(channel, "nvim_list_uis") > 0
  end)
  return job, channel
end

---@param child tests.Child
---@param first string[] arguments
---@param job_options table
---@return integer job
function M._start(child, first, job_options)
  local arguments = { environment.nvim, "--clean", "-n", "-i", "NONE" }
  vim.list_extend(arguments, first)
  vim.list_extend(arguments, M._arguments(child.options))
  job_options.cwd = child.folder
  job_options.clear_env = true
  job_options.env = M._environment(child)
  local job = vim.fn.jobstart(arguments, job_options)
  assert(job > 0, "Neovim did not start")
  return job
end

---@param options tests.ChildOptions
---@return string[]
function M._arguments(options)
  local plugin = vim.tbl_extend("force", { program = environment.program }, options.options or {})
  local commands = {
    "set runtimepath^=" .. vim.fn.fnameescape(options.plugin or environment.root),
    "lua vim.g.chatvim = vim.json.decode([==[" .. vim.json.encode(plugin) .. "]==])",
  }
  local arguments = {}
  for _, command in ipairs(vim.list_extend(commands, options.commands or {})) do
    vim.list_extend(arguments, { "--cmd", command })
  end
  return vim.list_extend(arguments, options.files or {})
end

---@param child tests.Child
---@return table<string, string>
function M._environment(child)
  local env = {}
  for name, value in pairs(vim.fn.environ()) do
    local removed = vim.iter(REMOVED):any(function(pattern)
      return name:find(pattern) ~= nil
    end)
    env[name] = not removed and value or nil
  end
  for _, name in ipairs({ "config", "state", "data", "cache" }) do
    env["XDG_" .. name:upper() .. "_HOME"] = child.home .. "/" .. name
  end
  env.TERM = "xterm-256color"
  for name, value in pairs(child.options.env or {}) do
    env[name] = value or nil
  end
  return env
end

return M
