-- SPDX-License-Identifier: Apache-2.0
-- A headless Neovim with a 120x40 screen: runs `nvim --embed` over pipes and counts its redraw
-- events. The benchmark is its UI, as a terminal would be.
local uv = vim.uv

local M = {}

---@class bench.Editor
---@field pid integer
---@field flushes integer[] nanoseconds at which a screen was complete
---@field limit integer timeout for each operation, in milliseconds
local Editor = {}
Editor.__index = Editor

local CHAT = { "# === USER ===", "", "What is this?" }

--- Starts a Neovim with the plugin on its runtimepath (unless `plain`), a config.md, and markdown
--- highlighting enabled.
---@param options { config?: string, env?: table<string, string>, plain?: boolean }
---@return bench.Editor
function M.start(options)
  local self = setmetatable({ flushes = {}, responses = {}, next_id = 0, limit = 60000 }, Editor)
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

--- Calls an API function and returns its result.
function Editor:request(method, ...)
  self.next_id = self.next_id + 1
  local id = self.next_id
  self.stdin:write(vim.mpack.encode({ 0, id, method, { ... } }))
  assert(
    vim.wait(self.limit, function()
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

--- Runs `code` and returns the value that it passes to `_G.done(value)` when it has finished.
---@param code string
---@param ... any arguments of `code`
---@return any
function Editor:await(code, ...)
  self:lua("_G.result = nil; function _G.done(value) _G.result = value or true end")
  self:lua(code, ...)
  local result
  -- Polling costs the editor time, so poll seldom and start late.
  local deadline = uv.hrtime() + self.limit * 1e6
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

--- Returns the longest time between two complete screens within a period, in milliseconds.
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

--- Opens a chat with tree-sitter markdown highlighting and puts the cursor on its last line.
---@param lines? string[]
function Editor:open_chat(lines)
  self:lua(
    [[
    local lines = ...
    vim.cmd("enew!")
    vim.api.nvim_buf_set_lines(0, 0, -1, false, lines)
    vim.cmd("file " .. vim.fn.tempname() .. ".md")
    vim.bo.filetype = "markdown"
    pcall(vim.treesitter.start, 0, "markdown")
    vim.cmd("normal! G$")
  ]],
    lines or CHAT
  )
end

--- Types keys, in the notation used by mappings.
---@param keys string
function Editor:input(keys)
  self:request("nvim_input", keys)
end

--- Starts a chat as a user does: opens a new markdown file and types a question.
---@param text string
function Editor:type_chat(text)
  self:lua("vim.cmd.edit(vim.fn.tempname() .. '.md')")
  self:input("i" .. text .. "<Esc>")
end

local COMPLETE = [[
  local function on_end(event)
    _G.done({ vim.uv.hrtime(), event.data.outcome, event.data.message })
  end
  vim.api.nvim_create_autocmd("User", { pattern = "ChatvimEnd", once = true, callback = on_end })
  _G.started = vim.uv.hrtime()
  vim.cmd("ChatvimComplete")
  _G.blocked = (vim.uv.hrtime() - _G.started) / 1e6
]]

--- Answers the chat.
---@return integer ended nanoseconds
---@return integer started
---@return number blocked milliseconds that the command took
function Editor:complete()
  local result = self:await(COMPLETE)
  assert(result[2] == "done", vim.inspect(result))
  return result[1], self:lua("return _G.started"), self:lua("return _G.blocked")
end

--- Returns the program's memory in MB.
---@param which "VmRSS"|"VmHWM" the current value or the peak
---@return number
function Editor:memory(which)
  local pid = self:lua([[
    for _, channel in ipairs(vim.api.nvim_list_chans()) do
      if channel.argv and channel.argv[2] == "serve" then return vim.fn.jobpid(channel.id) end
    end
  ]])
  for line in io.lines(("/proc/%d/status"):format(pid)) do
    local kilobytes = line:match("^" .. which .. ":%s+(%d+)")
    if kilobytes then
      return tonumber(kilobytes) / 1024
    end
  end
  error("the program's memory is not known")
end

return M
