-- SPDX-License-Identifier: Apache-2.0
-- The one table of commands: what each is, and what it calls. The help's guide and the tests of the
-- help read it; `plugin/chatvim.lua` registers the same names without loading this file.
local M = {}

local api = vim.api

--- A command of the plugin.
---@class chatvim.Command
---@field name string
---@field arguments? string what it takes, as the help writes it
---@field text string one sentence: what it does
---@field bang? string one sentence: what it does with !
---@field key? string the name of its <Plug> map, where that is not the command's own in small letters
---@field run fun(arguments: vim.api.keyset.create_user_command.command_args)
---@field complete? fun(lead: string, line: string): string[]

local DIRECTIONS = { "left", "right", "top", "bottom" }

---@type chatvim.Command[]
M.list = {
  {
    name = "ChatvimComplete",
    text = "Answers the chat in the current buffer.",
    bang = "Goes on with an answer that is the last word, such as one that was cut or stopped.",
    run = function(arguments)
      local mode = arguments.bang and "continue" or "answer"
      require("chatvim.chat").start(api.nvim_get_current_buf(), mode)
    end,
  },
  {
    name = "ChatvimStop",
    text = "Stops the answer in the current buffer; what has arrived stays.",
    bang = "Stops the answers in all buffers.",
    run = function(arguments)
      M._stop(arguments.bang)
    end,
  },
  {
    name = "ChatvimNew",
    arguments = "[left|right|top|bottom] [PRESET]",
    text = "Opens a new chat in the chat folder, in the current window or a split.",
    run = function(arguments)
      require("chatvim.new").chat(arguments.fargs, arguments.smods)
    end,
    complete = function(lead, line)
      local words = vim.split(vim.trim(line), "%s+")
      local names = require("chatvim.new").presets()
      local first = #words < 2 or (#words == 2 and lead ~= "")
      return M._matching(
        lead,
        first and vim.list_extend(vim.list_slice(DIRECTIONS), names) or names
      )
    end,
  },
  {
    name = "ChatvimHelp",
    arguments = "[left|right|top|bottom]",
    text = "Opens a chat that starts with a short guide to Chatvim, so that you can ask about it.",
    run = function(arguments)
      require("chatvim.guide").open(arguments.fargs[1], arguments.smods)
    end,
    complete = function(lead)
      return M._matching(lead, DIRECTIONS)
    end,
  },
  {
    name = "ChatvimModel",
    arguments = "[NAME]",
    text = "Sets the chat's model; without a name, picks one of those whose provider has a key.",
    run = function(arguments)
      M._model(arguments.args)
    end,
    complete = function(lead)
      return require("chatvim.model").complete(lead)
    end,
  },
  {
    name = "ChatvimRetry",
    text = "Asks again: the last answer makes room for a new one; undo brings it back.",
    run = function()
      require("chatvim.chat").start(api.nvim_get_current_buf(), "retry")
    end,
  },
  {
    name = "ChatvimFork",
    text = "Opens a new chat with the messages up to the cursor's.",
    run = function(arguments)
      require("chatvim.new").fork(arguments.smods)
    end,
  },
  {
    name = "ChatvimSend",
    arguments = "[left|right|top|bottom]",
    text = "Quotes the lines of the range in the chat last used, or a new one; sends nothing.",
    run = function(arguments)
      require("chatvim.quote").send(
        arguments.line1,
        arguments.line2,
        arguments.fargs[1],
        arguments.smods
      )
    end,
    complete = function(lead)
      return M._matching(lead, DIRECTIONS)
    end,
  },
  {
    name = "ChatvimRecover",
    text = "Puts back what had arrived of an answer when Neovim or the program died.",
    run = function()
      require("chatvim.recover").run(api.nvim_get_current_buf())
    end,
  },
  {
    name = "ChatvimRequest",
    text = "Shows the exact request as JSON, the key hidden; sends nothing.",
    run = function()
      M._request()
    end,
  },
  {
    name = "ChatvimChats",
    arguments = "[TEXT]",
    text = "Picks a chat of the chat folder by its first question, newest first; with text, of those that contain it.",
    run = function(arguments)
      require("chatvim.chats").pick(arguments.args, arguments.smods)
    end,
  },
}

--- Runs a command. Those with a direction in their name are the plain ones with that argument.
---@param name string
---@param arguments vim.api.keyset.create_user_command.command_args
function M.run(name, arguments)
  local command, direction = M._find(name)
  if direction then
    table.insert(arguments.fargs, 1, direction)
  end
  command.run(arguments)
end

--- What may follow a command's name.
---@param name string
---@param lead string
---@param line string
---@return string[]
function M.complete(name, lead, line)
  local command, direction = M._find(name)
  if direction then
    line = ("%s %s%s"):format(command.name, direction, line:match("^%S+(.*)$") or "")
  end
  return command.complete and command.complete(lead, line) or {}
end

---@param name string
---@return chatvim.Command
---@return string? direction
function M._find(name)
  for _, command in ipairs(M.list) do
    if command.name == name then
      return command
    end
  end
  local plain, direction = name:match("^(%u%l+%u%l+)(%u%l+)$")
  return (M._find(plain)), direction:lower()
end

---@param lead string
---@param words string[]
---@return string[]
function M._matching(lead, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

---@param all boolean
function M._stop(all)
  local chat = require("chatvim.chat")
  if all then
    if chat.stop_all() == 0 then
      require("chatvim.notify").show("no answer is being written", "info")
    end
  elseif not chat.stop(api.nvim_get_current_buf()) then
    require("chatvim.notify").show("no answer is being written in this buffer", "info")
  end
end

---@param name string empty: the picker
function M._model(name)
  local model = require("chatvim.model")
  local buf = api.nvim_get_current_buf()
  if name == "" then
    model.pick(buf)
  else
    model.set(buf, name)
  end
end

function M._request()
  local buf = api.nvim_get_current_buf()
  require("chatvim.query").ask("request", buf, function(err, value, level)
    if err then
      require("chatvim.notify").show(err, level)
    else
      M._show_request(tostring(value))
    end
  end)
end

--- Shows JSON text in a scratch buffer below.
---@param json string
function M._show_request(json)
  -- No window can be opened from the command-line window: the request is shown once that is closed.
  if vim.fn.getcmdwintype() ~= "" then
    api.nvim_create_autocmd("CmdwinLeave", {
      once = true,
      desc = "Chatvim: show the request that was asked for",
      callback = vim.schedule_wrap(function()
        M._show_request(json)
      end),
    })
    return
  end
  local scratch = api.nvim_create_buf(false, true)
  api.nvim_buf_set_lines(scratch, 0, -1, true, vim.split(json, "\n", { plain = true }))
  vim.bo[scratch].bufhidden = "wipe"
  vim.bo[scratch].modifiable = false
  api.nvim_open_win(scratch, true, { split = "below", win = 0 })
  vim.bo[scratch].filetype = "json"
end

return M
