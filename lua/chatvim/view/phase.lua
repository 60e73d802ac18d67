-- SPDX-License-Identifier: Apache-2.0
-- Describes the phase of a running answer, for the progress line, statuslines and winbars.
local M = {}

local uv = vim.uv or vim.loop
local printable = require("chatvim.view.printable")

--- Seconds without data from the model after which the text mentions it.
M.quiet_limit = 10

---@param progress chatvim.Progress
---@return string
local function phase_name(progress)
  local retry = progress.retry
  if progress.blocked then
    return "waiting: " .. progress.blocked
  elseif progress.phase == "thinking" and progress.reasoning > 0 then
    return ("thinking (%d characters)"):format(progress.reasoning)
  elseif progress.phase == "key" then
    return "getting the key"
  elseif progress.phase == "starting" then
    return "starting a server of tools"
  elseif progress.phase == "asking" then
    return "waiting for your decision"
  elseif progress.phase == "running" then
    local names = #progress.tools > 0 and table.concat(progress.tools, ", ") or "tools"
    return ("running %s"):format(printable.show(names))
  elseif progress.phase == "retrying" and retry then
    local seconds = math.max(math.ceil((retry.at - uv.hrtime()) / 1e9), 0)
    return ("%s, again in %d s (%d of %d)"):format(
      retry.reason,
      seconds,
      retry.attempt,
      retry.attempts
    )
  end
  return progress.phase
end

--- Describes the phase of an answer. If nothing has arrived for `quiet_limit`, adds for how long: a
--- server may keep a connection alive without sending any text.
---@param progress chatvim.Progress
---@return string
function M.text(progress)
  local quiet = math.floor((uv.hrtime() - progress.heard) / 1e9)
  if quiet < M.quiet_limit or progress.blocked or progress.phase == "retrying" then
    return phase_name(progress)
  elseif progress.phase == "asking" then
    return phase_name(progress)
  elseif progress.phase == "running" or progress.phase == "starting" then
    return ("%s, %d s"):format(phase_name(progress), quiet)
  end
  return ("%s, nothing for %d s"):format(phase_name(progress), quiet)
end

--- Describes a running answer briefly, for a statusline.
---@param progress chatvim.Progress
---@return string
function M.status(progress)
  local seconds = math.floor((uv.hrtime() - progress.started) / 1e9)
  local status = ("%s%s %d s"):format(
    progress.model and progress.model .. " " or "",
    M.text(progress),
    seconds
  )
  return printable.show(status)
end

return M
