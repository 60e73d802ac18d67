-- SPDX-License-Identifier: Apache-2.0
-- Checks what the modules below a folder require: `nvim -l lua_modules.lua FOLDER`. Fails if
-- modules require each other in a circle, at the top of a file or inside a function, and if one
-- requires what the table below does not allow. A string that Neovim evaluates later, such as an
-- option's `v:lua` expression, is not a require.

--- What may be required, by module or folder of modules, without "chatvim.". A folder's own modules
--- are always allowed. An entry of a module replaces that of its folder. A module without any, such
--- as `init`, may require everything.
---@type table<string, string[]>
local ALLOWED = {
  -- The lowest ones: nearly everything requires them.
  notify = { "view.printable" },
  config = { "notify" },
  keys = { "chat.state" },
  ["chat.state"] = { "notify" },
  ["view.printable"] = {},
  ["view.numbers"] = {},
  ["consent.permit"] = { "chat.state" },
  ["program.locate"] = { "config", "install.again" },

  folds = { "chat.outline", "chat.state", "chat.steps", "view.local_options" },
  motion = { "chat.outline", "chat.steps", "notify" },
  health = { "config", "program" },

  install = {},
  program = { "chat.state", "config", "consent.permit", "notify", "view.diagnostics" },
  consent = { "notify", "program", "view" },
  view = {
    "chat.outline",
    "chat.place",
    "chat.state",
    "config",
    "embed.show",
    "keys",
    "lsp.client",
    "notify",
    "program.process",
  },
  lsp = { "chat.state", "config", "notify", "program.process" },
  embed = {
    "chat.outline",
    "chat.state",
    "config",
    "consent.permit",
    "keys",
    "lsp.client",
    "notify",
    "program",
    "view",
  },
  chat = {
    "config",
    "consent",
    "embed.show",
    "folds",
    "keys",
    "lsp.client",
    "notify",
    "program",
    "view",
  },
  command = {
    "chat",
    "compare",
    "config",
    "consent",
    "keys",
    "notify",
    "program",
    "review",
    "rewrite",
    "view",
  },
  compare = { "chat", "command.window", "config", "consent", "notify", "program", "view" },
  ["command.apply"] = { "chat", "command", "notify", "program", "review", "view" },
  ["command.send"] = { "chat", "command", "notify", "view" },
  rewrite = {
    "chat",
    "command.excerpt",
    "command.new",
    "keys",
    "notify",
    "view",
  },
  review = { "chat.buffer", "chat.state", "config", "keys", "notify", "view" },
}

--- Loads modules one at a time before they are needed, whose names are not written out.
local PRELOADER = "chat.early"

local errors = {}

---@param message string
local function fail(message, ...)
  errors[#errors + 1] = message:format(...)
end

--- A source without its comments; each string is replaced by its number between NULs.
---@param source string
---@return string code
---@return string[] strings
local function strip(source)
  local parts, strings, at = {}, {}, 1
  local function add_string(text)
    strings[#strings + 1] = text
    parts[#parts + 1] = ("\0%d\0"):format(#strings)
  end
  while at <= #source do
    local start = source:find("[%-%[\"']", at)
    parts[#parts + 1] = source:sub(at, (start or #source + 1) - 1)
    if not start then
      break
    end
    local comment = source:sub(start, start + 1) == "--"
    local open = comment and start + 2 or start
    local level, body = source:match("^%[(=*)%[()", open)
    local quote = source:match("^[\"']", open)
    if level then
      local close, last = source:find("]" .. level .. "]", body, true)
      if not comment then
        add_string(source:sub(body, close - 1))
      end
      at = last + 1
    elseif comment then
      at = source:find("\n", open, true) or #source + 1
    elseif quote then
      local finish = open + 1
      while source:sub(finish, finish) ~= quote do
        finish = finish + (source:sub(finish, finish) == "\\" and 2 or 1)
      end
      add_string(source:sub(open + 1, finish - 1))
      at = finish + 1
    else
      parts[#parts + 1] = source:sub(start, start)
      at = start + 1
    end
  end
  return table.concat(parts), strings
end

--- The modules of this plugin that a source requires.
---@param name string of its module
---@param source string
---@return table<string, true>
local function read_requires(name, source)
  local code, strings = strip(source)
  local required = {}
  local function add(number, rest)
    local module = strings[tonumber(number)]
    if rest == ".." then
      if name ~= "chatvim." .. PRELOADER then
        fail("%s requires a module whose name is not written out", name)
      end
    elseif module:find("^chatvim$") or module:find("^chatvim%.") then
      required[module] = true
    end
  end
  -- `require("x")`, `require "x"`, `pcall(require, "x")` and `package.loaded["x"]`.
  for after in code:gmatch("%f[%w_]require%f[^%w_]()") do
    local number, rest = code:match("^%s*[(,]?%s*%z(%d+)%z%s*(%.?%.?)", after)
    if number then
      add(number, rest)
    else
      fail("%s requires a module whose name is not written out", name)
    end
  end
  for number in code:gmatch("%f[%w_]loaded%s*%[%s*%z(%d+)%z") do
    add(number)
  end
  required[name] = nil
  return required
end

--- Every module below a folder with the modules that it requires.
---@param root string
---@return table<string, table<string, true>>
local function read_modules(root)
  local modules = {}
  for path, kind in vim.fs.dir(root, { depth = 10 }) do
    if kind == "file" and path:find("%.lua$") then
      local name = path:gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
      local file = assert(io.open(vim.fs.joinpath(root, path), "rb"))
      modules[name] = read_requires(name, file:read("*a"))
      file:close()
    end
  end
  return modules
end

---@param name string
---@param list string[]
---@return boolean
local function is_allowed(name, list)
  for _, allowed in ipairs(list) do
    if name == allowed or vim.startswith(name, allowed .. ".") then
      return true
    end
  end
  return false
end

--- Checks a module's requires against the table.
---@param name string
---@param required string[]
---@param modules table<string, table<string, true>>
local function check_allowed(name, required, modules)
  local short = name:gsub("^chatvim%.", "")
  local folder = short:match("^(.*)%.") or (modules[name] and ALLOWED[short] and short)
  local list = ALLOWED[short] or ALLOWED[folder]
  for _, other in ipairs(required) do
    local target = other:gsub("^chatvim%.", "")
    if not modules[other] then
      fail("%s requires %s, which does not exist", name, other)
    elseif list and not is_allowed(target, list) then
      local own = folder
        and is_allowed(target, { folder })
        and not (ALLOWED[short] and short ~= folder)
      if not own then
        fail("%s must not require %s (see scripts/lib/lua_modules.lua)", name, other)
      end
    end
  end
end

--- Reports a circle for each set of modules that reach each other.
---@param modules table<string, table<string, true>>
local function check_circles(modules)
  ---@type table<string, "open"|"done">
  local seen, path = {}, {}
  local function visit(name)
    seen[name] = "open"
    path[#path + 1] = name
    for _, other in ipairs(vim.fn.sort(vim.tbl_keys(modules[name]))) do
      if seen[other] == "open" then
        local first = #path
        while path[first] ~= other do
          first = first - 1
        end
        fail("circle: %s", table.concat(vim.list_slice(path, first), " -> ") .. " -> " .. other)
      elseif modules[other] and not seen[other] then
        visit(other)
      end
    end
    path[#path] = nil
    seen[name] = "done"
  end
  for _, name in ipairs(vim.fn.sort(vim.tbl_keys(modules))) do
    if not seen[name] then
      visit(name)
    end
  end
end

local modules = read_modules(assert(_G.arg[1], "a folder must be named"))
for _, name in ipairs(vim.fn.sort(vim.tbl_keys(modules))) do
  check_allowed(name, vim.fn.sort(vim.tbl_keys(modules[name])), modules)
end
check_circles(modules)
for _, message in ipairs(errors) do
  io.stderr:write(message, "\n")
end
os.exit(#errors == 0 and 0 or 1)
