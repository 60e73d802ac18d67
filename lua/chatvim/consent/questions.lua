-- SPDX-License-Identifier: Apache-2.0
-- The questions before a chat is sent, by the program's error code: the prompt, the choices and
-- their actions, and the text to show.
local M = {}

local permits = require("chatvim.consent.permit")
local printable = require("chatvim.view.printable")
local process = require("chatvim.program.process")

--- A choice of a question.
---@class chatvim.Choice
---@field text string
---@field act? fun() called when chosen; nil: nothing is sent

---@param what string[] paths, or names of demands
---@return fun()
local function allow_now(what)
  return function()
    permits.allow_now(what)
  end
end

--- Returns an action that has the program remember a permission.
---@param what string a path, or the mark of a demand
---@param kind "embed"|"context"|"body"|"server"
---@param content? string the content of a `.chatvim.md`
---@return fun()
local function trust(what, kind, content)
  return function()
    process.send("trust", { path = what, allowed = true, kind = kind, content = content })
  end
end

--- Whether a folder is too broad to be allowed with one key: the root, a folder directly below it,
--- or the home folder.
---@param folder string
---@return boolean
local function is_wide(folder)
  local home = vim.uv.os_homedir()
  return not folder:find("^/[^/]+/[^/]") or folder == (home and vim.uv.fs_realpath(home))
end

--- Abbreviates a path with `~` for display.
---@param path string
---@return string
local function name(path)
  return printable.show(vim.fn.fnamemodify(path, ":~"))
end

--- Describes the position of an embed.
---@param at { source: string, line: integer }
---@return string
local function place(at)
  local line = ("line %d"):format(at.line)
  return at.source == "" and "L" .. line:sub(2) or ("%s, %s"):format(name(at.source), line)
end

--- Returns the words for declining, and the question.
---@param permit chatvim.Permit
---@return string refusal
---@return string question
local function words(permit)
  if permit.shows then
    return "Do not show it", "Show it in the request?"
  end
  return "Do not send", "Send it?"
end

--- A file or folder that needs permission.
---@class chatvim.Outside
---@field path string
---@field source string
---@field line integer
---@field why? string
---@field credentials? boolean its name suggests credentials

--- Asks about the first of the files that need permission. The next request asks about the others.
---@param outside chatvim.Outside[]
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
local function about_outside(outside, permit)
  local first = type(outside) == "table" and outside[1]
  if not first then
    return
  end
  local refusal, question = words(permit)
  local path = first.path
  local stat = vim.uv.fs_stat(path)
  local what = stat ~= nil and stat.type == "directory" and "folder" or "file"
  local choices = {
    { text = ("Allow this %s"):format(what), act = trust(path, "embed") },
    { text = ("Allow this %s for this Neovim"):format(what), act = allow_now({ path }) },
  }
  local folder = vim.fs.dirname(path)
  -- Credentials need separate permission, even in an allowed folder.
  if what == "file" and not first.credentials and not is_wide(folder) then
    table.insert(choices, {
      text = ("Allow everything in %s"):format(name(folder)),
      act = trust(folder, "embed"),
    })
  end
  local more = ""
  if #outside > 1 then
    local paths = vim.tbl_map(function(file)
      return file.path
    end, outside)
    local all = ("Allow all %d for this Neovim"):format(#outside)
    table.insert(choices, { text = all, act = allow_now(paths) })
    more = #outside == 2 and ", and one more has to be allowed"
      or (", and %d more have to be allowed"):format(#outside - 1)
  end
  table.insert(choices, { text = refusal })
  local prompt = ("%s embeds %s, which %s%s. %s"):format(
    place(first),
    name(path),
    first.why or "has to be allowed",
    more,
    question
  )
  return prompt, choices
end

--- Asks about a change to the request that the document demands.
---@param demand { kind: "body"|"server", name: string, mark: string, text: string }
---@return string? prompt
---@return chatvim.Choice[]? choices
---@return chatvim.Shown? shown
local function about_demand(demand)
  if type(demand) ~= "table" then
    return
  end
  local choices = {
    { text = "Allow it", act = trust(demand.mark, demand.kind) },
    { text = "Allow it for this Neovim", act = allow_now({ demand.name }) },
    { text = "Do not send" },
  }
  if demand.kind == "server" then
    local prompt = "The document wants to be sent to %s at %s, which you never used. Send it?"
    return prompt:format(printable.show(demand.mark), printable.show(demand.text)), choices
  end
  return "The document wants this in the request, beyond what a document may say. Allow it?",
    choices,
    { lines = vim.split(demand.text, "\n"), syntax = "json" }
end

--- Asks about text that looks like keys.
---@param buf integer
---@param secrets { mark: string, what: string, file: string, file_line: integer }[]
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
local function about_secrets(buf, secrets, permit)
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
    local marks = vim.tbl_map(function(secret)
      return secret.mark
    end, secrets)
    permits.confirm(buf, marks)
  end
  local yes = permit.shows and "Show it all the same" or "Send it all the same"
  return prompt, { { text = refusal }, { text = yes, act = confirm } }
end

--- Returns an action that has the program reject a `.chatvim.md` permanently.
---@param path string
---@return fun()
local function distrust(path)
  return function()
    process.send("trust", { path = path, allowed = false, kind = "context" })
  end
end

--- Asks about a `.chatvim.md`. The permission applies only to its current text.
---@param fields { context: any, context_text: any, context_before: any }
---@return string? prompt
---@return chatvim.Choice[]? choices
---@return chatvim.Shown? shown
local function about_context(fields)
  local path, text, before = fields.context, fields.context_text, fields.context_before
  if type(path) ~= "string" or type(text) ~= "string" then
    return
  end
  local function leave_out()
    permits.leave_out(path)
  end
  local choices = {
    { text = "Use it", act = trust(path, "context", text) },
    { text = "Not now", act = leave_out },
    { text = "Never", act = distrust(path) },
    { text = "Do not send" },
  }
  if type(before) ~= "string" then
    local prompt = "%s has settings and messages for the chats below it. Use it?"
    local shown = { lines = vim.split(text, "\n"), syntax = "markdown" }
    return prompt:format(name(path)), choices, shown
  end
  ---@diagnostic disable-next-line: deprecated -- Neovim 0.11 and older have only `vim.diff`.
  local diff = (vim.text.diff or vim.diff)(before, text) --[[@as string]]
  local prompt = "%s has changed since you allowed it. Use it as it is now?"
  local shown = { lines = vim.split(diff, "\n"), syntax = "diff" }
  return prompt:format(name(path)), choices, shown
end

--- The questions by error code. Each returns the prompt, the choices, and the text to show.
---@type table<string, fun(buf: integer, fields: table, permit: chatvim.Permit): string?, ...>
local questions = {
  outside = function(_, fields, permit)
    return about_outside(fields.outside, permit)
  end,
  secret = function(buf, fields, permit)
    return about_secrets(buf, fields.secrets, permit)
  end,
  demand = function(_, fields)
    return about_demand(fields.demand)
  end,
  offers_context = function(_, fields)
    return about_context(fields)
  end,
}

--- Returns the question about what prevents a chat from being sent; nil if the user cannot allow
--- it.
---@param buf integer
---@param fields table the protocol's `ended` or `result`
---@param permit chatvim.Permit
---@return string? prompt
---@return chatvim.Choice[]? choices
---@return chatvim.Shown? shown
function M.about(buf, fields, permit)
  local question = questions[fields.code]
  if question then
    return question(buf, fields, permit)
  end
end

return M
