-- SPDX-License-Identifier: Apache-2.0
-- Asks the user before a server of tools is started, a tool is called, or a result is sent that
-- seems to hold a key. The program waits for the decision and keeps what is to last.
local M = {}

local consent = require("chatvim.consent")
local printable = require("chatvim.view.printable")

--- A question of the program; the fields of the protocol's `question`.
---@class chatvim.ToolQuestion
---@field number integer
---@field kind "start"|"call"|"file"|"buffer"|"secret"
---@field server string its name in the configuration
---@field target string its exact command line, or its address
---@field tool string SERVER.TOOL; may be ""
---@field arguments string as the model wrote them
---@field hints string[] what the server says about the tool's effects
---@field before string the tool's description and schema when it was allowed, if they have changed
---@field now string
---@field path string
---@field reason string why the path needs permission
---@field what string what the result seems to hold
---@field line integer its line in the result
---@field can_remember boolean

--- The user's decision: what the program's `decide` takes.
---@alias chatvim.Decision "once"|"answer"|"session"|"always"|"refuse"|"stop"

--- Returns JSON with one value per line, or the text itself if it is no JSON.
---@param text string
---@return string[]
local function pretty(text)
  local ok, value = pcall(vim.json.decode, text, { luanil = {} })
  if not ok or type(value) ~= "table" or vim.tbl_isempty(value) or vim.islist(value) then
    return vim.split(text, "\n", { plain = true })
  end
  local lines = {}
  local names = vim.tbl_keys(value)
  table.sort(names)
  for _, name in ipairs(names) do
    local one = value[name]
    if type(one) == "string" then
      local parts = vim.split(one, "\n", { plain = true })
      table.insert(lines, ("%s: %s"):format(name, parts[1]))
      for i = 2, #parts do
        table.insert(lines, "  " .. parts[i])
      end
    else
      table.insert(lines, ("%s: %s"):format(name, vim.json.encode(one)))
    end
  end
  return lines
end

--- Returns the text that is shown with a question.
---@param question chatvim.ToolQuestion
---@return chatvim.Shown?
local function shown(question)
  if question.before ~= "" then
    ---@diagnostic disable-next-line: deprecated -- Neovim 0.11 and older have only `vim.diff`.
    local diff = (vim.text.diff or vim.diff)(question.before, question.now) --[[@as string]]
    return { lines = vim.split(diff, "\n"), syntax = "diff" }
  end
  local lines = {}
  if question.target ~= "" then
    table.insert(lines, question.target)
  end
  if question.kind ~= "start" and question.tool ~= "" then
    local hints = #question.hints > 0
        and (" (the server says: %s)"):format(table.concat(question.hints, ", "))
      or ""
    table.insert(lines, question.tool .. hints)
    vim.list_extend(lines, pretty(question.arguments))
  end
  return #lines > 0 and { lines = lines, syntax = "" } or nil
end

---@param question chatvim.ToolQuestion
---@return string
local function prompt(question)
  local tool = printable.show(question.tool)
  if question.kind == "start" then
    local what = question.target:find("^https?://") and "Contact" or "Start"
    return ("%s the server %s for the first time?"):format(what, printable.show(question.server))
  elseif question.kind == "file" then
    local path = printable.show(vim.fn.fnamemodify(question.path, ":~"))
    return ("%s wants %s, which %s. Allow it?"):format(tool, path, question.reason)
  elseif question.kind == "secret" then
    local where = question.path ~= "" and printable.show(question.path) or "the result of " .. tool
    return ("Line %d of %s holds what looks like %s. Send it?"):format(
      question.line,
      where,
      question.what
    )
  elseif question.before ~= "" then
    return ("The description of %s has changed since you allowed it. Run it?"):format(tool)
  end
  return ("Run %s?"):format(tool)
end

--- Returns the choices; each calls back with its decision.
---@param question chatvim.ToolQuestion
---@param decide fun(decision: chatvim.Decision)
---@return chatvim.Choice[]
local function choices_for(question, decide)
  local yes = { start = "Start it", call = "Run it", file = "Allow it", secret = "Send it" }
  local word = yes[question.kind] or "Allow it"
  ---@type [chatvim.Decision, string][]
  local all = {
    { "once", word .. " once" },
    { "answer", word .. " for this answer" },
    { "session", word .. " in this Neovim" },
    { "always", word .. " always" },
    { "refuse", question.kind == "secret" and "Withhold it" or "Refuse" },
    { "stop", "Stop the answer" },
  }
  if question.kind == "secret" then
    -- What is sent cannot be taken back, so the first choice is the safe one.
    table.insert(all, 1, table.remove(all, 5))
  end
  local choices = {}
  for _, one in ipairs(all) do
    if one[1] ~= "always" or question.can_remember then
      table.insert(choices, {
        text = one[2],
        act = function()
          decide(one[1])
        end,
      })
    end
  end
  return choices
end

--- Asks the user, or answers what needs no user. `reply` is called once.
---@param answer chatvim.Answer that waits for the decision
---@param question chatvim.ToolQuestion
---@param reply fun(decision: chatvim.Decision, reason?: string, content?: string)
function M.ask(answer, question, reply)
  if question.kind == "buffer" then
    local text = require("chatvim.program.request_fields").unsaved_text(answer.buf, question.path)
    return reply("once", nil, text)
  end
  local function decide(decision)
    -- Without a call there is nothing that the model could be told about.
    if decision ~= "refuse" or question.kind == "secret" or question.tool == "" then
      return reply(decision)
    end
    local options = { prompt = "Why? The model gets this (may be empty): " }
    vim.ui.input(options, function(reason)
      reply("refuse", reason)
    end)
  end
  local choices = choices_for(question, decide)
  local function take(act)
    if act then
      act()
    else
      reply("stop")
    end
  end
  local function is_over()
    return answer.over == true
  end
  consent.when_idle(function()
    consent.choose(prompt(question), choices, shown(question), take, is_over)
  end)
end

return M
