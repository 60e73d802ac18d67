-- SPDX-License-Identifier: Apache-2.0
-- What a person is asked before a chat is sent: about files that it may not embed by itself, text
-- that looks like a key, what a document wants of the request beyond its rights, and a folder's
-- `.chatvim.md`. The program has ended the request with what stands in the way, nothing sent; after a
-- yes the chat is sent anew, as it then is. What is to last is kept by the program, in the user's
-- state folder; the rest lasts as long as this Neovim.
local M = {}

local api = vim.api
local notify = require("chatvim.notify")
local printable = require("chatvim.printable")
local process = require("chatvim.process")
local select = require("chatvim.select")

--- So long a question waits for the command line to be free, in milliseconds.
local SETTLE = 100

--- What goes along with one sending of a chat, or one showing of its request.
---@class chatvim.Permit
---@field wanted table<string, true> files whose buffer's text the program wants
---@field shows? boolean the request is only shown

--- What a person can choose.
---@class chatvim.Choice
---@field text string
---@field act? fun() what it means; nothing is sent where there is none

---@type string[] files `.chatvim.md` that are not used in this Neovim
local without = {}
---@type string[] files, folders and demands that are allowed in this Neovim
local allowed = {}
---@type table<integer, string[]> by buffer, the marks of secrets that it may send
local confirmed = {}

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
  local prompt, choices, shown = question(buf, map, permit)
  if not prompt then
    return false
  end
  local answered = false
  vim.schedule(function()
    local close = shown and require("chatvim.consent_view").show(shown)
    M._select(prompt, choices, function(act)
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
    on_choice(nil)
  end
end

--- What can be asked about, by the program's code: each gives the prompt, the choices, and what is
--- shown beside them.
---@type table<string, fun(buf: integer, map: table, permit: chatvim.Permit): string?, table?, table?>
M._questions = {
  outside = function(_, map, permit)
    return M._about_outside(map.outside, permit)
  end,
  secret = function(buf, map, permit)
    return M._about_secrets(buf, map.secrets, permit)
  end,
  demand = function(_, map)
    return M._about_demand(map.demand)
  end,
  offers_context = function(_, map)
    return M._about_context(map)
  end,
}

--- What a no is called, and what is asked.
---@param permit chatvim.Permit
---@return string refusal
---@return string question
local function words(permit)
  if permit.shows then
    return "Do not show it", "Show it in the request?"
  end
  return "Do not send", "Send it?"
end

--- About the first of the files that have to be allowed; the others come when the chat is sent anew.
---@param outside { path: string, source: string, line: integer, why: string, credentials: boolean }[]
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
function M._about_outside(outside, permit)
  local first = type(outside) == "table" and outside[1]
  if not first then
    return
  end
  local refusal, question = words(permit)
  local path = first.path
  local stat = vim.uv.fs_stat(path)
  local what = stat ~= nil and stat.type == "directory" and "folder" or "file"
  local choices = {
    { text = ("Allow this %s"):format(what), act = M._trust(path, "embed") },
    { text = ("Allow this %s for this Neovim"):format(what), act = M._allow_now({ path }) },
  }
  local folder = vim.fs.dirname(path)
  -- Credentials are asked about one by one, in whatever folder that is allowed.
  if what == "file" and not first.credentials and not M._is_wide(folder) then
    table.insert(choices, {
      text = ("Allow everything in %s"):format(M._name(folder)),
      act = M._trust(folder, "embed"),
    })
  end
  local more = ""
  if #outside > 1 then
    local paths = vim.tbl_map(function(one)
      return one.path
    end, outside)
    local all = ("Allow all %d for this Neovim"):format(#outside)
    table.insert(choices, { text = all, act = M._allow_now(paths) })
    more = #outside == 2 and ", and one more has to be allowed"
      or (", and %d more have to be allowed"):format(#outside - 1)
  end
  table.insert(choices, { text = refusal })
  local prompt = ("%s embeds %s, which %s%s. %s"):format(
    M._place(first),
    M._name(path),
    first.why or "has to be allowed",
    more,
    question
  )
  return prompt, choices
end

---@param what string[] paths, or names of demands
---@return fun()
function M._allow_now(what)
  return function()
    vim.list_extend(allowed, what)
  end
end

--- About what a document wants of the request.
---@param demand { kind: "body"|"server", name: string, mark: string, text: string }
---@return string? prompt
---@return chatvim.Choice[]? choices
---@return chatvim.Shown? shown
function M._about_demand(demand)
  if type(demand) ~= "table" then
    return
  end
  local choices = {
    { text = "Allow it", act = M._trust(demand.mark, demand.kind) },
    { text = "Allow it for this Neovim", act = M._allow_now({ demand.name }) },
    { text = "Do not send" },
  }
  if demand.kind == "server" then
    local prompt = "The document wants to be sent to %s at %s, which you have not used yet. Send it?"
    return prompt:format(printable.show(demand.mark), printable.show(demand.text)), choices
  end
  return "The document wants this in the request, beyond what a document may say. Allow it?",
    choices,
    { lines = vim.split(demand.text, "\n"), syntax = "json" }
end

---@param buf integer
---@param secrets { mark: string, what: string, file: string, file_line: integer }[]
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
function M._about_secrets(buf, secrets, permit)
  local first = type(secrets) == "table" and secrets[1]
  if not first then
    return
  end
  local others = #secrets - 1
  local more = others == 0 and ""
    or others == 1 and ", and there is one more such place"
    or (", and there are %d more such places"):format(others)
  local refusal, question = words(permit)
  local prompt = ("Line %d of %s holds what looks like %s%s. %s"):format(
    first.file_line,
    printable.show(first.file),
    first.what,
    more,
    question
  )
  local function confirm()
    M._forget_with(buf)
    confirmed[buf] = confirmed[buf] or {}
    for _, secret in ipairs(secrets) do
      table.insert(confirmed[buf], secret.mark)
    end
  end
  local yes = permit.shows and "Show it all the same" or "Send it all the same"
  return prompt, { { text = refusal }, { text = yes, act = confirm } }
end

--- About a `.chatvim.md`, as it is now: the yes is for this text.
---@param map { context: any, context_text: any, context_before: any }
---@return string? prompt
---@return chatvim.Choice[]? choices
---@return chatvim.Shown? shown
function M._about_context(map)
  local path, text, before = map.context, map.context_text, map.context_before
  if type(path) ~= "string" or type(text) ~= "string" then
    return
  end
  local function leave_out()
    table.insert(without, path)
  end
  local choices = {
    { text = "Use it", act = M._trust(path, "context", text) },
    { text = "Not now", act = leave_out },
    { text = "Never", act = M._distrust(path) },
    { text = "Do not send" },
  }
  if type(before) ~= "string" then
    local prompt = "%s has settings and messages for the chats below it. Use it?"
    local shown = { lines = vim.split(text, "\n"), syntax = "markdown" }
    return prompt:format(M._name(path)), choices, shown
  end
  local diff = (vim.text.diff or vim.diff)(before, text) --[[@as string]]
  local prompt = "%s has changed since you allowed it. Use it as it is now?"
  local shown = { lines = vim.split(diff, "\n"), syntax = "diff" }
  return prompt:format(M._name(path)), choices, shown
end

--- Has the program remember a yes.
---@param what string a path, or the mark of a demand
---@param kind "embed"|"context"|"body"|"server"
---@param content? string of a `.chatvim.md`
---@return fun()
function M._trust(what, kind, content)
  return function()
    process.send("trust", { path = what, allowed = true, kind = kind, content = content })
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
