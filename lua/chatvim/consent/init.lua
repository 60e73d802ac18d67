-- SPDX-License-Identifier: Apache-2.0
-- Asks the user before a chat is sent about files that need permission to be embedded, text that
-- looks like a key, parameters that a document may not set by itself, and a folder's `.chatvim.md`.
-- By then the program has ended the request with the reason, without sending anything. If the user
-- agrees, the chat is sent again in its current form. The program stores permanent choices in the
-- user's state folder; the others last for this session (`consent/permit.lua`).
local M = {}

local api = vim.api
local notify = require("chatvim.notify")
local select = require("chatvim.view.select")

--- Retry interval while the command line is in use, in ms.
local SETTLE = 100

--- Whether a user can be asked.
---@return boolean
function M.can_ask()
  return #api.nvim_list_uis() > 0 or not select.is_builtin()
end

---@param prompt string
---@param choices chatvim.Choice[]
---@param on_choice fun(act?: fun())
local function show_choices(prompt, choices, on_choice)
  -- Text that is being typed there would answer the question.
  if api.nvim_get_mode().mode:find("^[cr!]") or vim.fn.getcmdwintype() ~= "" then
    vim.defer_fn(function()
      show_choices(prompt, choices, on_choice)
    end, SETTLE)
    return
  end
  local options = {
    prompt = prompt,
    kind = "chatvim.consent",
    format_item = function(choice)
      return choice.text
    end,
  }
  local err = select.show(choices, options, function(choice)
    on_choice(choice and choice.act)
  end)
  if err then
    notify.show(("%s (the choices cannot be shown: %s)"):format(prompt, err), "error")
    on_choice(nil)
  end
end

--- A question that waits for its turn.
---@class chatvim.Asked
---@field prompt string
---@field choices chatvim.Choice[]
---@field shown? chatvim.Shown
---@field on_choice fun(act?: fun())
---@field is_over? fun(): boolean nobody wants the answer any more

---@type chatvim.Asked[] the first is being asked
local queue = {}

local show_first

--- Takes the first question off the queue and shows the next.
local function end_first()
  table.remove(queue, 1)
  if #queue > 0 then
    vim.schedule(show_first)
  end
end

function show_first()
  local asked = queue[1]
  if asked.is_over and asked.is_over() then
    return end_first()
  end
  local answered = false
  local close = asked.shown and require("chatvim.consent.view").show(asked.shown)
  show_choices(asked.prompt, asked.choices, function(act)
    if answered then
      -- Some pickers call back again when their window closes.
      return
    end
    answered = true
    if close then
      close()
    end
    end_first()
    asked.on_choice(act)
  end)
end

--- Shows a question with its text above, from the loop, after those that are open. `on_choice` is
--- called once, without an action if nothing was chosen; never if the question is over by then.
---@param prompt string
---@param choices chatvim.Choice[]
---@param shown? chatvim.Shown
---@param on_choice fun(act?: fun())
---@param is_over? fun(): boolean
function M.choose(prompt, choices, shown, on_choice, is_over)
  table.insert(queue, {
    prompt = prompt,
    choices = choices,
    shown = shown,
    on_choice = on_choice,
    is_over = is_over,
  })
  if #queue == 1 then
    vim.schedule(show_first)
  end
end

--- How long no key must have been pressed before a question interrupts the user, in ms.
local IDLE = 300

--- Calls back when the user is in Normal mode and presses no keys. A question that comes while
--- somebody types would take the next keys for its answer.
---@param callback fun()
function M.when_idle(callback)
  local pressed = vim.uv.now()
  local listener = vim.on_key(function()
    pressed = vim.uv.now()
  end)
  local function check()
    local mode = api.nvim_get_mode()
    if mode.mode ~= "n" or mode.blocking or vim.uv.now() - pressed < IDLE then
      return vim.defer_fn(check, SETTLE)
    end
    vim.on_key(nil, listener)
    callback()
  end
  vim.defer_fn(check, IDLE)
end

--- Asks the user to allow what prevents a chat from being sent, if that is possible.
---@param buf integer
---@param fields table the protocol's `ended` or `result`
---@param permit chatvim.Permit
---@param again fun() sends the chat again; called once if the user agrees
---@param on_refuse? fun() called once if the user does not
---@return boolean asked the protocol message's own text need not be shown
function M.ask(buf, fields, permit, again, on_refuse)
  if not M.can_ask() then
    return false
  end
  local prompt, choices, shown = require("chatvim.consent.questions").about(buf, fields, permit)
  if not prompt then
    return false
  end
  ---@cast choices chatvim.Choice[]
  M.choose(prompt, choices, shown, function(act)
    if not act then
      notify.show(permit.shows and "the request is not shown" or "nothing was sent", "info")
      if on_refuse then
        on_refuse()
      end
    elseif api.nvim_buf_is_loaded(buf) then
      act()
      again()
    end
  end)
  return true
end

return M
