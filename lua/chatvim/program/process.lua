-- SPDX-License-Identifier: Apache-2.0
-- The program's life: starts it, greets it, sends to it, hands out what it says. One program per
-- Neovim.
local M = {}

local locate = require("chatvim.program.locate")

--- The protocol that this side speaks; the program says its own in `hello`.
M.PROTOCOL = 2
--- The plugin's version, as in CMakeLists.txt.
M.VERSION = "0.1.0"

--- So long a started program may take to say hello, in milliseconds.
M.hello_limit = 5000

--- How long Neovim waits at its end for the program to remove journals, in milliseconds.
local LEAVE_LIMIT = 100

--- How much of a text that was sent its sender gets back, in bytes.
M.TAIL = 128 * 1024
--- Lines of a text that go in one message.
local PART = 500

--- One started program. Callbacks hold theirs, so that those of an earlier one are told apart.
---@class chatvim.Session
---@field path string
---@field channel integer
---@field pid integer
---@field ready boolean it has said hello
---@field early boolean nothing has been asked of it yet
---@field version? string
---@field complaint string the last line on its standard error
---@field discards integer journals that it was told to remove and has not yet

---@type chatvim.Session?
local session
---@type table<integer, fun(name: string, map: table)>
local listeners = {}
local last_id = 0
local told_at_open = false
local failed_early = false
local told_of_journal = false

--- A number that no answer had before.
---@return integer
function M.next_id()
  last_id = last_id + 1
  return last_id
end

--- Hands `on_message` everything that the program says about `id`, until `forget`. When the
--- program ends, it gets the name "down" with `message`.
---@param id integer
---@param on_message fun(name: string, map: table)
function M.listen(id, on_message)
  listeners[id] = on_message
end

--- Stops what `listen` has begun.
---@param id integer
function M.forget(id)
  listeners[id] = nil
end

--- The session is over, whatever ended it: everyone who waits for an answer is told, and the next
--- use starts anew.
---@param over chatvim.Session
---@param reason string what the program did, after its name
local function down(over, reason)
  if session ~= over then
    return
  end
  session = nil
  pcall(vim.fn.jobstop, over.channel)
  local complaint = over.complaint ~= "" and ": " .. over.complaint or ""
  -- A program that never said hello is the wrong one, or broken.
  local message = over.ready and ("the chatvim program %s%s"):format(reason, complaint)
    or ("%s %s%s; %s"):format(over.path, reason, complaint, locate.advice())
  local waiting = listeners
  listeners = {}
  if over.early then
    failed_early = not over.ready
  elseif not next(waiting) and not over.ready and not told_at_open then
    told_at_open = true
    require("chatvim.notify").show(message, "warn")
  end
  -- One event, one message: who shows it makes it quiet for the others. A question that nobody
  -- waits for shows nothing, so that the first to hear need not be the one who tells.
  local map = { message = message, quiet = false, started = over.ready }
  for _, listener in pairs(waiting) do
    local ok, err = pcall(listener, "down", map)
    if not ok then
      require("chatvim.notify").show("internal error at the program's end: " .. err, "error")
    end
  end
end

--- Sends, and never throws: a channel may have been closed a moment ago.
---@param to chatvim.Session
---@param name string
---@param map table
---@return string? err
local function notify(to, name, map)
  local ok, err = pcall(vim.rpcnotify, to.channel, name, map)
  if ok then
    return
  end
  down(to, "closed its channel")
  return "the message could not be sent to the chatvim program: " .. tostring(err)
end

--- An exit code in words: Neovim gives 128 and the signal's number for a signal.
---@param code integer
---@return string
local function describe(code)
  return code > 128 and ("signal %d"):format(code - 128) or ("code %d"):format(code)
end

--- Neovim waits up to two seconds at its end for a child that does not end with its standard
--- input; there is nothing in the program that is worth the wait.
local function watch_leave()
  vim.api.nvim_create_autocmd("VimLeavePre", {
    group = vim.api.nvim_create_augroup("chatvim.process", {}),
    desc = "Chatvim: end the program without waiting for it",
    callback = function()
      local over = session
      listeners = {}
      if over then
        -- `:wq` saves an answer and ends the program at once.
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

--- Starts the program and sends the hello. What follows need not wait for the program's own: a
--- program of another protocol ignores it.
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
end

--- Sends a message, starting the program first where it does not run.
---@param name string
---@param map table
---@return string? err why the program cannot be started
function M.send(name, map)
  if not session then
    local err = start()
    if err then
      return err
    end
  end
  ---@cast session chatvim.Session
  session.early = false
  if name == "discard" and map.id then
    session.discards = session.discards + 1
  end
  return notify(session, name, map)
end

--- Sends a message with the text of a buffer, in parts: the program reads them while Neovim
--- collects the rest, and none of them needs new memory.
---@param name string
---@param map table all but its `text`
---@param buf integer
---@return string? err why the program cannot be started
---@return string[]? tail the end of the text, in parts, at least `TAIL` bytes of a longer one
function M.send_text(name, map, buf)
  local row, last = 0, vim.api.nvim_buf_line_count(buf)
  local tail, tail_size = {}, 0
  local size = last > PART and vim.api.nvim_buf_get_offset(buf, last) or nil
  while last - row > PART do
    local lines = vim.api.nvim_buf_get_lines(buf, row, row + PART, true)
    -- Each part ends with a line break.
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
  map.text = table.concat(vim.api.nvim_buf_get_lines(buf, row, last, true), "\n")
  tail[#tail + 1] = map.text
  return M.send(name, map), tail
end

--- Sends a message to the program if it runs; a program that is not there has nothing to be told.
---@param name string
---@param map table
function M.tell(name, map)
  if session then
    M.send(name, map)
  end
end

--- A chat was opened: the program starts, and may open its connection. What goes wrong is said
--- once.
---@param fields table `text` is the front matter
function M.open(fields)
  local err = M.send("open", fields)
  if err and not told_at_open then
    told_at_open = true
    require("chatvim.notify").show(err, "warn")
  end
end

--- Starts the program before anything is asked of it, so that the first answer does not wait for
--- it. Nothing is reported: a missing or broken program matters only when it is used.
---@param fields table of the message `warm`
function M.warm(fields)
  if session or failed_early or start() then
    return
  end
  ---@cast session chatvim.Session
  session.early = true
  notify(session, "warm", fields)
end

--- A table that goes over the channel as a map even when it is empty.
---@param values table
---@return table
function M.dictionary(values)
  return next(values) == nil and vim.empty_dict() or values
end

--- A journal is gone.
local function discarded()
  if session then
    session.discards = session.discards - 1
  end
end

--- What belongs to no answer. That the protocols differ is seen by `_greet` too. A journal that
--- cannot be written is told once, however often the program starts.
---@param map table
local function failed(map)
  if map.code == "incompatible" then
    return
  end
  if map.code == "unwritable_journal" then
    if told_of_journal then
      return
    end
    told_of_journal = true
  end
  require("chatvim.notify").show(tostring(map.message), map.level)
end

--- The program's hello: compares the protocols.
---@param map table
local function greet(map)
  local current = session
  if not current or current.ready then
    return
  end
  if map.protocol ~= M.PROTOCOL then
    down(
      current,
      ("speaks protocol %s and the plugin %d; they are of different versions"):format(
        tostring(map.protocol),
        M.PROTOCOL
      )
    )
    return
  end
  current.ready = true
  current.version = tostring(map.version)
end

---@param name string
---@param map table
local function receive(name, map)
  if type(map) ~= "table" then
    return
  end
  if name == "hello" then
    greet(map)
  elseif name == "failed" then
    failed(map)
  elseif name == "discarded" then
    discarded()
  else
    local listener = listeners[map.id]
    if listener then
      listener(name, map)
    end
  end
end

--- What the program says: it calls this with the fixed chunk of the protocol. An error in here is
--- reported and goes no further, so that nothing of it reaches the program or the user's typing.
---@param name string
---@param map table
function M.receive(name, map)
  local ok, err = pcall(receive, name, map)
  if not ok then
    require("chatvim.notify").show("internal error at '" .. tostring(name) .. "': " .. err, "error")
  end
end

--- Ends the session when its channel has been closed although the program has not ended, as after
--- garbage on it.
function M.check()
  if session and not next(vim.api.nvim_get_chan_info(session.channel)) then
    down(session, "closed its channel")
  end
end

--- What is known about the running program.
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

--- The file that the program logs to.
---@return string
function M.log_path()
  return vim.fs.joinpath(vim.fn.stdpath("log") --[[@as string]], "chatvim.log")
end

return M
