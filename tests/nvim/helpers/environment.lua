-- SPDX-License-Identifier: Apache-2.0
-- The paths that tests need, from environment variables that CTest sets.
local function need(name)
  local value = vim.env[name]
  if not value or value == "" then
    io.stderr:write(name .. " is not set\n")
    os.exit(2)
  end
  return value
end

---@class tests.Environment
return {
  root = need("CHATVIM_ROOT"),
  program = need("CHATVIM_PROGRAM"),
  standin = need("CHATVIM_STANDIN"),
  tool_server = need("CHATVIM_MCP_STANDIN"),
  nvim = need("CHATVIM_NVIM"),
  mini_test = need("CHATVIM_MINI_TEST"),
  data = need("CHATVIM_TEST_DATA"),
}
