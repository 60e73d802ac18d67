-- SPDX-License-Identifier: Apache-2.0
-- Opens a chat that starts with a guide to Chatvim. The guide's text on commands, keys, options and
-- highlight groups is generated from their tables.
local M = {}

local api = vim.api

--- The names of modes in the guide.
local MODES = { n = "normal", x = "visual", o = "operator" }

---@param buf integer
---@param format chatvim.Format
---@param list chatvim.Command[]
---@return string[]
local function chat(buf, format, list)
  local delimiters = format.delimiters
  local lines = { delimiters.system, "" }
  local text = require("chatvim.chat.escape").lines(buf, M.text(buf, format, list), delimiters)
  vim.list_extend(lines, text)
  return vim.list_extend(lines, { "", delimiters.user, "", "" })
end

--- Shows the guide from its start if it does not fit the window; its text explains how to get to
--- the end.
local function show_start()
  local rows = api.nvim_win_text_height(0, {}).all
  local line = rows <= api.nvim_win_get_height(0) and api.nvim_buf_line_count(0) or 1
  vim.fn.winrestview({ topline = 1, lnum = line, col = 0 })
end

--- Opens the chat, or shows why it cannot.
---@param direction? string
---@param mods vim.api.keyset.cmd_mods
---@param list chatvim.Command[] all commands, for the guide's text
function M.open(direction, mods, list)
  local buf
  local where, err = require("chatvim.command.window").where(direction, mods)
  if not err then
    local format = require("chatvim.chat.format").wait({})
    buf, err = require("chatvim.command.new").open({
      stem = "chatvim-help",
      where = where,
      modified = false,
      lines = function(new)
        return chat(new, format, list)
      end,
    })
  end
  if buf then
    -- What is sent to the last chat belongs to the user's, not below the guide.
    require("chatvim.chat.recent").forget(buf)
    show_start()
  else
    require("chatvim.notify").show(err --[[@as string]], "warn")
  end
end

--- A section of the guide: blocks separated by blank lines. A string is joined into one line; a
--- list of lines is kept as is.
---@alias chatvim.guide.Section (string|string[])[]

---@param format chatvim.Format
---@return chatvim.guide.Section
local function start(format)
  return {
    "# Chatvim: a short guide",
    [[
A chat is one plain markdown file. You write a question, `:ChatvimComplete` answers it below, and
the file is the whole memory of the chat: what stands in it is what is sent. Save, edit, cut and
copy it as any other file; undo takes an answer back.]],
    ([[
This file is such a chat, and this guide is its first message. `G` takes you to its end, below the
line `%s`: write a question there, about Chatvim or anything else, and type `:ChatvimComplete`. The
model reads the guide too.]]):format(format.delimiters.user),
  }
end

---@param format chatvim.Format
---@return chatvim.guide.Section
local function format_guide(format)
  local delimiters = format.delimiters
  return {
    "## What a chat looks like",
    "A line that is a delimiter, and nothing else, starts a message:",
    {
      ("- `%s` yours; text above the first delimiter is yours too"):format(delimiters.user),
      ("- `%s` the model's answer"):format(delimiters.assistant),
      ("- `%s` what the model is told about its task"):format(delimiters.system),
    },
    [[
A line of your text that looks like a delimiter gets a `\` in front. The file may begin with a
front matter that holds the chat's settings, in TOML between two lines `+++` or in YAML between two
lines `---`:]],
    {
      "```toml",
      "+++",
      ('model = "%s"'):format(format.model or "PROVIDER/NAME"),
      "temperature = 0.2",
      "+++",
      "```",
    },
    [[
`:ChatvimModel` writes the model there for you. Settings for every chat, providers and presets are
in files of your own; see `:help chatvim-config`.]],
  }
end

--- Joins a text into one line, which windows of any width break between words.
---@param text string
---@param indent? string
---@return string[]
local function wrap(text, indent)
  return { (indent or "") .. vim.trim(text:gsub("%s+", " ")) }
end

--- Formats a list entry: its name, and its description below.
---@param name string
---@param text string
---@return string[]
local function item(name, text)
  return vim.list_extend({ ("- `%s`"):format(name) }, wrap(text, "  "))
end

---@param list chatvim.Command[]
---@return chatvim.guide.Section
local function commands(list)
  local items = {}
  for _, command in ipairs(list) do
    local arguments = command.arguments and " " .. command.arguments or ""
    vim.list_extend(items, item((":%s%s"):format(command.name, arguments), command.text))
    if command.bang then
      vim.list_extend(items, item((":%s!"):format(command.name), command.bang))
    end
  end
  return {
    "## Commands",
    items,
    [[
Where a direction can be given, so can Vim's `:vertical`, `:tab` and the like in front of the
command; `:ChatvimNewRight` is `:ChatvimNew right`, and so on.]],
  }
end

--- Formats a markdown table with aligned columns; the first row is the header.
---@param rows string[][]
---@return string[]
local function markdown_table(rows)
  local widths = {}
  for _, row in ipairs(rows) do
    for column, cell in ipairs(row) do
      widths[column] = math.max(widths[column] or 0, api.nvim_strwidth(cell))
    end
  end
  local lines = {}
  for index, row in ipairs(rows) do
    local cells, rules = {}, {}
    for column, cell in ipairs(row) do
      cells[column] = cell .. (" "):rep(widths[column] - api.nvim_strwidth(cell))
      rules[column] = ("-"):rep(widths[column])
    end
    table.insert(lines, ("| %s |"):format(table.concat(cells, " | ")))
    if index == 1 then
      table.insert(lines, ("| %s |"):format(table.concat(rules, " | ")))
    end
  end
  return lines
end

--- Returns the section on keys, as they are mapped in the chat by default or by the user.
---@param buf integer
---@return chatvim.guide.Section
local function keys(buf)
  local rows = { { "keys", "modes", "what they do", "to map other keys" } }
  local default = require("chatvim.keys")
  for _, key in ipairs(default.keys) do
    local modes = {}
    for mode in key.modes:gmatch(".") do
      table.insert(modes, MODES[mode])
    end
    local mapped = default.mapped(buf, key.modes:sub(1, 1), key.plug)
    table.insert(rows, {
      mapped and ("`%s`"):format(mapped) or "not mapped",
      table.concat(modes, ", "),
      key.text,
      ("`<Plug>(chatvim-%s)`"):format(key.plug),
    })
  end
  local own = vim.tbl_map(function(key)
    return ("`%s`"):format(key.lhs)
  end, default.vim_keys)
  return {
    "## Keys",
    markdown_table(rows),
    [[
Keys are mapped in markdown buffers only, where they are free. Every command has its `<Plug>(…)`
too, as in `<Plug>(chatvim-new)`.]],
    ([[
On a line `![label](path)` that embeds something, %s open what the path points at; elsewhere they
are Vim's own. While you write the path, CTRL-X CTRL-O completes it.]]):format(
      table.concat(own, ", ")
    ),
  }
end

---@return chatvim.guide.Section
local function options()
  local items = {}
  for _, option in ipairs(require("chatvim.config").schema) do
    local default = vim.inspect(option.default)
    vim.list_extend(items, item(("%s = %s"):format(option.name, default), option.text))
  end
  return {
    "## Options",
    [[
They are set in a table, as in `vim.g.chatvim = { folds = true }`, or with
`require("chatvim").setup({ folds = true })`. These are their defaults:]],
    items,
  }
end

---@return chatvim.guide.Section
local function more()
  local groups = vim.tbl_map(function(group)
    return ("`%s`"):format(group.name)
  end, require("chatvim.view.highlight").groups)
  return {
    "## More",
    ("Colours are those of the highlight groups %s."):format(table.concat(groups, ", ")),
    [[
The manual is `:help chatvim`. `:checkhealth chatvim` shows whether the program, the options and
the keys of the providers are in place, and `:ChatvimRequest` what would be sent.]],
  }
end

--- Returns the guide in markdown.
---@param buf integer the chat whose key maps are listed
---@param format chatvim.Format
---@param list chatvim.Command[] all commands
---@return string[]
function M.text(buf, format, list)
  local lines = {}
  for _, section in ipairs({
    start(format),
    format_guide(format),
    commands(list),
    keys(buf),
    options(),
    more(),
  }) do
    for _, block in ipairs(section) do
      vim.list_extend(lines, #lines > 0 and { "" } or {})
      if type(block) == "string" then
        block = wrap(block)
      end
      vim.list_extend(lines, block)
    end
  end
  return lines
end

return M
