-- SPDX-License-Identifier: Apache-2.0
-- `:checkhealth chatvim`: each section returns records, which `check` prints.
local M = {}

local locate = require("chatvim.program.locate")
local process = require("chatvim.program.process")
local program = require("chatvim.program.run")

--- The values that `filewritable()` returns for a writable file and a writable folder.
local FILE, FOLDER = 1, 2

--- Where the program comes from, for bug reports.
---@type table<chatvim.Origin, string>
local ORIGINS = {
  option = "the option `program` names it",
  built = "it was built here from the plugin's sources",
  release = "it is the program of release %s, as downloaded",
  installed = "it was installed together with the plugin",
  path = "it is the one on $PATH",
}

--- The result of one check.
---@class chatvim.Record
---@field level "ok"|"info"|"warn"|"error"
---@field text string
---@field advice? string[]

--- The libcurl features that the program needs, as `chatvim --version` names them.
---@type { name: string, text: string, advice: string }[]
M.features = {
  {
    name = "SSL",
    text = "libcurl has no TLS: no https address can be reached",
    advice = "install a libcurl with TLS, such as libcurl4-openssl-dev, and build again",
  },
  {
    name = "HTTP2",
    text = "libcurl has no HTTP/2: each answer that runs at a time needs a connection of its own",
    advice = "install a libcurl with HTTP/2 (nghttp2), and build again",
  },
  {
    name = "AsynchDNS",
    text = "libcurl waits for the name server: all answers stand still meanwhile",
    advice = "install a libcurl with a threaded resolver or c-ares, and build again",
  },
}

---@return chatvim.Record[]
local function neovim()
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

--- Finds the program and starts it, since only that shows whether it speaks our protocol.
---@return string? path nil if the program cannot be used
---@return chatvim.Record? trouble the reason if `path` is nil
local function find()
  local path, err = locate.find()
  if not path then
    return nil, { level = "error", text = err, advice = { locate.advice() } }
  end
  local failure
  local id = process.next_id()
  process.listen(id, function(name, fields)
    failure = name == "down" and fields.message or failure
  end)
  failure = process.send("open", { text = "", settings = vim.empty_dict() })
  vim.wait(process.hello_limit + 500, function()
    local info = process.info()
    return failure ~= nil or (info ~= nil and info.ready)
  end, 10)
  process.forget(id)
  local info = process.info()
  if info and info.ready then
    return path
  end
  failure = failure or (path .. " did not answer")
  return nil, { level = "error", text = failure, advice = { locate.advice() } }
end

--- Returns records about the program's libraries: the features of libcurl, and the versions for bug
--- reports.
---@param path string
---@return chatvim.Record[]
local function library(path)
  local output, err = program.run(path, { "--version" })
  output = output or ""
  local name, features = output:match("\n(libcurl/[^:\n]+):([^\n]*)")
  if not name then
    return { { level = "error", text = "`chatvim --version` " .. (err or "names no libcurl") } }
  end
  local records = { { level = "ok", text = name .. " with" .. features } }
  local built = output:match("\n(built with [^\n]+)")
  if built then
    table.insert(records, { level = "ok", text = built })
  end
  local words = vim.split(features, " ")
  for _, feature in ipairs(M.features) do
    if not vim.list_contains(words, feature.name) then
      table.insert(records, { level = "warn", text = feature.text, advice = { feature.advice } })
    end
  end
  return records
end

---@param path string?
---@param trouble chatvim.Record?
---@return chatvim.Record[]
local function check_program(path, trouble)
  local info = process.info()
  if not path or not info then
    return { trouble }
  end
  local _, _, origin = locate.find()
  local records = { { level = "ok", text = "found: " .. path } }
  if origin then
    table.insert(records, { level = "ok", text = ORIGINS[origin]:format(info.version) })
  end
  local same = info.version == process.VERSION
  table.insert(records, {
    level = same and "ok" or "warn",
    text = ("version %s answers and speaks protocol %d; the plugin is %s"):format(
      info.version,
      process.PROTOCOL,
      process.VERSION
    ),
    advice = not same and { "make them the same: " .. locate.advice() } or nil,
  })
  return vim.list_extend(records, library(path))
end

---@return chatvim.Record[]
local function options()
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
    -- Show only the names of settings: their values may be private.
    local shown = option.type == "table" and table.concat(vim.tbl_keys(value), ", ")
      or tostring(value)
    local text = ("%s: %s"):format(option.name, shown == "" and "(not set)" or shown)
    table.insert(records, { level = "info", text = text })
  end
  return records
end

--- Has the program read a document, and the configuration with it, and adds its error or warnings
--- to `records`. Returns whether it succeeded.
---@param records chatvim.Record[]
---@param path string
---@param good string? the text to add if there are no errors or warnings
---@param document string
---@return boolean
local function check_document(records, path, good, document)
  local _, err, warnings = program.run(path, { "messages" }, document)
  if err then
    table.insert(records, { level = "error", text = err })
    return false
  end
  for _, warning in ipairs(warnings or {}) do
    -- Presets are read together with config.md, whose warnings are already in `records`.
    local reported = vim.iter(records):any(function(record)
      return record.text == warning
    end)
    if not reported then
      table.insert(records, { level = "warn", text = warning })
      good = nil
    end
  end
  if good then
    table.insert(records, { level = "ok", text = good })
  end
  return true
end

--- Checks the user's config.md and presets by having the program read each of them.
---@param path string?
---@return chatvim.Record[]
local function configuration(path)
  local home = vim.env.XDG_CONFIG_HOME
  local base = vim.startswith(home or "", "/") and home or vim.fs.normalize("~/.config")
  local folder = base .. "/chatvim"
  local file = folder .. "/config.md"
  local records = {}
  local there = vim.uv.fs_stat(file) ~= nil
  if not there then
    table.insert(records, { level = "info", text = file .. " is not there; none is needed" })
  end
  if not path then
    table.insert(records, { level = "info", text = "unread, without the program" })
    return records
  end
  local good = check_document(records, path, there and "read: " .. file or nil, "")
  local presets = vim.fn.glob(vim.fn.escape(folder, "*?[]{}\\") .. "/presets/*.md", true, true)
  for _, preset in ipairs(presets) do
    local name = vim.fn.fnamemodify(preset, ":t:r")
    if good then
      check_document(records, path, "preset " .. name, ("+++\npreset = %q\n+++\n"):format(name))
    else
      table.insert(records, { level = "info", text = "preset " .. name })
    end
  end
  return records
end

--- Returns a record about a provider: whether its key is set, never the key itself.
---@param row table
---@return chatvim.Record
local function provider(row)
  local key = row.key == true and "key set" or row.key_needed == false and "no key needed" or nil
  local text = ("%s: %s"):format(tostring(row.name), key or "no key")
  if type(row.base_url) == "string" and row.base_url ~= "" then
    -- An address may contain a password, or a key after its "?".
    text = text .. ", " .. row.base_url:gsub("//[^/]*@", "//***@"):gsub("%?.*", "?***")
  end
  if type(row.problem) == "string" and row.problem ~= "" then
    return { level = key and "warn" or "info", text = ("%s; %s"):format(text, row.problem) }
  end
  return { level = row.key == true and "ok" or "info", text = text }
end

---@param path string?
---@return chatvim.Record[]
local function providers(path)
  if not path then
    return { { level = "info", text = "unknown without the program" } }
  end
  local output, err = program.run(path, { "providers", "--json" })
  local decoded, rows = pcall(vim.json.decode, output or "")
  if err or not decoded or type(rows) ~= "table" then
    local text = "`chatvim providers --json` " .. (err or "gave no JSON")
    return { { level = "error", text = text } }
  end
  local records, keys = {}, 0
  for _, row in ipairs(rows) do
    if type(row) == "table" then
      keys = keys + (row.key == true and 1 or 0)
      table.insert(records, provider(row))
    end
  end
  if keys == 0 then
    table.insert(records, {
      level = "warn",
      text = "no key is set: only servers that need none can answer, such as one on this machine",
      advice = { "set a provider's variable, which `chatvim providers` lists: |chatvim-config|" },
    })
  end
  return records
end

--- Returns a record on whether a file or folder can be written or, if missing, created. Creates
--- nothing.
---@param name string
---@param path string
---@param kind integer
---@return chatvim.Record
local function writable(name, path, kind)
  local text = ("%s: %s"):format(name, path)
  local at = path
  while not vim.uv.fs_lstat(at) and at ~= vim.fs.dirname(at) do
    at = vim.fs.dirname(at)
  end
  if at ~= path then
    text, kind = text .. " (made when it is needed)", FOLDER
  end
  if vim.fn.filewritable(at) == kind then
    return { level = "ok", text = text }
  end
  local problem = ("%s is no %s that can be written"):format(
    at,
    kind == FILE and "file" or "folder"
  )
  return { level = "error", text = ("%s; %s"):format(text, problem) }
end

--- Checks the files and folders that Chatvim writes.
---@return chatvim.Record[]
local function files()
  local chats = require("chatvim.config").get().chat_dir
  chats = chats == "" and vim.fn.getcwd() or vim.fs.normalize(chats)
  local state = vim.fn.stdpath("state") --[[@as string]]
  return {
    writable("folder of new chats", chats, FOLDER),
    writable("log file", process.log_path(), FILE),
    writable("folder of unfinished answers", vim.fs.joinpath(state, "chatvim"), FOLDER),
  }
end

--- Writes the report of `:checkhealth chatvim`.
function M.check()
  local found, path, trouble = pcall(find)
  if not found then
    path, trouble = nil, { level = "error", text = tostring(path) }
  end
  for _, section in ipairs({
    { "Neovim", neovim },
    { "Program", check_program },
    { "Options", options },
    { "Configuration", configuration },
    { "Providers", providers },
    { "Tools", require("chatvim.health.tools").records },
    { "Files", files },
  }) do
    vim.health.start("chatvim: " .. section[1])
    -- If a section fails, report that and continue with the others.
    local ok, records = pcall(section[2], path, trouble)
    if not ok then
      records = { { level = "error", text = "this could not be looked at: " .. tostring(records) } }
    end
    for _, record in ipairs(records) do
      vim.health[record.level](record.text, record.advice)
    end
  end
end

return M
