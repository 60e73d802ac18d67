-- SPDX-License-Identifier: Apache-2.0
-- The lifecycle of the program: starts it, exchanges the hello, sends messages and dispatches those
-- that arrive. One program per Neovim.
local M = {}

local locate = require("chatvim.program.locate")

--- The protocol version of the plugin; the program reports its own in `hello`.
M.PROTOCOL = 2
--- The plugin's version, as in CMakeLists.txt.
M.VERSION = "0.1.0"

--- Timeout for the program's hello after its start, in ms.
M.hello_limit = 5000

--- How long Neovim waits on exit for the program to remove journals, in ms.
local LEAVE_LIMIT = 100

--- How much of a sent text `send_text` returns, in bytes.
M.TAIL = 128 * 1024
--- How many lines of a text are sent per message.
local PART = 500

--- One started program. Callbacks keep their own, so that those of an earlier program are
--- recognized.
---@class chatvim.Session
---@field path string
---@field channel integer
---@field pid integer
---@field ready boolean it has said hello
---@field early boolean no request has been sent to it yet
---@field version? string
---@field complaint string the last line on its standard error
---@field discards integer journals that it has yet to remove

---@type chatvim.Session?
local session
---@type table<integer, fun(name: string, fields: table)>
local listeners = {}
---@type fun(name: "start"|"down"|"lsp", fields: table)
local tell_language = function() end
local last_id = 0
local reported_at_open = false
local failed_early = false
local reported_journal = false

--- Returns a new, unique request id.
---@return integer
function M.next_id()
  last_id = last_id + 1
  return last_id
end

--- Calls `on_message` for every message from the program about `id`, until `forget`. When the
--- program ends, calls it with the name "down" and the field `message`.
---@param id integer
---@param on_message fun(name: string, fields: table)
function M.listen(id, on_message)
  listeners[id] = on_message
end

--- Stops listening for messages about `id`.
---@param id integer
function M.forget(id)
  listeners[id] = nil
end

--- Calls `handler` when the program starts or ends, and with its messages `lsp`, which belong to no
--- request. There is one handler.
---@param handler fun(name: "start"|"down"|"lsp", fields: table)
function M.handle_language(handler)
  tell_language = handler
end

--- Ends a session, whatever the cause: notifies all listeners; the next use starts a new program.
---@param over chatvim.Session
---@param reason string what the program did, as a predicate after its name
local function down(over, reason)
  if session ~= over then
    return
  end
  session = nil
  pcall(vim.fn.jobstop, over.channel)
  tell_language("down", {})
  local complaint = over.complaint ~= "" and ": " .. over.complaint or ""
  -- A program that never said hello is either not ours or broken.
  local message = over.ready and ("the chatvim program %s%s"):format(reason, complaint)
    or ("%s %s%s; %s"):format(over.path, reason, complaint, locate.advice())
  local waiting = listeners
  listeners = {}
  if over.early then
    failed_early = not over.ready
  elseif not next(waiting) and not over.ready and not reported_at_open then
    reported_at_open = true
    require("chatvim.notify").show(message, "warn")
  end
  -- One event, one message: the listener that shows it sets `quiet` for the others. Some listeners
  -- show nothing, so the first to be called need not be the one that shows it.
  local fields = { message = message, quiet = false, started = over.ready }
  for _, listener in pairs(waiting) do
    local ok, err = pcall(listener, "down", fields)
    if not ok then
      require("chatvim.notify").show("internal error at the program's end: " .. err, "error")
    end
  end
end

--- Sends a message without ever raising an error: the channel may just have been closed.
---@param to chatvim.Session
---@param name string
---@param fields table
---@return string? err
local function notify(to, name, fields)
  local ok, err = pcall(vim.rpcnotify, to.channel, name, fields)
  if ok then
    return
  end
  down(to, "closed its channel")
  return "the message could not be sent to the chatvim program: " .. tostring(err)
end

--- Describes an exit code. Neovim reports a signal as 128 plus its number.
---@param code integer
---@return string
local function describe(code)
  return code > 128 and ("signal %d"):format(code - 128) or ("code %d"):format(code)
end

--- Kills the program when Neovim exits. Otherwise Neovim waits up to two seconds for a child that
--- does not exit when its standard input closes, and nothing in the program is worth that wait.
local function watch_leave()
  vim.api.nvim_create_autocmd("VimLeavePre", {
    group = vim.api.nvim_create_augroup("chatvim.process", {}),
    desc = "Chatvim: end the program without waiting for it",
    callback = function()
      local over = session
      listeners = {}
      if over then
        -- After `:wq`, which saves an answer, its journal must be removed before the kill.
        vim.wait(LEAVE_LIMIT, function()
          return over.discards == 0
        end, 1)
        pcall(vim.fn.chanclose, over.channel)
        pcall(vim.uv.kill, over.pid, "sigkill")
      end
      session = nil
    end,
  })
end

--- Starts the program and sends the hello. Later messages need not wait for the program's hello,
--- because a program with another protocol version ignores them.
---@return string? err
local function start()
  local path, err = locate.find()
  if not path then
    return err
  end
  ---@type chatvim.Session
  local new = {
    path = path,
    channel = 0,
    pid = 0,
    ready = false,
    early = false,
    complaint = "",
    discards = 0,
  }
  pcall(vim.fn.mkdir, vim.fn.stdpath("log"), "p")
  local ok, channel = pcall(vim.fn.jobstart, { path, "serve", "--log", M.log_path() }, {
    rpc = true,
    on_stderr = function(_, lines)
      for _, line in ipairs(lines) do
        if line:find("%S") then
          new.complaint = line:gsub("%c", " "):sub(1, 500)
        end
      end
    end,
    on_exit = function(_, code)
      down(new, "ended (" .. describe(code) .. ")")
    end,
  })
  if not ok or channel <= 0 then
    return ("%s does not start%s; %s"):format(
      path,
      ok and "" or (": " .. tostring(channel):gsub("^.-:(E%d+:)", "%1")),
      locate.advice()
    )
  end
  new.channel = channel
  new.pid = vim.fn.jobpid(channel)
  session = new
  watch_leave()
  vim.defer_fn(function()
    if session == new and not new.ready then
      down(new, "is not a chatvim program or did not answer")
    end
  end, M.hello_limit)
  notify(new, "hello", { protocol = M.PROTOCOL, version = M.VERSION })
  tell_language("start", {})
end

--- Sends a message, starting the program first if necessary.
---@param name string
---@param fields table
---@return string? err why the program cannot be started
function M.send(name, fields)
  if not session then
    local err = start()
    if err then
      return err
    end
  end
  ---@cast session chatvim.Session
  session.early = false
  if name == "discard" and fields.id then
    session.discards = session.discards + 1
  end
  return notify(session, name, fields)
end

--- Sends a message with the text of a buffer in parts: the program reads them while Neovim collects
--- the rest, and the small parts reuse memory.
---@param name string
---@param fields table all fields except `text`
---@param buf integer
---@return string? err why the program cannot be started
---@return string[]? tail the end of the text, in parts; at least `TAIL` bytes if it is longer
function M.send_text(name, fields, buf)
  local row, last = 0, vim.api.nvim_buf_line_count(buf)
  local tail, tail_size = {}, 0
  local size = last > PART and vim.api.nvim_buf_get_offset(buf, last) or nil
  while last - row > PART do
    local lines = vim.api.nvim_buf_get_lines(buf, row, row + PART, true)
    -- Makes each part end with a line break.
    lines[PART + 1] = ""
    local text = table.concat(lines, "\n")
    local err = M.send("part", { text = text, size = size })
    if err then
      return err
    end
    tail[#tail + 1], tail_size = text, tail_size + #text
    while tail_size - #tail[1] > M.TAIL do
      tail_size = tail_size - #table.remove(tail, 1)
    end
    row = row + PART
  end
  fields.text = table.concat(vim.api.nvim_buf_get_lines(buf, row, last, true), "\n")
  tail[#tail + 1] = fields.text
  return M.send(name, fields), tail
end

--- Sends a message to the program if it is running, and does nothing otherwise.
---@param name string
---@param fields table
---@return boolean sent
function M.tell(name, fields)
  return session ~= nil and M.send(name, fields) == nil
end

--- Tells the program that a chat was opened, so that it starts and may open its connection. Shows
--- an error once.
---@param fields table `text` is the front matter
function M.open(fields)
  local err = M.send("open", fields)
  if err and not reported_at_open then
    reported_at_open = true
    require("chatvim.notify").show(err, "warn")
  end
end

--- Starts the program ahead of the first request, so that the first answer does not wait for it.
--- Reports no errors: a missing or broken program matters only when it is used.
---@param fields table the fields of the message `warm`
function M.warm(fields)
  if session or failed_early or start() then
    return
  end
  ---@cast session chatvim.Session
  session.early = true
  notify(session, "warm", fields)
end

--- Returns a table that is sent as a dictionary even if it is empty.
---@param values table
---@return table
function M.dictionary(values)
  return next(values) == nil and vim.empty_dict() or values
end

--- Handles a `discarded` message: the program has removed a journal.
local function discarded()
  if session then
    session.discards = session.discards - 1
  end
end

--- Shows an error that belongs to no request. Ignores a protocol mismatch, which `greet` detects
--- too. Reports an unwritable journal only once, even if the program is restarted.
---@param fields table
local function failed(fields)
  if fields.code == "incompatible" then
    return
  end
  if fields.code == "unwritable_journal" then
    if reported_journal then
      return
    end
    reported_journal = true
  end
  require("chatvim.notify").show(tostring(fields.message), fields.level)
end

--- Handles the program's hello and compares the protocol versions.
---@param fields table
local function greet(fields)
  local current = session
  if not current or current.ready then
    return
  end
  if fields.protocol ~= M.PROTOCOL then
    down(
      current,
      ("speaks protocol %s and the plugin %d; they are of different versions"):format(
        tostring(fields.protocol),
        M.PROTOCOL
      )
    )
    return
  end
  current.ready = true
  current.version = tostring(fields.version)
end

--- Dispatches a message from the program.
---@param name string
---@param fields table
local function receive(name, fields)
  if type(fields) ~= "table" then
    return
  end
  if name == "hello" then
    greet(fields)
  elseif name == "failed" then
    failed(fields)
  elseif name == "discarded" then
    discarded()
  elseif name == "lsp" then
    tell_language(name, fields)
  else
    local listener = listeners[fields.id]
    if listener then
      listener(name, fields)
    end
  end
end

--- Receives a message; the program calls this through the fixed Lua chunk of the protocol. An error
--- is caught and shown, so that it affects neither the program nor the user's typing.
---@param name string
---@param fields table
function M.receive(name, fields)
  local ok, err = pcall(receive, name, fields)
  if not ok then
    require("chatvim.notify").show("internal error at '" .. tostring(name) .. "': " .. err, "error")
  end
end

--- Ends the session if its channel was closed while the program still runs, such as after invalid
--- data.
function M.check()
  if session and not next(vim.api.nvim_get_chan_info(session.channel)) then
    down(session, "closed its channel")
  end
end

--- Returns data about the running program, or nil.
---@return { path: string, ready: boolean, version?: string, pid: integer }?
function M.info()
  return session
    and {
      path = session.path,
      ready = session.ready,
      version = session.version,
      pid = session.pid,
    }
end

--- Returns the path of the program's log file.
---@return string
function M.log_path()
  return vim.fs.joinpath(vim.fn.stdpath("log") --[[@as string]], "chatvim.log")
end

return M
