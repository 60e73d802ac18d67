-- SPDX-License-Identifier: Apache-2.0
-- The options: one schema, the source of the defaults, the checks, the health report and the help.
local M = {}

--- Options that the user may set in `vim.g.chatvim` or with `setup()`.
---@class chatvim.Options
---@field program? string Path of the chatvim program
---@field keys? boolean Map the default keys in markdown buffers
---@field follow? boolean Windows whose cursor is on the last line follow the answer
---@field autosave? boolean Write the file when an answer ends
---@field chat_dir? string Folder of new chats
---@field folds? boolean Fold chats by message
---@field rules? boolean Draw delimiter lines as rules with the role and the model
---@field linebreak? boolean Break long lines between words in chat windows
---@field winbar? boolean Show model and progress at the top of chat windows
---@field embeds? boolean Show the contents of embeds after their lines
---@field rewrite_chats? boolean Keep the chats of rewrites
---@field settings? table<string, any> Settings for every chat

--- The complete configuration: every option has a value.
---@class chatvim.Config
---@field program string
---@field keys boolean
---@field follow boolean
---@field autosave boolean
---@field chat_dir string
---@field folds boolean
---@field rules boolean
---@field linebreak boolean
---@field winbar boolean
---@field embeds boolean
---@field rewrite_chats boolean
---@field settings table<string, any>

---@class chatvim.Option
---@field name string
---@field type "string"|"boolean"|"table"
---@field default any
---@field text string One sentence for the help and the health report

---@type chatvim.Option[]
M.schema = {
  {
    name = "program",
    type = "string",
    default = "",
    text = "Path of the chatvim program; empty: the plugin's build folder, then the bin of the "
      .. "tree that it is installed in, then $PATH.",
  },
  {
    name = "keys",
    type = "boolean",
    default = true,
    text = "Map the default keys in markdown buffers, where they are free.",
  },
  {
    name = "follow",
    type = "boolean",
    default = true,
    text = "A window whose cursor is on the last line follows the answer.",
  },
  {
    name = "autosave",
    type = "boolean",
    default = false,
    text = "Write the chat's file when an answer ends, and at no other time.",
  },
  {
    name = "chat_dir",
    type = "string",
    default = "",
    text = "The folder of new chats and of the list of chats; empty: the working directory.",
  },
  {
    name = "folds",
    type = "boolean",
    default = false,
    text = "Fold chats by message, and reasoning within an answer.",
  },
  {
    name = "rules",
    type = "boolean",
    default = false,
    text = "Draw delimiter lines as rules with the role and the model; the text stays as it is.",
  },
  {
    name = "linebreak",
    type = "boolean",
    default = true,
    text = "Break long lines between words in the windows of chats.",
  },
  {
    name = "winbar",
    type = "boolean",
    default = false,
    text = "Show the model and the progress at the top of windows with a chat.",
  },
  {
    name = "embeds",
    type = "boolean",
    default = true,
    text = "Show the contents of an embed after its line, or what is wrong with it.",
  },
  {
    name = "rewrite_chats",
    type = "boolean",
    default = true,
    text = "Keep the chat of each `:ChatvimRewrite` as a file in the chat folder.",
  },
  {
    name = "settings",
    type = "table",
    default = {},
    text = "Settings for every chat: stronger than config.md, weaker than a document's.",
  },
}

---@type table|nil the options passed to `setup()`
local setup_options
---@type table<string, boolean> problems already reported
local reported = {}

--- Stores options, which override those of `vim.g.chatvim`. Calling it is optional.
---@param options? chatvim.Options
function M.setup(options)
  setup_options = options
end

--- Returns the configuration: the defaults, overridden by `vim.g.chatvim`, then by `setup()`.
--- Invalid values are ignored and reported once.
---@return chatvim.Config
function M.get()
  local config, problems = M.check()
  for _, problem in ipairs(problems) do
    if not reported[problem] then
      reported[problem] = true
      require("chatvim.notify").show(problem, "warn")
    end
  end
  return config
end

--- Returns the option called `name`, or nil.
---@param name any
---@return chatvim.Option?
local function find(name)
  for _, option in ipairs(M.schema) do
    if option.name == name then
      return option
    end
  end
end

--- Returns why a table cannot be sent to the program, with the dotted path of the offending value,
--- or nil if it can.
---@param value table
---@param path string
---@param depth integer
---@return string?
local function unsendable(value, path, depth)
  if depth > 32 then
    return path .. " is nested too deeply"
  end
  local list = vim.islist(value)
  for key, item in vim.spairs(value) do
    local here = ("%s.%s"):format(path, tostring(key))
    if not list and type(key) ~= "string" then
      return ("%s mixes names and list items"):format(path)
    end
    local kind = type(item)
    if kind == "table" then
      local wrong = unsendable(item, here, depth + 1)
      if wrong then
        return wrong
      end
    elseif kind ~= "string" and kind ~= "number" and kind ~= "boolean" and item ~= vim.NIL then
      return ("%s must be text, a number, a boolean or a table, not a %s"):format(here, kind)
    end
  end
end

--- Merges the valid values of `values` into `config`.
---@param config table
---@param values any
---@param where string the name of `values` in error messages
---@param problems string[]
local function merge(config, values, where, problems)
  if values == nil then
    return
  end
  if type(values) ~= "table" then
    table.insert(problems, ("%s must be a table, not %s"):format(where, type(values)))
    return
  end
  for name, value in vim.spairs(values) do
    local option = find(name)
    if not option then
      local names = vim.tbl_map(function(entry)
        return entry.name
      end, M.schema)
      table.insert(
        problems,
        ("%s.%s is not an option; there are %s"):format(where, name, table.concat(names, ", "))
      )
    elseif type(value) ~= option.type then
      table.insert(
        problems,
        ("%s.%s must be a %s, not a %s"):format(where, name, option.type, type(value))
      )
    else
      local wrong = option.type == "table" and unsendable(value, ("%s.%s"):format(where, name), 0)
      if wrong then
        table.insert(problems, wrong)
      else
        config[name] = value
      end
    end
  end
end

--- Returns the configuration, and one sentence for each problem in the user's options.
---@return chatvim.Config config
---@return string[] problems
function M.check()
  local config, problems = {}, {}
  for _, option in ipairs(M.schema) do
    config[option.name] = option.default
  end
  merge(config, vim.g.chatvim, "vim.g.chatvim", problems)
  merge(config, setup_options, "setup()", problems)
  return config, problems
end

return M
