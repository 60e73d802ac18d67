-- SPDX-License-Identifier: Apache-2.0
-- What a person is asked before a chat is sent: about files from elsewhere, text that looks like a
-- key, and a folder's `.chatvim.md`. The program has ended the request with what stands in the way,
-- nothing sent; after a yes the chat is sent anew, as it then is. What is to last is kept by the
-- program, in the user's state folder; the rest lasts as long as this Neovim.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")
local printable = require("chatvim.printable")
local process = require("chatvim.process")
local select = require("chatvim.select")

--- So long a question waits for the command line to be free, in milliseconds.
local SETTLE = 100

--- What a person has allowed for one sending of a chat.
---@class chatvim.Permit
---@field allow string[] files and folders that it may embed this once
---@field wanted table<string, true> files whose buffer's text the program wants

--- What a person can choose.
---@class chatvim.Choice
---@field text string
---@field act? fun() what it means; nothing is sent where there is none

---@type string[] files `.chatvim.md` that are not used in this Neovim
local without = {}
---@type table<integer, string[]> by buffer, the marks of secrets that it may send
local confirmed = {}

--- A permit that allows nothing yet.
---@return chatvim.Permit
function M.none()
  return { allow = {}, wanted = {} }
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
  return confirmed[buf] or {}
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

--- Asks about what stands in the way of a chat. Where nothing does that can be asked about, or
--- nobody is there, nothing happens.
---@param buf integer
---@param map table the protocol's `ended` or `result`
---@param permit chatvim.Permit
---@param again fun() sends the chat anew; called once after a yes
---@return boolean asked the message of `map` need not be shown
function M.ask(buf, map, permit, again)
  local question = M._questions[map.code]
  if not question or not M.can_ask() then
    return false
  end
  local prompt, choices = question(buf, map, permit)
  if not prompt then
    return false
  end
  local answered = false
  vim.schedule(function()
    M._select(prompt, choices, function(act)
      if answered then
        -- Some lists say so again when their window closes.
        return
      end
      answered = true
      if not act then
        notify.show("nothing was sent", "info")
      elseif api.nvim_buf_is_loaded(buf) then
        act()
        again()
      end
    end)
  end)
  return true
end

---@param prompt string
---@param choices chatvim.Choice[]
---@param on_choice fun(act?: fun())
function M._select(prompt, choices, on_choice)
  -- What is being typed there would answer the question.
  if api.nvim_get_mode().mode:find("^[cr!]") or vim.fn.getcmdwintype() ~= "" then
    vim.defer_fn(function()
      M._select(prompt, choices, on_choice)
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
  end
end

--- What can be asked about, by the program's code: each gives the prompt and the choices.
---@type table<string, fun(buf: integer, map: table, permit: chatvim.Permit): string?, table?>
M._questions = {
  outside = function(_, map, permit)
    return M._about_outside(map.outside, permit)
  end,
  secret = function(buf, map)
    return M._about_secrets(buf, map.secrets)
  end,
  offers_context = function(_, map)
    return M._about_context(map.context)
  end,
}

--- About the first of the files from elsewhere; the others come when the chat is sent anew.
---@param outside { path: string, target: string, source: string, line: integer }[]
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
function M._about_outside(outside, permit)
  local first = type(outside) == "table" and outside[1]
  if not first then
    return
  end
  local path = first.path
  local stat = vim.uv.fs_stat(path)
  local is_folder = stat ~= nil and stat.type == "directory"
  local choices = {
    {
      text = is_folder and "Allow this folder" or "Allow this file",
      act = M._trust(path, "embed"),
    },
  }
  local folder = vim.fs.dirname(path)
  if not is_folder and not M._is_wide(folder) then
    table.insert(choices, {
      text = ("Allow everything in %s"):format(M._name(folder)),
      act = M._trust(folder, "embed"),
    })
  end
  table.insert(choices, { text = "Only this time", act = M._allow_once(permit, { first }) })
  local more = ""
  if #outside > 1 then
    local all = ("All %d files, only this time"):format(#outside)
    table.insert(choices, { text = all, act = M._allow_once(permit, outside) })
    more = #outside == 2 and ", and one more," or (", and %d more,"):format(#outside - 1)
  end
  table.insert(choices, { text = "Do not send" })
  local prompt = ("%s embeds %s%s from outside of the chat's folder. Send it?"):format(
    M._place(first),
    M._name(path),
    more == "" and "," or more
  )
  return prompt, choices
end

---@param permit chatvim.Permit
---@param outside { path: string }[]
---@return fun()
function M._allow_once(permit, outside)
  return function()
    for _, one in ipairs(outside) do
      table.insert(permit.allow, one.path)
    end
  end
end

---@param buf integer
---@param secrets { mark: string, what: string, file: string, file_line: integer }[]
---@return string? prompt
---@return chatvim.Choice[]? choices
function M._about_secrets(buf, secrets)
  local first = type(secrets) == "table" and secrets[1]
  if not first then
    return
  end
  local others = #secrets - 1
  local more = others == 0 and ""
    or others == 1 and ", and there is one more such place"
    or (", and there are %d more such places"):format(others)
  local prompt = ("Line %d of %s holds what looks like %s%s. Send it?"):format(
    first.file_line,
    printable.show(first.file),
    first.what,
    more
  )
  local function confirm()
    M._forget_with(buf)
    confirmed[buf] = confirmed[buf] or {}
    for _, secret in ipairs(secrets) do
      table.insert(confirmed[buf], secret.mark)
    end
  end
  return prompt, { { text = "Do not send" }, { text = "Send it all the same", act = confirm } }
end

---@param path any of a `.chatvim.md`
---@return string? prompt
---@return chatvim.Choice[]? choices
function M._about_context(path)
  if type(path) ~= "string" then
    return
  end
  local function leave_out()
    table.insert(without, path)
  end
  local prompt = ("%s has settings and messages for the chats below it. Use it?"):format(
    M._name(path)
  )
  return prompt,
    {
      { text = "Use it", act = M._trust(path, "context") },
      { text = "Not now", act = leave_out },
      { text = "Never", act = M._distrust(path) },
      { text = "Do not send" },
    }
end

--- Has the program remember a yes.
---@param path string
---@param kind "embed"|"context"
---@return fun()
function M._trust(path, kind)
  return function()
    process.send("trust", { path = path, allowed = true, kind = kind })
  end
end

---@param path string of a `.chatvim.md`
---@return fun()
function M._distrust(path)
  return function()
    process.send("trust", { path = path, allowed = false, kind = "context" })
  end
end

--- A folder that holds too much to be allowed with one key: the root, one just below it, the user's
--- own.
---@param folder string
---@return boolean
function M._is_wide(folder)
  local home = vim.uv.os_homedir()
  return not folder:find("^/[^/]+/[^/]") or folder == (home and vim.uv.fs_realpath(home))
end

--- Where an embed stands.
---@param at { source: string, line: integer }
---@return string
function M._place(at)
  local line = ("line %d"):format(at.line)
  return at.source == "" and "L" .. line:sub(2) or ("%s, %s"):format(M._name(at.source), line)
end

--- A path as a person names it.
---@param path string
---@return string
function M._name(path)
  return printable.show(vim.fn.fnamemodify(path, ":~"))
end

--- A buffer that goes takes along what it was allowed.
---@param buf integer
function M._forget_with(buf)
  if confirmed[buf] then
    return
  end
  api.nvim_buf_attach(buf, false, {
    -- There so that a reload is no detach.
    on_reload = function() end,
    on_detach = function()
      confirmed[buf] = nil
    end,
  })
end

return M
