-- SPDX-License-Identifier: Apache-2.0
-- `:checkhealth chatvim`: records, walked by one function.
local M = {}

--- One thing that was looked at.
---@class chatvim.Record
---@field level "ok"|"info"|"warn"|"error"
---@field text string
---@field advice? string[]

--- So long the program may take for a question, in milliseconds.
local LIMIT = 5000

function M.check()
  for _, section in ipairs({
    { "Neovim", M._neovim },
    { "Program", M._program },
    { "Configuration", M._configuration },
    { "Providers", M._providers },
  }) do
    vim.health.start("chatvim: " .. section[1])
    for _, record in ipairs(section[2]()) do
      vim.health[record.level](record.text, record.advice)
    end
  end
end

---@return chatvim.Record[]
function M._neovim()
  local version = tostring(vim.version())
  local records = {}
  if vim.fn.has("nvim-0.10") == 1 then
    table.insert(records, { level = "ok", text = "Neovim " .. version })
  else
    table.insert(records, { level = "error", text = version .. ": Neovim 0.10 or later is needed" })
  end
  local parsers = vim.api.nvim_get_runtime_file("parser/markdown.*", false)
  table.insert(records, {
    level = "info",
    text = #parsers > 0 and "tree-sitter parser for markdown: " .. parsers[1]
      or "no tree-sitter parser for markdown; none is needed",
  })
  return records
end

---@return chatvim.Record[]
function M._program()
  local locate, process = require("chatvim.locate"), require("chatvim.process")
  local path, err = locate.find()
  if not path then
    return { { level = "error", text = err, advice = { locate.advice() } } }
  end
  local records = { { level = "ok", text = "found: " .. path } }
  -- Starting it is the only way to know that it speaks our protocol.
  local failure
  local id = process.next_id()
  process.listen(id, function(name, map)
    failure = name == "down" and map.message or failure
  end)
  failure = process.send("open", { text = "", settings = vim.empty_dict() })
  vim.wait(process.hello_limit + 500, function()
    local info = process.info()
    return failure ~= nil or (info ~= nil and info.ready)
  end, 10)
  process.forget(id)
  local info = process.info()
  if info and info.ready then
    table.insert(records, {
      level = "ok",
      text = ("version %s answers and speaks protocol %d; the plugin is %s"):format(
        info.version,
        process.PROTOCOL,
        process.VERSION
      ),
    })
    if info.version ~= process.VERSION then
      table.insert(records, {
        level = "warn",
        text = "program and plugin are of different versions",
        advice = { locate.advice() },
      })
    end
  else
    table.insert(records, {
      level = "error",
      text = failure or (path .. " did not answer"),
      advice = { locate.advice() },
    })
  end
  table.insert(records, { level = "info", text = "log file: " .. process.log_path() })
  return records
end

---@return chatvim.Record[]
function M._configuration()
  local config, problems = require("chatvim.config").check()
  local records = {}
  for _, problem in ipairs(problems) do
    table.insert(records, { level = "error", text = problem })
  end
  if #problems == 0 then
    table.insert(records, { level = "ok", text = "the options are good" })
  end
  for _, option in ipairs(require("chatvim.config").schema) do
    local value = config[option.name]
    -- Settings may hold what is nobody's business, so only their names are shown.
    local shown = option.type == "table" and table.concat(vim.tbl_keys(value), ", ")
      or tostring(value)
    local text = ("%s: %s"):format(option.name, shown == "" and "(not set)" or shown)
    table.insert(records, { level = "info", text = text })
  end
  return records
end

---@return chatvim.Record[]
function M._providers()
  local path = require("chatvim.locate").find()
  if not path then
    return { { level = "info", text = "unknown without the program" } }
  end
  local ok, result = pcall(function()
    return vim.system({ path, "providers", "--json" }, { text = true, timeout = LIMIT }):wait()
  end)
  if not ok or result.code ~= 0 then
    local why = ok and vim.trim(result.stderr or "") or tostring(result)
    return { { level = "error", text = "`chatvim providers` failed: " .. why } }
  end
  local decoded, rows = pcall(vim.json.decode, result.stdout)
  if not decoded or type(rows) ~= "table" then
    return { { level = "error", text = "`chatvim providers --json` gave no JSON" } }
  end
  local records, usable = {}, false
  for _, row in ipairs(rows) do
    local key = row.key == true and "key set" or row.key_needed == false and "no key needed" or nil
    usable = usable or row.key == true or row.key_needed == false
    table.insert(records, {
      level = row.key == true and "ok" or "info",
      text = ("%s (%s): %s"):format(row.name, row.base_url, key or "no key"),
    })
  end
  if not usable then
    table.insert(records, {
      level = "warn",
      text = "no provider has a key",
      advice = { "set the key's environment variable, or name a local server: |chatvim-config|" },
    })
  end
  return records
end

return M
