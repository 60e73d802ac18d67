-- SPDX-License-Identifier: Apache-2.0
-- The section of `:checkhealth chatvim` about servers of tools. Starts none of them.
local M = {}

local program = require("chatvim.program.run")

--- Describes one server.
---@param server chatvim.ToolServer
---@return chatvim.Record
local function describe(server)
  local words = { server.name }
  if server.source ~= "" then
    table.insert(words, "from " .. server.source)
  end
  if server.known then
    local count = #server.tools
    table.insert(words, count == 1 and "1 tool" or ("%d tools"):format(count))
  else
    table.insert(words, "not started yet")
  end
  if not server.start then
    table.insert(words, "asks before it is started")
  end
  local text = table.concat(words, ", ")
  if server.program ~= "" and vim.fn.executable(server.program) == 0 then
    return {
      level = "warn",
      text = ("%s; %s cannot be run"):format(text, server.program),
      advice = { ("install %s, or correct `command` in config.md"):format(server.program) },
    }
  end
  return { level = server.source == "" and "ok" or "info", text = text }
end

---@param path string? the program
---@return chatvim.Record[]
function M.records(path)
  if not path then
    return { { level = "info", text = "unknown without the program" } }
  end
  local output, err = program.run(path, { "tools", "--json" })
  local decoded, value = pcall(vim.json.decode, output or "")
  if err or not decoded or type(value) ~= "table" then
    local text = "`chatvim tools --json` " .. (err or "gave no JSON")
    return { { level = "error", text = text } }
  elseif type(value.servers) ~= "table" or type(value.warnings) ~= "table" then
    return { { level = "error", text = "`chatvim tools --json` lists no servers" } }
  end
  local records = {}
  for _, server in ipairs(value.servers) do
    table.insert(records, describe(server))
  end
  for _, warning in ipairs(value.warnings) do
    table.insert(records, { level = "warn", text = warning })
  end
  return records
end

return M
