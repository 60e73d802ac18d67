-- SPDX-License-Identifier: Apache-2.0
-- What has changed since the last commit, staged or not: git's diff of the file of a buffer, or of
-- the whole repository for a buffer without one.
local M = {}

local api = vim.api

--- Neither the user's display settings nor programs that the repository names take part.
local GIT = {
  "git",
  "--no-optional-locks",
  "--literal-pathspecs",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "diff.noprefix=false",
  "-c",
  "diff.mnemonicPrefix=false",
  "-c",
  "core.quotePath=false",
}

local DIFF = { "diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD" }

---@param buf integer
---@return string? file its real path; nil if the buffer has none on the disk
local function file_of(buf)
  local name = api.nvim_buf_get_name(buf)
  return name ~= "" and vim.bo[buf].buftype == "" and vim.uv.fs_realpath(name) or nil
end

--- Runs git for a file, or for the working folder.
---@param file? string
---@param arguments string[]
---@param callback fun(result: chatvim.send.Result)
---@return string? err
local function git(file, arguments, callback)
  local command = vim.list_slice(GIT)
  vim.list_extend(command, { "-C", file and vim.fs.dirname(file) or vim.fn.getcwd() })
  vim.list_extend(command, arguments)
  -- The language of the messages that are looked for.
  local run = { command = command, env = { LC_ALL = "C" }, name = "git" }
  local err = require("chatvim.command.send.run").start(run, callback)
  return err and "git cannot be run: is it installed?"
end

--- Returns why git failed.
---@param result chatvim.send.Result
---@param what string
---@return string
local function explain(result, what)
  if result.stopped == "size" then
    return ("the diff of %s is too large: `:ChatvimSend !git diff PATH` sends a part"):format(what)
  elseif result.stopped then
    return ("git took too long for the diff of %s: nothing was quoted"):format(what)
  elseif result.errors:lower():find("not a git repository", 1, true) then
    return ("%s is in no git repository: nothing was quoted"):format(what)
  end
  return ("git: %s"):format(result.errors:match("[^\n]+") or "it failed without a message")
end

--- Calls back if there is a commit to compare with. Without this check, `git diff` outside of a
--- repository would compare HEAD and the file as two files.
---@param file? string
---@param what string
---@param callback fun(err: string?)
---@return string? err
local function check(file, what, callback)
  return git(file, { "rev-parse", "--quiet", "--verify", "HEAD^{commit}" }, function(result)
    if result.code == 1 then
      callback("there is no commit yet that the files could be compared with")
    else
      callback(result.code ~= 0 and explain(result, what) or nil)
    end
  end)
end

--- Makes a quote of the diff.
---@param result chatvim.send.Result
---@param label string
---@param what string
---@return string? err
---@return chatvim.Quote?
local function quote(result, label, what)
  if result.code ~= 0 or result.stopped then
    return explain(result, what)
  end
  local lines = require("chatvim.command.send.clean").lines(result.output)
  if #lines == 0 then
    return ("git has no changes of %s since the last commit"):format(what)
  end
  return nil, { label = label, filetype = "diff", lines = lines }
end

--- Reads the diff.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local file = file_of(request.buf)
  local name = require("chatvim.command.excerpt").file_name(request.buf)
  local what = file and name or vim.fn.fnamemodify(vim.fn.getcwd(), ":~")
  local label = file and ("git diff HEAD -- %s"):format(name) or "git diff HEAD"
  local arguments = vim.list_extend(vim.list_slice(DIFF), file and { "--", file } or {})
  local err = check(file, what, function(why)
    why = why
      or git(file, arguments, function(result)
        callback(quote(result, label, what))
      end)
    if why then
      callback(why)
    end
  end)
  if err then
    callback(err)
  end
end

return M
