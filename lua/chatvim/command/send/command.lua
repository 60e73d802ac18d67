-- SPDX-License-Identifier: Apache-2.0
-- The output of a shell command, with the lines of the range on its standard input.
local M = {}

local api = vim.api

--- Replaces the words `%` and `#`, with modifiers such as `%:h`, by names: of the current and the
--- alternate file, quoted for the shell. Within other words they belong to the shell, unlike with
--- |:!|, because `date +%s` is more common than a name without a blank before it.
---@param command string
---@return string? expanded
---@return string? err
local function expand(command)
  local unnamed
  local text = (" " .. command):gsub("%f[%S]([%%#])(:?[%w:]*)%f[%s%z]", function(sign, modifiers)
    local name = vim.fn.expand(sign .. modifiers:gsub(":S", ""))
    unnamed = unnamed or (name == "" and sign or nil)
    return vim.fn.shellescape(name)
  end)
  if unnamed then
    local whose = unnamed == "%" and "this buffer" or "the alternate buffer"
    return nil, ("`%s` stands for a file name, and %s has none"):format(unnamed, whose)
  end
  return text:sub(2)
end

--- Returns what the label says about the end of a command.
---@param result chatvim.send.Result
---@return string
local function describe(result)
  local run = require("chatvim.command.send.run")
  if result.stopped == "time" then
    return ("stopped after %g seconds"):format(run.MOST_SECONDS)
  elseif result.stopped == "size" then
    return ("stopped after %d MiB of output"):format(run.MOST_BYTES / 1024 / 1024)
  end
  return ("exit code %d"):format(result.code)
end

---@param request chatvim.SendRequest
---@param result chatvim.send.Result
---@return chatvim.Quote
local function quote(request, result)
  local lines = require("chatvim.command.send.clean").lines(result.output)
  local details = { describe(result) }
  if request.has_range then
    local place = require("chatvim.command.excerpt").label
    table.insert(details, 1, "input " .. place(request.buf, request.first, request.last))
  end
  if #lines == 0 then
    table.insert(details, "no output")
  end
  local label = ("$ %s (%s)"):format(request.command:gsub("%c", "?"), table.concat(details, ", "))
  return { label = label, filetype = "", lines = #lines > 0 and lines or nil }
end

--- Runs the command and reads its output.
---@param request chatvim.SendRequest
---@param callback fun(err: string?, quote: chatvim.Quote?)
function M.read(request, callback)
  local command, err = expand(request.command)
  local input = request.has_range
      and api.nvim_buf_get_lines(request.buf, request.first - 1, request.last, false)
    or nil
  local name = ("`%s`"):format(request.command)
  err = err
    or require("chatvim.command.send.run").start(
      { command = command, input = input, name = name },
      function(result)
        callback(nil, quote(request, result))
      end
    )
  if err then
    callback(err)
  end
end

return M
