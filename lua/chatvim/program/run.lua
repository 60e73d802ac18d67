-- SPDX-License-Identifier: Apache-2.0
-- Runs a command of the program by itself, beside the one that is spoken to over the protocol.
local M = {}

--- So long it may take, in milliseconds.
M.limit = 5000

--- Lines of its standard error that are kept, and characters of each.
local MOST_LINES, MOST_CHARACTERS = 20, 500

--- Runs the program and waits for its end. It may be anybody's program: it has a limit of time, and
--- what it complains of is made short and plain.
---@param path string
---@param arguments string[]
---@param input? string
---@return string? output
---@return string? err why there is none
---@return string[]? complaints the lines on its standard error, where it ended well
function M.run(path, arguments, input)
  local command = vim.list_extend({ path }, arguments)
  local started, run = pcall(vim.system, command, { text = true, stdin = input or "" })
  if not started then
    return nil, "does not start: " .. tostring(run)
  end
  local result = run:wait(M.limit)
  if not result or (result.code == 124 and result.signal == 9) then
    return nil, ("did not answer within %d seconds"):format(M.limit / 1000)
  end
  local complaints = {}
  for line in (result.stderr or ""):gmatch("[^\r\n]+") do
    if #complaints < MOST_LINES then
      line = line:gsub("^chatvim: ", ""):gsub("%c", " ")
      table.insert(complaints, line:sub(1, MOST_CHARACTERS))
    end
  end
  if result.code ~= 0 or result.signal ~= 0 then
    local ending = result.signal ~= 0 and ("signal %d"):format(result.signal)
      or ("code %d"):format(result.code)
    return nil, #complaints > 0 and table.concat(complaints, " ") or "ended with " .. ending
  end
  return result.stdout or "", nil, complaints
end

return M
