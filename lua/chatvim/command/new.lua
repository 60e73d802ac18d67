-- SPDX-License-Identifier: Apache-2.0
-- Opens new chats, either empty or forked from another. Writes nothing to disk, so an unused chat
-- leaves no file.
local M = {}

local api = vim.api
local uv = vim.uv

--- The parameters of a new chat.
---@class chatvim.New
---@field stem string the start of its file name, before the date
---@field folder? string default: the chat folder
---@field where chatvim.Where
---@field modified boolean whether Neovim warns before its text is lost
---@field lines string[]|fun(buf: integer): string[] its text, or a function that returns it

---@param new chatvim.New
local function show(new)
  local _, err = M.open(new)
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

--- Returns the folder where the program looks for presets.
---@return string
local function preset_folder()
  local base = vim.env.XDG_CONFIG_HOME or ""
  return (vim.startswith(base, "/") and base or vim.fs.normalize("~/.config")) .. "/chatvim/presets"
end

--- Parses the arguments of :ChatvimNew.
---@param words string[]
---@return string? direction
---@return string? preset
---@return string? err
local function read_words(words)
  local directions = require("chatvim.command.window").directions
  local direction = vim.list_contains(directions, words[1]) and words[1] or nil
  local preset = words[direction and 2 or 1]
  if #words > (direction and 2 or 1) then
    return nil, nil, "at most a direction and then the name of one preset can be given"
  end
  local presets = preset and M.presets()
  if not preset or vim.list_contains(presets, preset) then
    return direction, preset
  end
  local available = #presets > 0 and table.concat(presets, ", ")
    or ("there is none in %s yet"):format(vim.fn.fnamemodify(preset_folder(), ":~"))
  local what = direction and "no preset"
    or ("neither a direction (%s) nor a preset"):format(table.concat(directions, ", "))
  return nil, nil, ('"%s" is %s (%s)'):format(preset, what, available)
end

--- Opens an empty chat, or shows why it cannot.
---@param words string[] a direction and the name of a preset, both optional
---@param mods vim.api.keyset.cmd_mods
function M.chat(words, mods)
  local direction, preset, err = read_words(words)
  if err then
    require("chatvim.notify").show(err, "warn")
    return
  end
  show(M.empty(require("chatvim.command.window").where(direction, mods), preset))
end

--- Returns the folder of a buffer's file, or nil if it has none.
---@param buf integer
---@return string?
local function folder_of(buf)
  local name = api.nvim_buf_get_name(buf)
  if name ~= "" and not name:find("^%a[%w+.-]*://") then
    return vim.fs.dirname(name)
  end
end

---@param lines string[]
---@param message chatvim.Outline.Message
---@return boolean
local function is_blank(lines, message)
  for index = message.first + 1, message.last + 1 do
    if lines[index]:find("[^ \t\r]") then
      return false
    end
  end
  return true
end

--- Removes the states of tool calls and the blank lines below them. They are of use only to the
--- provider that sent them, and may be long.
---@param buf integer
---@param lines string[] the first lines of the buffer; changed
local function drop_states(buf, lines)
  local outline = require("chatvim.chat.outline")
  local kept, row = 0, 0
  for _, message in ipairs(outline.messages(buf)) do
    for _, step in ipairs(outline.steps(buf, message.first)) do
      if step.kind == "state" and step.last < #lines then
        for index = row + 1, step.first do
          kept = kept + 1
          lines[kept] = lines[index]
        end
        row = step.last + 1
        while lines[row + 1] and lines[row + 1]:find("^[ \t\r]*$") do
          row = row + 1
        end
      end
    end
  end
  for index = row + 1, #lines do
    kept = kept + 1
    lines[kept] = lines[index]
  end
  for index = #lines, kept + 1, -1 do
    lines[index] = nil
  end
end

--- Returns the lines of a chat up to the end of the message at `row`, without states, followed by a
--- user delimiter unless that is a user message.
---@param buf integer
---@param row integer
---@return string[]? lines
---@return string? err
local function lines_through(buf, row)
  local lines = api.nvim_buf_get_lines(buf, 0, -1, true)
  local message, has_text, is_empty = nil, false, true
  for _, candidate in ipairs(require("chatvim.chat.outline").messages(buf)) do
    local blank = is_blank(lines, candidate)
    is_empty = is_empty and blank
    if row >= (candidate.delimiter or candidate.first) then
      message, has_text = candidate, has_text or not blank
    end
  end
  if is_empty then
    return nil, "there is nothing to fork: this chat has no message yet"
  elseif not message or not has_text then
    return nil, "the cursor is above the first message: put it on the one that the fork ends with"
  end
  local kept = vim.list_slice(lines, 1, message.last + 1)
  drop_states(buf, kept)
  while kept[#kept]:find("^[ \t\r]*$") do
    table.remove(kept)
  end
  if message.role ~= "user" then
    local user = require("chatvim.chat.outline").delimiters(buf).user
    vim.list_extend(kept, { "", user, "", "" })
  elseif is_blank(lines, message) then
    vim.list_extend(kept, { "", "" })
  end
  return kept
end

--- Opens a chat with the messages of the current buffer up to the cursor's, in the same folder, or
--- shows why it cannot.
---@param mods vim.api.keyset.cmd_mods
function M.fork(mods)
  local buf = api.nvim_get_current_buf()
  local lines, err = nil, require("chatvim.command.window").refusal()
  if not err then
    require("chatvim.chat.outline").settle(buf)
    lines, err = lines_through(buf, api.nvim_win_get_cursor(0)[1] - 1)
  end
  if not lines then
    require("chatvim.notify").show(err --[[@as string]], "warn")
    return
  end
  show({
    stem = "chat",
    folder = folder_of(buf),
    where = require("chatvim.command.window").where(nil, mods),
    modified = true,
    lines = lines,
  })
end

--- Returns the parameters of an empty chat. Waits up to one second for the program to report the
--- delimiters.
---@param where chatvim.Where
---@param preset? string
---@return chatvim.New
function M.empty(where, preset)
  -- A JSON string is also a TOML string.
  local front = preset and { "+++", "preset = " .. vim.json.encode(preset), "+++" } or {}
  local user = require("chatvim.chat.format").wait(front).delimiters.user
  local lines = vim.list_extend(front, preset and { "" } or {})
  vim.list_extend(lines, { user, "", "" })
  return { stem = "chat", where = where, modified = false, lines = lines }
end

--- Creates the folder of a chat if it is missing, and checks that it is writable.
---@param folder string
---@return string? err
local function prepare(folder)
  local advice = "set the option `chat_dir` to a folder that can be written"
  local stat = uv.fs_stat(folder)
  if stat and stat.type ~= "directory" then
    return ("%s is not a folder; %s"):format(folder, advice)
  elseif not stat then
    local ok, err = pcall(vim.fn.mkdir, folder, "p")
    if not ok or err ~= 1 then
      local why = tostring(err):match(".*: (.*)$") or "no folder can be made there"
      return ("%s cannot be created: %s; %s"):format(folder, why, advice)
    end
  elseif not uv.fs_access(folder, "W") then
    return ("no file can be written in %s; %s"):format(folder, advice)
  end
end

--- Returns a path that no file and no buffer has.
---@param folder string
---@param stem string
---@return string path
---@return string? taken the preferred name, if that is taken
local function free_name(folder, stem)
  local base = ("%s-%s"):format(stem, os.date("%Y-%m-%d-%H-%M-%S"))
  local name, number = base .. ".md", 1
  local path = vim.fs.joinpath(folder, name)
  while uv.fs_lstat(path) or vim.fn.bufexists(path) == 1 do
    number = number + 1
    path = vim.fs.joinpath(folder, ("%s-%d.md"):format(base, number))
  end
  return path, number > 1 and name or nil
end

--- Returns the path of a new chat, creating the chat folder if it is missing. Nothing is written.
---@param stem string the start of its file name, before the date
---@return string? path
---@return string? err
function M.path(stem)
  local folder, err = M.folder()
  err = err or prepare(folder --[[@as string]])
  if err then
    return nil, err
  end
  return (
    free_name(folder --[[@as string]], stem)
  )
end

--- Sets the initial text of a new buffer without creating an undo step.
---@param buf integer
---@param lines string[]
---@return string? err
local function fill(buf, lines)
  local ok, err
  api.nvim_buf_call(buf, function()
    local before = vim.bo[buf].undolevels
    vim.cmd("noautocmd setlocal undolevels=-1")
    ok, err = pcall(api.nvim_buf_set_lines, buf, 0, -1, true, lines)
    vim.cmd("noautocmd setlocal undolevels=" .. before)
  end)
  if not ok then
    -- An autocommand may have locked the buffer.
    return ("the new chat stays empty: %s"):format(tostring(err))
  end
end

--- Returns why the text of a new buffer could not be changed, or nil.
---@return string?
local function locked()
  if not api.nvim_get_option_value("modifiable", { scope = "global" }) then
    return "new buffers cannot be changed, as with `nvim -M`; `:setglobal modifiable` lets them"
  end
end

--- Opens a chat and puts the cursor at its end.
---@param new chatvim.New
---@return integer? buf
---@return string? err
function M.open(new)
  local window = require("chatvim.command.window")
  local folder, err = new.folder, window.refusal() or locked()
  if not folder and not err then
    folder, err = M.folder()
  end
  err = err or prepare(folder --[[@as string]])
  if err then
    return nil, err
  end
  ---@cast folder string
  local path, taken = free_name(folder, new.stem)
  err = window.edit(path, new.where)
  if err then
    return nil, err
  end
  local buf = api.nvim_get_current_buf()
  if vim.bo[buf].filetype == "" then
    vim.bo[buf].filetype = "markdown"
  end
  local lines = new.lines
  if type(lines) == "function" then
    lines = lines(buf)
  end
  err = fill(buf, lines)
  if err then
    return nil, err
  end
  vim.bo[buf].modified = new.modified
  api.nvim_win_set_cursor(0, { #lines, #lines[#lines] })
  -- When its filetype was set, it was empty and so not yet recognized as a chat.
  require("chatvim.chat.open").attach(buf)
  require("chatvim.chat.recent").use(buf)
  if taken then
    local text = ("there is a %s already; this is %s"):format(taken, vim.fs.basename(path))
    require("chatvim.notify").show(text, "info")
  end
  return buf
end

--- Returns the folder of new chats.
---@return string? path absolute; it may not exist
---@return string? err
function M.folder()
  local path = require("chatvim.config").get().chat_dir
  if path == "" then
    return vim.fn.getcwd()
  end
  path = vim.fs.normalize(path)
  for name in path:gmatch("%$([%w_]+)") do
    if not uv.os_getenv(name) then
      return nil, ("the option `chat_dir` names $%s, which is not set"):format(name)
    end
  end
  return vim.fs.normalize(vim.fn.fnamemodify(path, ":p"))
end

--- Returns the sorted names of the existing presets.
---@return string[]
function M.presets()
  local names = {}
  for file, kind in vim.fs.dir(preset_folder()) do
    -- Only names that the program accepts: a preset must not name a file in another folder.
    local name = kind ~= "directory" and file:match("^([^.\\][^\\]*)%.md$")
    table.insert(names, name or nil)
  end
  table.sort(names)
  return names
end

return M
