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
}

local DIFF = { "diff", "--no-color", "--no-ext-diff", "--no-textconv", "HEAD" }

---@param buf integer
---@return string? file its real path; nil if the buffer has none on the disk
local function file_of(buf)
  local name = api.nvim_buf_get_name(buf)
  return name ~= "" and vim.bo[buf].buftype == "" and vim.uv.fs_realpath(name) or nil
end

---@param file? string
---@return string[]
local function command_for(file)
  local command = vim.list_slice(GIT)
  vim.list_extend(command, { "-C", file and vim.fs.dirname(file) or vim.fn.getcwd() })
  vim.list_extend(command, DIFF)
  return vim.list_extend(command, file and { "--", file } or {})
end

--- Returns why git made no diff.
---@param result chatvim.send.Result
---@param what string
---@return string
local function explain(result, what)
  local errors = result.errors
  if result.stopped == "size" then
    return ("the diff of %s is too large: `:ChatvimSend !git diff PATH` sends a part"):format(what)
  elseif result.stopped then
    return ("git took too long for the diff of %s: nothing was quoted"):format(what)
  elseif errors:find("not a git repository", 1, true) then
    return ("%s is in no git repository: nothing was quoted"):format(what)
  elseif errors:find("'HEAD'", 1, true) then
    return "there is no commit yet that the files could be compared with"
  end
  return ("git: %s"):format(errors:match("[^\n]+") or "it failed without a message")
end

---@param buf integer
---@param file? string
---@return string
local function label_for(buf, file)
  local name = require("chatvim.command.send.lines").name(buf)
  return file and ("git diff HEAD -- %s"):format(name) or "git diff HEAD"
end

--- Reads the diff.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local file = file_of(request.buf)
  local what = file and require("chatvim.command.send.lines").name(request.buf)
    or vim.fn.fnamemodify(vim.fn.getcwd(), ":~")
  local label = label_for(request.buf, file)
  local run = { command = command_for(file), env = { LC_ALL = "C" }, name = "git" }
  local err = require("chatvim.command.send.run").start(run, function(result)
    if result.code ~= 0 or result.stopped then
      return callback(explain(result, what))
    end
    local lines = require("chatvim.command.send.clean").lines(result.output)
    if #lines == 0 then
      return callback(("git has no changes of %s since the last commit"):format(what))
    end
    callback(nil, { label = label, filetype = "diff", lines = lines })
  end)
  if err then
    callback("git cannot be run: is it installed?")
  end
end

return M
