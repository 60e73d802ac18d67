-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend: puts something into the chat that was used last, for the user's next question.
-- Sends nothing. Each source of text is a module of this folder with a function `read`.
local M = {}

local api = vim.api

--- What a :ChatvimSend asks for.
---@class chatvim.SendRequest
---@field source string "lines", "embed", "command", or a name in `M.sources`
---@field buf integer the buffer that it was given in
---@field win integer
---@field first integer the first line, from 1
---@field last integer
---@field has_range boolean
---@field where chatvim.Where
---@field command string the shell command of the source "command"
---@field what string what it sends, for messages

--- Calls back once, maybe later.
---@alias chatvim.SendReader fun(request: chatvim.SendRequest,
---  callback: fun(err: string?, quote: chatvim.Quote?))

---@type table<string, chatvim.SendReader>
local READERS = {
  lines = function(...)
    require("chatvim.command.send.lines").read(...)
  end,
  embed = function(...)
    require("chatvim.command.send.embed").read(...)
  end,
  command = function(...)
    require("chatvim.command.send.command").read(...)
  end,
  diagnostics = function(...)
    require("chatvim.command.send.diagnostics").read(...)
  end,
  quickfix = function(...)
    require("chatvim.command.send.list").read(...)
  end,
  loclist = function(...)
    require("chatvim.command.send.list").read(...)
  end,
  diff = function(...)
    require("chatvim.command.send.diff").read(...)
  end,
}

--- The sources that the user names, in the order in which they are offered.
M.sources = { "diagnostics", "quickfix", "loclist", "diff" }

--- Splits the arguments into a direction, a source and a shell command.
---@param args string
---@return string? direction
---@return string source "" if none is named
---@return string command
local function read_words(args)
  local word, rest = args:match("^(%S*)%s*(.*)$")
  local direction
  if vim.list_contains(require("chatvim.command.window").directions, word) then
    direction, args = word, rest
  end
  if vim.startswith(args, "!") then
    return direction, "command", vim.trim(args:sub(2))
  end
  return direction, vim.trim(args), ""
end

---@param source string as the user wrote it
---@param has_bang boolean
---@return string
local function unknown(source, has_bang)
  if has_bang then
    local advice = "`:ChatvimSend!` takes only a direction, not %q; "
      .. "for the output of a command write `:ChatvimSend !%s`"
    return advice:format(source, source)
  end
  return ("%q is no direction (%s) and nothing that can be sent (%s, !COMMAND)"):format(
    source,
    table.concat(require("chatvim.command.window").directions, ", "),
    table.concat(M.sources, ", ")
  )
end

--- Returns why the parts of a command do not go together, or nil.
---@param source string
---@param arguments vim.api.keyset.create_user_command.command_args
---@param command string
---@return string?
local function misfit(source, arguments, command)
  local is_listed = vim.list_contains(M.sources, source)
  if source ~= "" and source ~= "command" and not is_listed then
    return unknown(source, arguments.bang)
  elseif arguments.bang and source ~= "" then
    return "`:ChatvimSend!` embeds this file or its lines, and takes only a direction"
  elseif source == "command" and command == "" then
    return "write a command after the `!`, such as `:ChatvimSend !make`"
  elseif arguments.range > 0 and is_listed and source ~= "diagnostics" then
    return ("`%s` takes no range: leave it out"):format(source)
  end
end

---@param source string
---@param command string
---@return string
local function name_of(source, command)
  return source == "command" and ("the output of `%s`"):format(command) or ("the %s"):format(source)
end

---@param arguments vim.api.keyset.create_user_command.command_args
---@return chatvim.SendRequest? request
---@return string? err
local function read_request(arguments)
  local window = require("chatvim.command.window")
  local direction, source, command = read_words(arguments.args)
  local err = window.refusal() or misfit(source, arguments, command)
  if err then
    return nil, err
  end
  local default = arguments.bang and "embed" or "lines"
  return {
    source = source == "" and default or source,
    buf = api.nvim_get_current_buf(),
    win = api.nvim_get_current_win(),
    first = arguments.line1,
    last = arguments.line2,
    has_range = arguments.range > 0,
    where = (window.where(direction, arguments.smods, "right")),
    command = command,
    what = name_of(source, command),
  }
end

---@param err string
local function refuse(err)
  require("chatvim.notify").show(err, "warn")
end

---@param request chatvim.SendRequest
---@param quote chatvim.Quote
local function put(request, quote)
  local err = require("chatvim.command.send.put").put(request, quote)
  if err then
    refuse(err)
  end
end

--- Puts what the command asks for into the chat used last, or into a new one, and goes there. Shows
--- why if it cannot.
---@param arguments vim.api.keyset.create_user_command.command_args
function M.run(arguments)
  local request, err = read_request(arguments)
  if not request then
    refuse(err --[[@as string]])
    return
  end
  local is_later = false
  READERS[request.source](request, function(why, quote)
    if not quote then
      refuse(why --[[@as string]])
    elseif is_later then
      require("chatvim.view.calm").wait(function()
        put(request, quote)
      end)
    else
      put(request, quote)
    end
  end)
  is_later = true
end

return M
