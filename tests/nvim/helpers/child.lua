-- SPDX-License-Identifier: Apache-2.0
-- A child: a real Neovim with the plugin, in its own folders. Without a screen it speaks
-- msgpack-RPC on its standard input and output; with a screen it runs in a pseudo-terminal and is
-- controlled over a socket.
local launch = require("helpers.launch")
local system = require("helpers.system")
local wait = require("helpers.wait")

local M = {}

---@class tests.ChildOptions
---@field screen? boolean a real terminal of 80 columns and 24 lines
---@field env? table<string, string|false> false removes a variable
---@field config? string the text of config.md
---@field options? table vim.g.chatvim; may override `program`
---@field commands? string[] run before plugins are loaded
---@field plugin? string a plugin folder to load instead of the one under test
---@field files? string[]
---@field folder? string the working directory; default: a new one
---@field home? string the private folder of another child, to share or reuse it

---@class tests.Child
---@field options tests.ChildOptions
---@field home string a private folder
---@field folder string the working directory
---@field channel integer
---@field job integer
---@field pid integer the editor's
local Child = {}
Child.__index = Child

---@type table<tests.Child, true>
local started = {}
---@type table<string, true> private folders to delete
local homes = {}

--- Records the plugin's events in every child.
local PREPARE = [[
  _G.seen = { ChatvimStart = {}, ChatvimEnd = {} }
  vim.api.nvim_create_autocmd("User", {
    pattern = { "ChatvimStart", "ChatvimEnd" },
    callback = function(event)
      table.insert(_G.seen[event.match], event.data)
    end,
  })
]]

--- Starts a Neovim.
---@param options? tests.ChildOptions
---@return tests.Child
function M.start(options)
  options = options or {}
  local self = setmetatable({ options = options }, Child)
  self.home = options.home
    or vim.uv.fs_realpath(vim.fn.fnamemodify(vim.fn.tempname(), ":h"))
      .. "/child-"
      .. vim.uv.hrtime()
  homes[self.home] = true
  self.folder = options.folder or self.home .. "/work"
  for _, name in ipairs({ "/config/chatvim", "/state", "/data", "/cache", "/work" }) do
    vim.fn.mkdir(self.home .. name, "p")
  end
  if options.config then
    self:write_config(options.config)
  end
  local start = options.screen and launch.screen or launch.headless
  self.job, self.channel = start(self)
  started[self] = true
  wait.until_true("the end of Neovim's start", function()
    return self:lua("return vim.v.vim_did_enter") == 1
  end)
  self:lua(PREPARE)
  self.pid = self:lua("return vim.fn.getpid()")
  return self
end

function M.stop_all()
  for child in pairs(started) do
    child:stop()
  end
  for home in pairs(homes) do
    vim.fn.delete(home, "rf")
  end
  homes = {}
end

--- Quits the Neovim and waits until it has exited. Its folders stay until the end of the case.
function Child:stop()
  if not started[self] then
    return
  end
  started[self] = nil
  if self.channel == self.job then
    pcall(vim.rpcnotify, self.channel, "nvim_command", "silent! qall!")
  else
    -- A normal exit of Neovim 0.12 waits a second for a terminal that does not answer.
    pcall(vim.uv.kill, self.pid, "sigkill")
    vim.fn.jobstop(self.job)
  end
  if vim.fn.jobwait({ self.job }, 5000)[1] == -1 then
    pcall(vim.uv.kill, self.pid, "sigkill")
    vim.fn.jobstop(self.job)
    vim.fn.jobwait({ self.job }, 5000)
  end
  if self.channel ~= self.job then
    pcall(vim.fn.chanclose, self.channel)
  end
end

--- Kills the Neovim at once, as a power cut would.
function Child:kill()
  started[self] = nil
  assert(vim.uv.kill(self.pid, "sigkill"))
  vim.fn.jobwait({ self.job }, 5000)
  if self.channel ~= self.job then
    pcall(vim.fn.chanclose, self.channel)
  end
end

--- Starts another Neovim in the same folders.
---@param options? tests.ChildOptions
---@return tests.Child
function Child:another(options)
  local same = { home = self.home, folder = self.folder }
  return M.start(vim.tbl_extend("force", self.options, same, options or {}))
end

--- Replaces config.md.
---@param text string
function Child:write_config(text)
  system.write(self.home .. "/config/chatvim/config.md", text)
end

--- Runs Lua in the child and returns its result.
---@param code string
---@param ... any the arguments of the chunk
---@return any
function Child:lua(code, ...)
  self:_expect_no_prompt()
  return vim.rpcrequest(self.channel, "nvim_exec_lua", code, { ... })
end

--- Runs an Ex command in the child.
---@param command string
function Child:command(command)
  self:_expect_no_prompt()
  vim.rpcrequest(self.channel, "nvim_command", command)
end

--- Calls an API function. While the child waits for a key, only the functions that |api-fast| lists
--- work.
---@param name string
---@param ... any
---@return any
function Child:api(name, ...)
  return vim.rpcrequest(self.channel, name, ...)
end

--- Fails if the child waits for Enter, because then it would never answer.
function Child:_expect_no_prompt()
  local mode = vim.rpcrequest(self.channel, "nvim_get_mode")
  if mode.blocking and mode.mode:find("^r") then
    error("Neovim waits for Enter", 3)
  end
end

--- Queues typed keys, such as "<Esc>", and does not wait until the child has processed them.
---@param keys string
function Child:type(keys)
  vim.rpcrequest(self.channel, "nvim_input", keys)
end

--- Types keys and waits until they have been processed. A mode or operator that waits for more keys
--- stays active.
---@param keys string
function Child:feed(keys)
  self:lua("vim.api.nvim_feedkeys(vim.keycode(...), 'xt!', false)", keys)
end

--- Writes `text` to a file in the child's folder and opens it, with the cursor at its end.
---@param text string
---@param name? string
---@return integer buf
function Child:chat(text, name)
  local path = self.folder .. "/" .. (name or "chat.md")
  system.write(path, text)
  self:command("edit " .. vim.fn.fnameescape(path))
  self:command("normal! G$")
  return self:api("nvim_get_current_buf")
end

--- Returns the lines of a buffer.
---@param buf? integer
---@return string[]
function Child:lines(buf)
  return self:api("nvim_buf_get_lines", buf or 0, 0, -1, true)
end

--- Returns the text of a buffer.
---@param buf? integer
---@return string
function Child:text(buf)
  return table.concat(self:lines(buf), "\n")
end

--- Waits until a buffer contains `text`.
---@param text string
---@param buf? integer
function Child:wait_text(text, buf)
  wait.until_true(("%q in the buffer"):format(text), function()
    return self:text(buf):find(text, 1, true)
  end)
end

--- Returns the data of each event so far.
---@param name "ChatvimStart"|"ChatvimEnd"
---@return table[]
function Child:events(name)
  return self:lua("return _G.seen[...]", name)
end

--- Waits until `count` answers (default 1) have ended and returns the event data of the last.
---@param count? integer
---@return table
function Child:wait_end(count)
  count = count or 1
  local ends = wait.until_true(("the end of answer %d"):format(count), function()
    local ends = self:events("ChatvimEnd")
    return #ends >= count and ends
  end)
  return ends[#ends]
end

--- Completes the chat in the current buffer and waits for the end of the answer.
---@param command? string the command to run instead of :ChatvimComplete
---@return table data of the event
function Child:complete(command)
  local before = #self:events("ChatvimEnd")
  self:command(command or "ChatvimComplete")
  return self:wait_end(before + 1)
end

--- Starts an answer; the server holds its first text back at the gate "start".
---@param command string
---@param standin tests.Standin
---@param reply table
function Child:begin(command, standin, reply)
  table.insert(reply.steps, 1, { wait = "start" })
  standin:script({ reply })
  self:command(command)
  standin:wait("waiting=start")
  self:sync()
end

--- Waits until `:messages` contains `part`.
---@param part string
function Child:wait_message(part)
  wait.until_true(("the message %q"):format(part), function()
    return self:messages():find(part, 1, true)
  end)
end

--- Returns the output of `:messages`.
---@return string
function Child:messages()
  return self:lua("return vim.api.nvim_exec2('messages', { output = true }).output")
end

--- Returns the process id of the program, or nil if it does not run.
---@return integer?
function Child:program_pid()
  local pid = self:lua([[
    for _, channel in ipairs(vim.api.nvim_list_chans()) do
      if channel.stream == "job" and (channel.argv or {})[2] == "serve" then
        -- The program may just have exited.
        local running, pid = pcall(vim.fn.jobpid, channel.id)
        return running and pid or nil
      end
    end
  ]])
  return pid ~= vim.NIL and pid or nil
end

--- Returns the plugin's virtual text and virtual lines in a buffer.
---@param buf? integer
---@return string
function Child:virtual_text(buf)
  return self:lua(
    [[
    local texts = {}
    local namespace = vim.api.nvim_get_namespaces()["chatvim.ui"]
    if not namespace then
      return ""
    end
    local marks = vim.api.nvim_buf_get_extmarks(..., namespace, 0, -1, { details = true })
    for _, mark in ipairs(marks) do
      local lines = mark[4].virt_lines or {}
      table.insert(lines, mark[4].virt_text)
      for _, line in ipairs(lines) do
        for _, chunk in ipairs(line) do
          table.insert(texts, chunk[1])
        end
      end
    end
    return table.concat(texts)
  ]],
    buf or 0
  )
end

--- Waits for one turn of the child's event loop, so that scheduled callbacks have run.
function Child:sync()
  self:lua([[
    local done
    vim.schedule(function()
      done = true
    end)
    vim.wait(5000, function()
      return done
    end, 1)
  ]])
end

return M
