-- SPDX-License-Identifier: Apache-2.0
-- A real Neovim with the plugin, in folders of its own. Without a screen it is a child that speaks
-- msgpack-RPC on its standard input and output; with one it is a terminal program in a
-- pseudo-terminal, reached over its socket.
local launch = require("helpers.launch")
local system = require("helpers.system")
local wait = require("helpers.wait")

local M = {}

---@class tests.ChildOptions
---@field screen? boolean a real terminal of 80 columns and 24 lines
---@field env? table<string, string|false> false takes a variable away
---@field config? string the text of config.md
---@field options? table vim.g.chatvim, over the path of the program
---@field commands? string[] run before plugins are loaded
---@field plugin? string the plugin's folder, in place of the one under test
---@field files? string[]
---@field folder? string the working directory; one of its own if not given
---@field home? string the private folder of another child, for one that comes after it or beside it

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
---@type table<string, true> private folders that are still there
local homes = {}

--- What every child has for its tests: records of the events and of errors.
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

--- Ends the Neovim and waits until it is gone. Its folders stay until the end of the case.
function Child:stop()
  if not started[self] then
    return
  end
  started[self] = nil
  if self.channel == self.job then
    pcall(vim.rpcnotify, self.channel, "nvim_command", "silent! qall!")
  else
    -- From 0.12 on a terminal that does not answer is waited for a second, at a usual end.
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

--- Ends the Neovim as a power cut would: at once, whatever it does.
function Child:kill()
  started[self] = nil
  assert(vim.uv.kill(self.pid, "sigkill"))
  vim.fn.jobwait({ self.job }, 5000)
  if self.channel ~= self.job then
    pcall(vim.fn.chanclose, self.channel)
  end
end

--- Another Neovim in the same folders.
---@param options? tests.ChildOptions
---@return tests.Child
function Child:another(options)
  local same = { home = self.home, folder = self.folder }
  return M.start(vim.tbl_extend("force", self.options, same, options or {}))
end

--- Puts another config.md in place.
---@param text string
function Child:write_config(text)
  system.write(self.home .. "/config/chatvim/config.md", text)
end

--- Runs Lua in the child.
---@param code string
---@param ... any its `...`
---@return any
function Child:lua(code, ...)
  self:_expect_no_prompt()
  return vim.rpcrequest(self.channel, "nvim_exec_lua", code, { ... })
end

--- An Ex command in the child.
---@param command string
function Child:command(command)
  self:_expect_no_prompt()
  vim.rpcrequest(self.channel, "nvim_command", command)
end

--- Calls an API function; while the child waits for a key this works only for those that are
--- "fast".
---@param name string
---@param ... any
---@return any
function Child:api(name, ...)
  return vim.rpcrequest(self.channel, name, ...)
end

--- An error where the child waits for Enter: it would never answer.
function Child:_expect_no_prompt()
  local mode = vim.rpcrequest(self.channel, "nvim_get_mode")
  if mode.blocking and mode.mode:find("^r") then
    error("Neovim waits for Enter", 3)
  end
end

--- Types keys, in the notation of maps; they are worked on when the child comes to them.
---@param keys string
function Child:type(keys)
  vim.rpcrequest(self.channel, "nvim_input", keys)
end

--- Types keys and waits until they have been worked on, except for a mode or an operator that waits
--- for more.
---@param keys string
function Child:feed(keys)
  self:lua("vim.api.nvim_feedkeys(vim.keycode(...), 'xt!', false)", keys)
end

--- Opens a chat that holds `text` as a file of the child's folder; the cursor is at its end.
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

--- The lines of a buffer.
---@param buf? integer
---@return string[]
function Child:lines(buf)
  return self:api("nvim_buf_get_lines", buf or 0, 0, -1, true)
end

--- The text of a buffer.
---@param buf? integer
---@return string
function Child:text(buf)
  return table.concat(self:lines(buf), "\n")
end

--- Waits until a buffer's text contains something.
---@param text string
---@param buf? integer
function Child:wait_text(text, buf)
  wait.until_true(("%q in the buffer"):format(text), function()
    return self:text(buf):find(text, 1, true)
  end)
end

--- The data of the events so far.
---@param name "ChatvimStart"|"ChatvimEnd"
---@return table[]
function Child:events(name)
  return self:lua("return _G.seen[...]", name)
end

--- Waits for the end of so many answers (1 if not given) and gives the data of the last.
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

--- Completes the chat of the current buffer and waits for its end.
---@param command? string another one that asks for an answer
---@return table data of the event
function Child:complete(command)
  local before = #self:events("ChatvimEnd")
  self:command(command or "ChatvimComplete")
  return self:wait_end(before + 1)
end

--- Starts an answer up to where the server waits before its first text, at the gate "start".
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

--- Waits for a part of a message.
---@param part string
function Child:wait_message(part)
  wait.until_true(("the message %q"):format(part), function()
    return self:messages():find(part, 1, true)
  end)
end

--- What `:messages` shows.
---@return string
function Child:messages()
  return self:lua("return vim.api.nvim_exec2('messages', { output = true }).output")
end

--- The process id of the program, when it runs.
---@return integer?
function Child:program_pid()
  local pid = self:lua([[
    for _, channel in ipairs(vim.api.nvim_list_chans()) do
      if channel.stream == "job" and (channel.argv or {})[2] == "serve" then
        -- It may have ended a moment ago.
        local running, pid = pcall(vim.fn.jobpid, channel.id)
        return running and pid or nil
      end
    end
  ]])
  return pid ~= vim.NIL and pid or nil
end

--- What the plugin shows beside a buffer's text: its virtual text and virtual lines.
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

--- Makes a round through the child's event loop, so that what was scheduled has happened.
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
