-- SPDX-License-Identifier: Apache-2.0
-- Runs the program as a one-off command, independent of the process that speaks the protocol.
local M = {}

--- Timeout in ms.
M.limit = 5000

--- Limits on the standard error that is kept: lines, and bytes per line.
local MOST_LINES, MOST_CHARACTERS = 20, 500

--- Runs the program and waits for it to exit. As `path` may be any program, there is a timeout, and
--- its standard error is shortened and stripped of control characters.
---@param path string
---@param arguments string[]
---@param input? string
---@return string? output
---@return string? err the reason if `output` is nil
---@return string[]? complaints the lines on its standard error if it succeeded
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
