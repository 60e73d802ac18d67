-- SPDX-License-Identifier: Apache-2.0
-- The table of commands and the functions that they call. `:ChatvimHelp` and the tests of the help
-- read it; `plugin/chatvim.lua` registers the same names without loading this file.
local M = {}

local api = vim.api

--- A command of the plugin.
---@class chatvim.Command
---@field name string
---@field arguments? string its arguments, as written in the help
---@field text string one sentence: what it does
---@field bang? string one sentence: what it does with !
---@field directed? boolean it also exists once per direction, such as ChatvimNewLeft
---@field run fun(arguments: vim.api.keyset.create_user_command.command_args)
---@field complete? fun(lead: string, before: string[], whole: boolean): string[] completes
---  `lead` after the words `before`; `whole`: the command takes one argument, without escapes

---@return string[]
local function directions()
  return require("chatvim.command.window").directions
end

---@param lead string
---@param words string[]
---@return string[]
local function matching(lead, words)
  return vim.tbl_filter(function(word)
    return vim.startswith(word, lead)
  end, words)
end

---@param lead string
---@param before string[]
---@param whole boolean
---@return string[]
local function complete_new(lead, before, whole)
  local names = {}
  if #before == 0 then
    names = vim.list_slice(directions())
  elseif #before > 1 or not vim.list_contains(directions(), before[1]) then
    return names
  end
  for _, preset in ipairs(require("chatvim.command.new").presets()) do
    table.insert(names, whole and preset or vim.fn.escape(preset, " \\"))
  end
  return matching(lead, names)
end

---@param all boolean
local function stop(all)
  local chat = require("chatvim.chat.running")
  if all then
    if chat.stop_all() == 0 then
      require("chatvim.notify").show("no answer is being written", "info")
    end
    return
  end
  local buf = api.nvim_get_current_buf()
  if not chat.stop(buf) and not require("chatvim.command.rewrite").stop(buf) then
    require("chatvim.notify").show("no answer is being written in this buffer", "info")
  end
end

---@param name string "" opens the picker
local function complete_model(name)
  local model = require("chatvim.command.model")
  local buf = api.nvim_get_current_buf()
  if name == "" then
    model.pick(buf)
  else
    model.set(buf, name)
  end
end

--- Answers the chat, by other models than its own if any are named.
---@param arguments vim.api.keyset.create_user_command.command_args
local function complete_chat(arguments)
  local buf = api.nvim_get_current_buf()
  if #arguments.fargs > 0 then
    return require("chatvim.command.models").ask(buf, arguments.fargs, arguments.bang)
  elseif arguments.smods.confirm and not arguments.bang then
    return require("chatvim.command.first_answer").start()
  end
  require("chatvim.chat.running").start(buf, arguments.bang and "continue" or "answer")
end

--- Accepts or refuses changes of the review in the current buffer.
---@param action "accept"|"refuse"
---@param arguments vim.api.keyset.create_user_command.command_args
local function review(action, arguments)
  local buf = api.nvim_get_current_buf()
  local first, last = nil, nil
  if arguments.range > 0 then
    first, last = arguments.line1 - 1, arguments.line2
  end
  require("chatvim.review")[action](buf, arguments.bang, first, last)
end

---@type chatvim.Command[]
M.list = {
  {
    name = "ChatvimComplete",
    arguments = "[MODEL…]",
    text = "Answers the chat in the current buffer; with models, by these instead of the chat's, "
      .. "side by side.",
    bang = "Continues the last answer, such as one that was cut off or stopped.",
    run = complete_chat,
    complete = function(lead, before)
      return require("chatvim.command.models").complete(lead, before)
    end,
  },
  {
    name = "ChatvimChoose",
    text = "Makes the folded answer at the cursor, or the one in this window, the answer.",
    run = function()
      require("chatvim.compare.choose").run()
    end,
  },
  {
    name = "ChatvimStop",
    text = "Stops the answer in the current buffer; what has arrived stays.",
    bang = "Stops the answers in all buffers.",
    run = function(arguments)
      stop(arguments.bang)
    end,
  },
  {
    name = "ChatvimNew",
    directed = true,
    arguments = "[left|right|top|bottom] [PRESET]",
    text = "Opens a new chat in the chat folder, in the current window or a split.",
    run = function(arguments)
      require("chatvim.command.new").chat(arguments.fargs, arguments.smods)
    end,
    complete = function(lead, before, whole)
      return complete_new(lead, before, whole)
    end,
  },
  {
    name = "ChatvimHelp",
    directed = true,
    arguments = "[left|right|top|bottom]",
    text = "Opens a chat that starts with a short guide to Chatvim, so that you can ask about it.",
    run = function(arguments)
      require("chatvim.command.guide").open(arguments.fargs[1], arguments.smods, M.list)
    end,
    complete = function(lead, before)
      return #before == 0 and matching(lead, directions()) or {}
    end,
  },
  {
    name = "ChatvimModel",
    arguments = "[NAME]",
    text = "Sets the chat's model; without a name, picks one of those whose provider has a key.",
    run = function(arguments)
      complete_model(arguments.args)
    end,
    complete = function(lead, before)
      return #before == 0 and require("chatvim.command.model").complete(lead) or {}
    end,
  },
  {
    name = "ChatvimTools",
    arguments = "[NAME…]",
    text = "Sets the tools that the model may call in this chat; without a name, picks them.",
    run = function(arguments)
      require("chatvim.command.tools").choose(api.nvim_get_current_buf(), arguments.fargs)
    end,
    complete = function(lead)
      return require("chatvim.command.tools").complete(lead)
    end,
  },
  {
    name = "ChatvimTitle",
    arguments = "[TITLE]",
    text = "Sets the chat's title; without one, asks the chat's model for it.",
    run = function(arguments)
      require("chatvim.command.title").run(api.nvim_get_current_buf(), arguments.args)
    end,
  },
  {
    name = "ChatvimSummary",
    arguments = "[left|right|top|bottom]",
    text = "Opens a new chat that begins with the model's summary of this one.",
    run = function(arguments)
      require("chatvim.command.summary").run(arguments.fargs[1], arguments.smods)
    end,
    complete = function(lead, before)
      return #before == 0 and matching(lead, directions()) or {}
    end,
  },
  {
    name = "ChatvimRetry",
    text = "Asks again and replaces the last answer; undo restores it.",
    run = function()
      require("chatvim.chat.running").start(api.nvim_get_current_buf(), "retry")
    end,
  },
  {
    name = "ChatvimFork",
    text = "Opens a new chat with the messages up to the cursor's.",
    run = function(arguments)
      require("chatvim.command.new").fork(arguments.smods)
    end,
  },
  {
    name = "ChatvimSend",
    arguments = "[left|right|top|bottom] [diagnostics|quickfix|loclist|diff|!COMMAND]",
    text = "Quotes the lines of the range in the chat last used, or a new one, or what is named, "
      .. "such as the output of a command; sends nothing.",
    bang = "Embeds the file, or the lines of the range, in place of a copy.",
    run = function(arguments)
      require("chatvim.command.send.command_line").run(arguments)
    end,
    complete = function(lead, before)
      return require("chatvim.command.send.command_line").complete(lead, before)
    end,
  },
  {
    name = "ChatvimToggle",
    arguments = "[left|right|top|bottom]",
    text = "Shows the chat last used beside the code, or a new one if there is none, or hides it.",
    run = function(arguments)
      require("chatvim.command.toggle").run(arguments.fargs[1], arguments.smods)
    end,
    complete = function(lead, before)
      return #before == 0 and matching(lead, directions()) or {}
    end,
  },
  {
    name = "ChatvimRewrite",
    arguments = "[@PRESET] [INSTRUCTION]",
    text = "Asks the model to rewrite the lines of the range, and shows its answer as changes to "
      .. "accept or refuse.",
    run = function(arguments)
      require("chatvim.command.rewrite").run(arguments.line1, arguments.line2, arguments.args)
    end,
    complete = function(lead, before)
      return #before == 0 and require("chatvim.rewrite.presets").complete(lead) or {}
    end,
  },
  {
    name = "ChatvimApply",
    text = "Proposes the code block at the cursor as a change of the file that it is about.",
    bang = "Does that with all code blocks of the answer at the cursor.",
    run = function(arguments)
      require("chatvim.command.apply").run(arguments.bang, arguments.smods)
    end,
  },
  {
    name = "ChatvimAccept",
    text = "Accepts the proposed change at the cursor, or those in the range.",
    bang = "Accepts all changes that are no conflict.",
    run = function(arguments)
      review("accept", arguments)
    end,
  },
  {
    name = "ChatvimRefuse",
    text = "Refuses the proposed change at the cursor, or those in the range.",
    bang = "Refuses all changes and ends the review.",
    run = function(arguments)
      review("refuse", arguments)
    end,
  },
  {
    name = "ChatvimRecover",
    text = "Restores the part of an answer that had arrived when Neovim or the program died.",
    run = function()
      require("chatvim.chat.recover").run(api.nvim_get_current_buf())
    end,
  },
  {
    name = "ChatvimRequest",
    text = "Shows the exact request as JSON, the key hidden; sends nothing.",
    run = function()
      require("chatvim.command.request").show(api.nvim_get_current_buf())
    end,
  },
  {
    name = "ChatvimChats",
    arguments = "[TEXT]",
    text = "Picks a chat of the chat folder by its title or first question, newest first; "
      .. "with text, of those that contain it.",
    bang = "Asks whether to open, rename, title or delete the chat that is picked.",
    run = function(arguments)
      require("chatvim.command.chats").pick(arguments.args, arguments.smods, arguments.bang)
    end,
  },
}

--- Returns the command registered under a name, and the direction that is part of the name.
---@param name string
---@return chatvim.Command
---@return string? direction
local function find(name)
  for _, command in ipairs(M.list) do
    if command.name == name then
      return command
    end
    for _, direction in ipairs(command.directed and directions() or {}) do
      if command.name:lower() .. direction == name:lower() then
        return command, direction
      end
    end
  end
  error("no command " .. name)
end

--- Runs a command. A direction in its name is passed as the first argument.
---@param name string
---@param arguments vim.api.keyset.create_user_command.command_args
function M.run(name, arguments)
  local command, direction = find(name)
  if direction then
    table.insert(arguments.fargs, 1, direction)
  end
  command.run(arguments)
end

--- Returns the completions at the cursor in the command line.
---@param name string
---@param lead string the word being typed
---@param line string
---@param position integer bytes of the line before the cursor
---@return string[]
function M.complete(name, lead, line, position)
  local command, direction = find(name)
  local typed = line:sub(1, position)
  if #line > position then
    -- Neovim counts the text after the cursor as part of the word.
    lead = typed:match("%S*$")
  end
  -- A range and modifiers may precede the name.
  local before = typed:sub(1, #typed - #lead):match("Chatvim%a*!?%s+(.*)$") or ""
  local words = vim.split(before, "%s+", { trimempty = true })
  if direction then
    table.insert(words, 1, direction)
  end
  return command.complete and command.complete(lead, words, direction ~= nil) or {}
end

return M
