-- SPDX-License-Identifier: Apache-2.0
-- A Neovim with a screen of 120x40 that nobody looks at: `nvim --embed` over pipes, its redraw
-- events counted. The bench is its UI, as a terminal would be.
local uv = vim.uv

local M = {}

---@class bench.Editor
---@field pid integer
---@field flushes integer[] nanoseconds at which a screen was complete
local Editor = {}
Editor.__index = Editor

local LIMIT = 60000

--- Starts one with the plugin on its runtimepath (unless `plain`), a config.md and markdown
--- highlighting on.
---@param options { config?: string, env?: table<string, string>, plain?: boolean }
---@return bench.Editor
function M.start(options)
  local self = setmetatable({ flushes = {}, responses = {}, next_id = 0 }, Editor)
  self.home = vim.fn.tempname()
  vim.fn.mkdir(self.home .. "/chatvim", "p")
  if options.config then
    vim.fn.writefile(vim.split(options.config, "\n"), self.home .. "/chatvim/config.md")
  end
  local environment = vim.fn.environ()
  environment.XDG_CONFIG_HOME, environment.XDG_STATE_HOME = self.home, self.home
  environment.NVIM = nil
  for name, value in pairs(options.env or {}) do
    environment[name] = value
  end
  local list = {}
  for name, value in pairs(environment) do
    table.insert(list, name .. "=" .. value)
  end
  local arguments = { "--embed", "--clean", "-n", "-i", "NONE" }
  if not options.plain then
    local root = vim.env.CHATVIM_ROOT
    vim.list_extend(arguments, { "--cmd", "set rtp^=" .. root })
    vim.list_extend(
      arguments,
      { "--cmd", ("let g:chatvim = {'program': '%s'}"):format(vim.env.CHATVIM_PROGRAM) }
    )
  end
  self:_spawn(arguments, list)
  self:request("nvim_ui_attach", 120, 40, { ext_linegrid = true })
  self:lua("vim.cmd('filetype plugin indent on | syntax on')")
  return self
end

function Editor:_spawn(arguments, environment)
  self.stdin, self.stdout = uv.new_pipe(), uv.new_pipe()
  self.handle, self.pid = uv.spawn(vim.v.progpath, {
    args = arguments,
    env = environment,
    stdio = { self.stdin, self.stdout, 2 },
  }, function()
    self.ended = true
  end)
  local unpack = vim.mpack.Unpacker({
    ext = {
      [0] = function(_, s)
        return vim.mpack.decode(s)
      end,
      [1] = function(_, s)
        return vim.mpack.decode(s)
      end,
      [2] = function(_, s)
        return vim.mpack.decode(s)
      end,
    },
  })
  local rest = ""
  self.stdout:read_start(function(_, data)
    local now = uv.hrtime()
    rest = rest .. (data or "")
    local position = 1
    while position <= #rest do
      local message, after = unpack(rest, position)
      position = after
      if message == nil then
        break
      end
      self:_take(message, now)
    end
    rest = rest:sub(position)
  end)
end

function Editor:_take(message, now)
  if message[1] == 1 then
    self.responses[message[2]] = { error = message[3], result = message[4] }
  elseif message[1] == 2 and message[2] == "redraw" then
    for _, event in ipairs(message[3]) do
      if event[1] == "flush" then
        table.insert(self.flushes, now)
      end
    end
  end
end

--- Calls an API function and waits for what it gives.
function Editor:request(method, ...)
  self.next_id = self.next_id + 1
  local id = self.next_id
  self.stdin:write(vim.mpack.encode({ 0, id, method, { ... } }))
  assert(
    vim.wait(LIMIT, function()
      return self.responses[id] ~= nil
    end, 1),
    "no answer to " .. method
  )
  local response = self.responses[id]
  self.responses[id] = nil
  if response.error ~= vim.NIL and response.error ~= nil then
    error(vim.inspect(response.error))
  end
  return response.result
end

function Editor:lua(code, ...)
  return self:request("nvim_exec_lua", code, { ... })
end

--- Runs `code`, which calls `_G.done(value)` when it is over, and gives the value.
function Editor:await(code, ...)
  self:lua("_G.result = nil; function _G.done(value) _G.result = value or true end")
  self:lua(code, ...)
  local result
  -- Asking costs the editor time: seldom, and late.
  local deadline = uv.hrtime() + LIMIT * 1e6
  while uv.hrtime() < deadline do
    vim.wait(100)
    result = self:lua("return _G.result")
    if result ~= vim.NIL and result ~= nil then
      return result
    end
  end
  error("the editor did not finish")
end

function Editor:stop()
  pcall(uv.kill, self.pid, "sigkill")
  vim.wait(2000, function()
    return self.ended
  end, 5)
  self.stdin:close()
  self.stdout:close()
  vim.fn.delete(self.home, "rf")
end

--- The longest time between two complete screens within a span, in milliseconds.
function Editor:longest_flush_gap(from, to)
  local longest, last = 0, from
  for _, at in ipairs(self.flushes) do
    if at > from and at <= to then
      longest = math.max(longest, at - last)
      last = at
    end
  end
  return math.max(longest, to - last) / 1e6
end

return M
