-- SPDX-License-Identifier: Apache-2.0
-- The output of a test run: one character per case, then the failures, as plain text of limited
-- size.
local M = {}

--- Limits of one failure: bytes in a line, and lines.
local WIDTH, HEIGHT = 400, 80

---@param text string
local function write(text)
  io.stdout:write(text)
  io.stdout:flush()
end

--- Removes colours from a failure and truncates it: compared texts may have megabytes.
---@param text string
---@return string
function M.plain(text)
  local lines = vim.split(text:gsub("\27%[[%d;]*m", ""), "\n", { plain = true })
  for index, line in ipairs(lines) do
    if #line > WIDTH then
      local more = #line - WIDTH
      lines[index] = ("%s … (%d bytes more)"):format(line:sub(1, WIDTH), more)
    end
  end
  if #lines > HEIGHT then
    local more = #lines - HEIGHT
    lines = vim.list_slice(lines, 1, HEIGHT)
    table.insert(lines, ("… (%d lines more)"):format(more))
  end
  return table.concat(lines, "\n")
end

--- Returns a reporter for mini.test.
---@return table
function M.new()
  local cases = {}
  return {
    start = function(all)
      cases = all
      write(("%d cases: "):format(#cases))
    end,
    update = function(number)
      local state = cases[number].exec and tostring(cases[number].exec.state) or ""
      if state:find("^Pass") then
        write("o")
      elseif state:find("^Fail") then
        write("x")
      end
    end,
    finish = function()
      write("\n")
      for _, case in ipairs(cases) do
        local name = table.concat(case.desc, " | ")
        for _, kind in ipairs({ "fails", "notes" }) do
          for _, text in ipairs(case.exec and case.exec[kind] or {}) do
            local what = kind == "fails" and "FAIL" or "NOTE"
            write(("\n%s in %s:\n%s\n"):format(what, name, M.plain(text)))
          end
        end
      end
    end,
  }
end

return M
