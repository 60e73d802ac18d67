-- SPDX-License-Identifier: Apache-2.0
-- What a person is asked before a chat is sent: about files that it may not embed by itself, text
-- that looks like a key, what a document wants of the request beyond its rights, and a folder's
-- `.chatvim.md`. The program has ended the request with what stands in the way, nothing sent; after
-- a yes the chat is sent anew, as it then is. What is to last is kept by the program, in the user's
-- state folder; the rest lasts as long as this Neovim.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")
local select = require("chatvim.command.select")
local state = require("chatvim.chat.state")

--- So long a question waits for the command line to be free, in milliseconds.
local SETTLE = 100

--- What goes along with one sending of a chat, or one showing of its request.
---@class chatvim.Permit
---@field wanted table<string, true> files whose buffer's text the program wants
---@field shows? boolean the request is only shown

---@type string[] files `.chatvim.md` that are not used in this Neovim
local without = {}
---@type string[] files, folders and demands that are allowed in this Neovim
local allowed = {}

---@return chatvim.Permit
function M.none()
  return { wanted = {} }
end

--- What a person has allowed for now, in the words of the protocol's `allow`.
---@return string[]
function M.allowed()
  return allowed
end

--- The files `.chatvim.md` that a person has left out for now.
---@return string[]
function M.left_out()
  return without
end

--- The marks of what looks like a key and may be sent with a buffer's chat.
---@param buf integer
---@return string[]
function M.confirmed(buf)
  local chat = state.find(buf)
  return chat and chat.secrets or {}
end

--- Whether there is a person to be asked.
---@return boolean
function M.can_ask()
  return #api.nvim_list_uis() > 0 or not select.is_builtin()
end

--- Adds the texts that the program wants before it can send a chat.
---@param permit chatvim.Permit
---@param paths any the protocol's `unsaved`
---@return boolean more false where it wants none, or none that it has not got already
function M.want(permit, paths)
  local more = false
  for _, path in ipairs(type(paths) == "table" and paths or {}) do
    more = more or not permit.wanted[path]
    permit.wanted[path] = true
  end
  return more
end

---@param prompt string
---@param choices chatvim.Choice[]
---@param on_choice fun(act?: fun())
local function show_choices(prompt, choices, on_choice)
  -- What is being typed there would answer the question.
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

--- Asks about what stands in the way of a chat. Where nothing does that can be asked about, or
--- nobody is there, nothing happens.
---@param buf integer
---@param map table the protocol's `ended` or `result`
---@param permit chatvim.Permit
---@param again fun() sends the chat anew; called once after a yes
---@return boolean asked the message of `map` need not be shown
function M.ask(buf, map, permit, again)
  if not M.can_ask() then
    return false
  end
  local prompt, choices, shown = require("chatvim.consent.questions").about(buf, map, permit)
  if not prompt then
    return false
  end
  local answered = false
  vim.schedule(function()
    local close = shown and require("chatvim.consent.view").show(shown)
    show_choices(prompt, choices, function(act)
      if answered then
        -- Some lists say so again when their window closes.
        return
      end
      answered = true
      if close then
        close()
      end
      if not act then
        notify.show(permit.shows and "the request is not shown" or "nothing was sent", "info")
      elseif api.nvim_buf_is_loaded(buf) then
        act()
        again()
      end
    end)
  end)
  return true
end

--- Allows something for as long as this Neovim.
---@param what string[] paths, or names of demands
function M.allow_now(what)
  vim.list_extend(allowed, what)
end

--- Leaves a `.chatvim.md` out for as long as this Neovim.
---@param path string
function M.leave_out(path)
  table.insert(without, path)
end

--- Lets secrets be sent with a buffer's chat, as long as its text is loaded.
---@param buf integer
---@param marks string[]
function M.confirm(buf, marks)
  local chat = state.attach(buf)
  chat.secrets = vim.list_extend(chat.secrets or {}, marks)
end

return M
