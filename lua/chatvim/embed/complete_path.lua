-- SPDX-License-Identifier: Apache-2.0
-- Completes paths after `![](` as the 'omnifunc' of chats, and calls the buffer's previous omnifunc
-- for everything else.
--
-- The option is set when insert mode begins, not when a chat is shown, because a file type plugin
-- or a language server may set it after that, and an answer must not change options.
local M = {}

local api = vim.api
local uv = vim.uv
local embed_line = require("chatvim.embed.line")
local folders = require("chatvim.embed.folder")
local link = require("chatvim.embed.image_link")
local state = require("chatvim.chat.state")
local target = require("chatvim.embed.target")

--- The value of 'omnifunc'.
M.OMNIFUNC = "v:lua.require'chatvim.embed.complete_path'.omni"

--- Limit of offered names.
local MOST = 1000
--- Time limit for reading a folder, in ms.
local TIME = 90
--- The return value of an omnifunc that has nothing to complete.
local QUIET = -3
--- The buffer variable with the user's omnifunc, which survives a reload of this file.
local VARIABLE = "chatvim_omnifunc"

--- The position of a path that is being typed.
---@class chatvim.complete_path.Place
---@field start integer the column of its last component, from 0
---@field before string the part of the path before it
---@field angle boolean the path is in angle brackets
---@field base string the folder that the path is relative to
---@field folder? string the folder whose names are offered, with a trailing slash

---@type chatvim.complete_path.Place|false the position of the last completion
local place = false
local watching = false
local delegating = false

--- Whether Neovim's LSP client would replace this value with its own function.
---@param buf integer
---@param value string
---@return boolean
local function is_default(buf, value)
  if value == "" then
    return true
  end
  local sid = api.nvim_get_option_info2("omnifunc", { buf = buf }).last_set_sid
  local script = sid > 0 and vim.fn.getscriptinfo({ sid = sid })[1]
  return script ~= nil
    and script ~= false
    and vim.startswith(script.name, vim.env.VIMRUNTIME or "\n")
end

--- Installs the omnifunc in the current buffer, keeping the previous one as a fallback.
---@param buf integer
local function wrap_omnifunc(buf)
  local value = vim.bo[buf].omnifunc
  if value == M.OMNIFUNC then
    return
  end
  local call = value
  if value:find("^{") or value:find("^%l+%(") then
    -- An expression that returns a function, such as a lambda, which would be lost with the option.
    call = ("b:%s_function"):format(VARIABLE)
    vim.cmd(("let %s = %s"):format(call, value))
  end
  vim.b[buf][VARIABLE] = { value = value, call = call, default = is_default(buf, value) }
  vim.bo[buf].omnifunc = M.OMNIFUNC
end

--- Installs the omnifunc in a buffer if paths are completed in it.
---@param chat chatvim.Chat
local function install(chat)
  if chat.highlight or chat.completes then
    wrap_omnifunc(chat.buf)
  end
end

--- Enables completion in a buffer that is not shown as a chat.
---@param buf integer
function M.enable(buf)
  state.get(buf).completes = true
  M.watch()
  if api.nvim_get_current_buf() == buf and api.nvim_get_mode().mode:find("^[iR]") then
    wrap_omnifunc(buf)
  end
end

--- Enables completion in all shown chats.
function M.watch()
  if watching then
    return
  end
  watching = true
  local chat = state.find(0)
  if chat and api.nvim_get_mode().mode:find("^[iR]") then
    install(chat)
  end
end

state.on("InsertEnter", function(chat)
  if watching then
    install(chat)
  end
end)

--- Returns the previous omnifunc as a Vim script function to call, or "".
---@param buf integer
---@return string
local function previous_omnifunc(buf)
  local theirs = vim.b[buf][VARIABLE] or { call = "", default = true }
  -- A language server that attached after us did not replace our value.
  if theirs.default and package.loaded["vim.lsp"] then
    local method = "textDocument/completion"
    if vim.lsp.get_clients({ bufnr = buf, method = method })[1] then
      return "v:lua.vim.lsp.omnifunc"
    end
  end
  return theirs.call
end

--- Calls the buffer's previous omnifunc.
---@param findstart 0|1
---@param base string
---@return any
local function earlier(findstart, base)
  local call = previous_omnifunc(api.nvim_get_current_buf())
  local nothing = findstart == 1 and QUIET or {}
  -- Another plugin that we delegate to may delegate back to us.
  if call == "" or delegating then
    return nothing
  end
  delegating = true
  call = ("%s(%d, %s)"):format(call, findstart, vim.fn.string(base))
  local ok, result = pcall(api.nvim_eval, call)
  delegating = false
  if not ok then
    vim.schedule(function()
      require("chatvim.notify").show(
        ("the buffer's own omnifunc failed: %s"):format(result),
        "error"
      )
    end)
    return nothing
  end
  return result
end

--- Whether the brackets around a path are closed.
---@param angle boolean
---@param written string
---@return boolean
local function ends(angle, written)
  local close = angle and link.closing(written, "<", ">") or link.closing(written, "(", ")")
  return close ~= nil
end

--- Returns the folder that a path leads to, with a trailing slash, or nil.
---@param path string
---@param base string
---@return string?
local function resolve_folder(path, base)
  local found = path == "" and { path = base, type = "directory" } or target.find(path, base)
  if found and found.type == "directory" then
    return target.join(found.path, "")
  end
end

--- Returns the position of the path being typed at the cursor, or nil.
---@return chatvim.complete_path.Place?
local function find_target()
  local row, column = unpack(api.nvim_win_get_cursor(0))
  local line = api.nvim_get_current_line()
  local before, after = line:sub(1, column), line:sub(column + 1)
  local open = link.opening(before)
  if not open or not (after:find("^>?%)?[ \t]*$") or link.read(line)) then
    return
  end
  local bracket, written = before:match("^[ \t]*(<?)(.*)$", open + 1)
  -- There is nothing to complete after the end of the path.
  if ends(bracket == "<", written) or not embed_line.is_place(0, row - 1) then
    return
  end
  local path, last = written:match("^(.*/)([^/]*)$")
  path, last = path or "", last or written
  local base = embed_line.folder(0)
  return {
    start = column - #last,
    before = path,
    angle = bracket == "<",
    base = base,
    folder = resolve_folder(link.unescape(path), base),
  }
end

--- Returns a filter for names that begin with the typed text; hidden names match only if it begins
--- with a dot.
---@param base string
---@return fun(name: string): boolean
local function filter(base)
  local hidden = base:sub(1, 1) == "."
  local start = link.unescape(base)
  local decoded = target.decode(start)
  local fold = vim.o.fileignorecase
  if fold then
    start, decoded = start:lower(), decoded:lower()
  end
  return function(name)
    if not hidden and name:byte() == 46 then
      return false
    end
    name = fold and name:lower() or name
    return name:sub(1, #start) == start or name:sub(1, #decoded) == decoded
  end
end

---@param bytes integer
---@return string
local function size(bytes)
  for _, unit in ipairs({ "B", "kB", "MB" }) do
    if bytes < 1000 then
      return ("%.0f %s"):format(bytes, unit)
    end
    bytes = bytes / 1000
  end
  return ("%.1f GB"):format(bytes)
end

---@param name string
---@param type string
---@param word? string
---@param folder? string
---@return table
local function item(name, type, word, folder)
  local tail = type == "directory" and "/" or ""
  local stat = tail == "" and uv.fs_stat(folder .. name)
  return {
    word = word or name .. tail,
    abbr = vim.fn.strtrans(name) .. tail,
    kind = tail == "" and "file" or "folder",
    menu = stat and size(stat.size) or "",
  }
end

--- Escapes the special characters of a name with `\`.
---@param at chatvim.complete_path.Place
---@param name string
---@return string
local function escape(at, name)
  local word = name:gsub("\\", "\\\\")
  if at.angle then
    return (word:gsub("[<>]", "\\%0"))
  elseif not link.is_paired(word) then
    word = word:gsub("[()]", "\\%0")
  end
  if at.before == "" then
    word = word:gsub("^<", "\\<")
  end
  return (word:gsub("[\"']$", "\\%0"))
end

---@param name string
---@return string
local function encode(name)
  return (name:gsub("[^%w._~+=@-]", function(char)
    return ("%%%02X"):format(char:byte())
  end))
end

--- Escapes or encodes a name so that the target is parsed as that name; returns nil if that is not
--- possible.
---@param at chatvim.complete_path.Place
---@param name string
---@param tail string
---@return string?
local function escape_name(at, name, tail)
  if name:find("^[%w._+-]+$") then
    return name .. tail
  end
  local words = { encode(name) }
  -- Names that are not valid text can only be encoded.
  if vim.fn.strtrans(name) == name then
    local plain = escape(at, name)
    words = { plain, at.before == "" and "./" .. plain or words[1], words[1] }
  end
  for _, word in ipairs(words) do
    local inside = at.before .. word .. tail
    local read = link.read(("![](%s)"):format(at.angle and ("<%s>"):format(inside) or inside))
    local found = read and target.find(read, at.base)
    local path = found and found.path and found.path:gsub("/%./", "/")
    if path == (at.folder .. name .. tail):gsub("/%./", "/") then
      return word .. tail
    end
  end
end

--- Returns the completions at a position.
---@param at chatvim.complete_path.Place
---@param base string the typed part of the name
---@return table[] complete-items
local function list_items(at, base)
  local items = {}
  if at.before == "" and base == "~" then
    table.insert(items, item("~", "directory"))
  end
  if not at.folder then
    return items
  elseif base == ".." then
    table.insert(items, item("..", "directory"))
  end
  -- Read some more, because some may be neither files nor folders.
  local names = folders.read(at.folder, filter(base), TIME, MOST + 100)
  for _, entry in ipairs(names) do
    local type = folders.type(at.folder, entry)
    -- Devices and pipes are never read.
    if type == "file" or type == "directory" then
      local word = escape_name(at, entry.name, type == "directory" and "/" or "")
      if word then
        table.insert(items, item(entry.name, type, word, at.folder))
      end
    end
    if #items >= MOST then
      break
    end
  end
  return items
end

--- The 'omnifunc', see |complete-functions|.
---@param findstart 0|1
---@param base string
---@return any
function M.omni(findstart, base)
  if findstart == 1 then
    place = find_target() or false
    return place and place.start or earlier(1, "")
  end
  return place and list_items(place, base) or earlier(0, base)
end

return M
