-- SPDX-License-Identifier: Apache-2.0
-- What happens when a markdown buffer is opened: default keys, and for a chat what is shown of it,
-- and the program's start; for any other `chat/early.lua` waits until something is done in it.
local M = {}

local api = vim.api

--- As far as this many lines a buffer is looked at to see whether it is a chat.
local LOOK = 500
--- Settings that only a chat's front matter has.
local OURS =
  { model = true, userDelimiter = true, assistantDelimiter = true, systemDelimiter = true }

--- The default keys.
---@type { modes: string, lhs: string, plug: string, text: string }[]
M.keys = {
  { modes = "n", lhs = "<Leader>cvc", plug = "complete", text = "answer the chat" },
  { modes = "n", lhs = "<Leader>cvs", plug = "stop", text = "stop the answer" },
  { modes = "n", lhs = "<Leader>cvm", plug = "model", text = "choose the model" },
  { modes = "n", lhs = "<Leader>cvr", plug = "retry", text = "ask again" },
  { modes = "n", lhs = "<Leader>cvf", plug = "fork", text = "fork the chat here" },
  { modes = "nxo", lhs = "]m", plug = "next", text = "next message" },
  { modes = "nxo", lhs = "[m", plug = "previous", text = "previous message" },
  { modes = "xo", lhs = "im", plug = "message-inner", text = "a message" },
  { modes = "xo", lhs = "am", plug = "message", text = "a message with its delimiter" },
  { modes = "xo", lhs = "ic", plug = "code-inner", text = "the lines of a code block" },
  { modes = "xo", lhs = "ac", plug = "code", text = "a code block with its fences" },
}

--- Keys that `plugin/chatvim.lua` maps in every buffer, without loading this file.
---@type { modes: string, lhs: string, text: string }[]
M.global_keys = {
  { modes = "n", lhs = "<Leader>cvnn", text = "a new chat" },
  { modes = "n", lhs = "<Leader>cvnl", text = "a new chat in a split, left" },
  { modes = "n", lhs = "<Leader>cvnr", text = "a new chat in a split, right" },
  { modes = "n", lhs = "<Leader>cvnt", text = "a new chat in a split, top" },
  { modes = "n", lhs = "<Leader>cvnb", text = "a new chat in a split, bottom" },
  { modes = "n", lhs = "<Leader>cvh", text = "the guide" },
  { modes = "n", lhs = "<Leader>cvl", text = "the list of chats" },
  { modes = "n", lhs = "<Leader>cvt", text = "show or hide the chat last used" },
  { modes = "nx", lhs = "<Leader>cve", text = "embed this file, or quote the selection" },
}

--- Keys of Vim's own, which do more at a line that embeds something, and elsewhere what they do.
---@type { modes: string, lhs: string, plug: string, text: string }[]
M.vim_keys = {
  { modes = "n", lhs = "gf", plug = "gf", text = "open what is embedded here" },
  { modes = "n", lhs = "gF", plug = "gF", text = "the same" },
  { modes = "n", lhs = "<C-W>f", plug = "wf", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W><C-F>", plug = "wf", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W>F", plug = "wF", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W>gf", plug = "wgf", text = "the same, in a tab page" },
  { modes = "n", lhs = "<C-W>gF", plug = "wgF", text = "the same, in a tab page" },
}

---@type table<integer, true> buffers that are shown as chats
local shown = {}
---@type table<integer, { mode: string, lhs: string, plug: string }[]> our keys, by prepared buffer
local mapped = {}
local watching = false
local forgetting = false

--- Answers are long lines: windows of a chat break them between words, unless the user has said how
--- lines are broken.
---@param buf integer
local function break_lines(buf)
  if not require("chatvim.config").get().linebreak or vim.go.linebreak then
    return
  end
  local local_options = require("chatvim.view.local_options")
  local_options.set(buf, "linebreak", function(win)
    local_options.put(win, "linebreak", true)
  end)
end

--- Shows a buffer as a chat: colours, folds and winbar; paths are completed.
---@param buf integer
local function show(buf)
  local config = require("chatvim.config").get()
  require("chatvim.view.highlight").attach(buf)
  if config.folds then
    require("chatvim.folds").attach(buf)
  end
  if config.winbar then
    require("chatvim.view.winbar").attach(buf)
  end
  -- Later, so that the file is on the screen first.
  vim.schedule(function()
    if shown[buf] then
      require("chatvim.embed.show").attach(buf)
      require("chatvim.embed.complete_path").watch()
    end
  end)
  if shown[buf] then
    return
  end
  shown[buf] = true
  api.nvim_buf_attach(buf, false, {
    -- There so that a reload is no detach.
    on_reload = function() end,
    on_detach = function()
      shown[buf] = nil
    end,
  })
end

--- A chat was opened: it is shown as one, and the program starts.
---@param buf integer
local function open(buf)
  -- The buffer may have been read in the middle of a reload.
  require("chatvim.chat.outline").forget(buf)
  show(buf)
  break_lines(buf)
  require("chatvim.chat.recent").add(buf)
  -- Later, so that the file is on the screen first.
  vim.schedule(function()
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    local process = require("chatvim.program.process")
    local fields = require("chatvim.program.request_fields").place(buf)
    fields.text = table.concat(M.front_matter(api.nvim_buf_get_lines(buf, 0, LOOK, false)), "\n")
    fields.settings = process.dictionary(require("chatvim.config").get().settings)
    process.open(fields)
    require("chatvim.chat.outline").refresh(buf)
    require("chatvim.chat.early").load(buf)
  end)
end

--- A buffer that is wiped has no keys and no usage any more. Without this a long session would keep
--- those of every chat that it has ever seen.
local function watch_wiping()
  if forgetting then
    return
  end
  forgetting = true
  api.nvim_create_autocmd("BufWipeout", {
    group = api.nvim_create_augroup("chatvim.attach.wipe", {}),
    desc = "Chatvim: forget what was kept of a buffer that goes away",
    callback = function(event)
      mapped[event.buf] = nil
      local usage = package.loaded["chatvim.view.usage"]
      if usage then
        usage.forget(event.buf)
      end
    end,
  })
end

--- When a buffer is written its front matter may be another, or it may have become a chat.
local function watch_writing()
  if watching then
    return
  end
  watching = true
  -- Not for single buffers: Neovim forgets such ones when `:write NAME` names the buffer.
  api.nvim_create_autocmd("BufWritePost", {
    group = api.nvim_create_augroup("chatvim.attach.write", {}),
    desc = "Chatvim: see whether this is a chat, and how it is written",
    callback = function(event)
      local buf = event.buf
      local settings = require("chatvim.config").get().settings
      if shown[buf] then
        require("chatvim.chat.outline").refresh(buf)
      elseif
        vim.bo[buf].filetype == "markdown"
        and vim.bo[buf].buftype == ""
        and M.is_chat(api.nvim_buf_get_lines(buf, 0, LOOK, false), settings)
      then
        open(buf)
      end
    end,
  })
end

--- The keys of a map as they come from a terminal. Neovim keeps CTRL and a letter as that, and the
--- byte beside it, of which 0.10 does not tell.
---@param map table
---@return string
local function raw_keys(map)
  local raw = map.lhsraw or map.lhs
  if raw:find("\128\252", 1, true) then
    return map.lhsrawalt or api.nvim_replace_termcodes(map.lhs, true, true, true)
  end
  return raw
end

--- True when the keys, a beginning of them or a longer row of keys mean something already: ours
--- would change how the user's map works. Our own maps from an earlier call count too.
---@param maps table[]
---@param lhs string
---@return boolean
local function is_taken(maps, lhs)
  local wanted = api.nvim_replace_termcodes(lhs, true, true, true)
  for _, map in ipairs(maps) do
    local taken = raw_keys(map)
    if vim.startswith(taken, wanted) or vim.startswith(wanted, taken) then
      return true
    end
  end
  return false
end

--- Maps the default keys that are free, in this buffer only.
---@param buf integer
local function map_keys(buf)
  local maps = {}
  for _, key in ipairs(vim.list_extend(vim.list_slice(M.keys), M.vim_keys)) do
    for mode in key.modes:gmatch(".") do
      if not maps[mode] then
        maps[mode] = api.nvim_buf_get_keymap(buf, mode)
        vim.list_extend(maps[mode], api.nvim_get_keymap(mode))
      end
      if not is_taken(maps[mode], key.lhs) then
        local rhs = ("<Plug>(chatvim-%s)"):format(key.plug)
        api.nvim_buf_set_keymap(buf, mode, key.lhs, rhs, { desc = "Chatvim: " .. key.text })
        table.insert(mapped[buf], { mode = mode, lhs = key.lhs, plug = key.plug })
      end
    end
  end
end

--- Prepares a markdown buffer. Cheap: at most 500 lines are read where it is no chat.
---@param buf integer
function M.attach(buf)
  local config = require("chatvim.config").get()
  mapped[buf] = mapped[buf] or {}
  watch_wiping()
  if config.keys then
    map_keys(buf)
  end
  if vim.bo[buf].buftype ~= "" or not api.nvim_buf_is_loaded(buf) then
    return
  end
  require("chatvim.chat.recover").offer(buf)
  require("chatvim.chat.disk").adopt(buf)
  watch_writing()
  if M.is_chat(api.nvim_buf_get_lines(buf, 0, LOOK, false), config.settings) then
    open(buf)
  else
    require("chatvim.chat.early").watch(buf)
  end
end

--- The map of keys.
---@param maps table[]
---@param lhs string
---@return table?
local function find(maps, lhs)
  local wanted = api.nvim_replace_termcodes(lhs, true, true, true)
  for _, map in ipairs(maps) do
    if raw_keys(map) == wanted then
      return map
    end
  end
end

---@param map table
---@return boolean
local function is_ours(map)
  return (map.rhs or ""):find("^<Plug>%(chatvim%-") ~= nil
end

--- Takes our keys away, but those that somebody has mapped to something else since.
---@param buf integer
local function unmap(buf)
  for _, key in ipairs(mapped[buf]) do
    local map = find(api.nvim_buf_get_keymap(buf, key.mode), key.lhs)
    if map and is_ours(map) then
      api.nvim_buf_del_keymap(buf, key.mode, key.lhs)
    end
  end
  mapped[buf] = {}
end

--- Takes the keys of all buffers away, but those that somebody has mapped to something else.
local function unmap_global()
  for _, key in ipairs(M.global_keys) do
    for mode in key.modes:gmatch(".") do
      local map = find(api.nvim_get_keymap(mode), key.lhs)
      if map and (map.rhs or ""):find("^<[Pp][lL][uU][gG]>%(chatvim") then
        api.nvim_del_keymap(mode, key.lhs)
      elseif map and (map.rhs or ""):find("^<Cmd>ChatvimNew") then
        api.nvim_del_keymap(mode, key.lhs)
      end
    end
  end
end

--- Other options than before: keys and what is shown follow them in the buffers that are there.
function M.refresh()
  local keys = require("chatvim.config").get().keys
  if not keys then
    unmap_global()
  end
  for buf in pairs(mapped) do
    if not api.nvim_buf_is_loaded(buf) then
      mapped[buf] = nil
    elseif keys then
      map_keys(buf)
    else
      unmap(buf)
    end
  end
  for buf in pairs(shown) do
    show(buf)
  end
end

--- An answer has begun or ended in a buffer. With the first it is a chat, of whatever file type.
--- One may end because its buffer goes away: nothing is to be attached to that any more.
---@param buf integer
---@param began boolean
function M.answered(buf, began)
  if not api.nvim_buf_is_loaded(buf) or not (began or shown[buf]) then
    return
  end
  if not shown[buf] then
    watch_writing()
    show(buf)
  end
  require("chatvim.chat.outline").refresh(buf)
end

--- Whether a buffer is shown as a chat: it was one when it was opened, or has been answered.
---@param buf integer
---@return boolean
function M.is_shown(buf)
  return shown[buf] == true
end

--- True when lines hold a delimiter, or a front matter that names a model or delimiters.
---@param lines string[]
---@param settings table<string, any>
---@return boolean
function M.is_chat(lines, settings)
  local delimiters = {
    [settings.userDelimiter or "# === USER ==="] = true,
    [settings.assistantDelimiter or "# === ASSISTANT ==="] = true,
    [settings.systemDelimiter or "# === SYSTEM ==="] = true,
  }
  for _, line in ipairs(M.front_matter(lines)) do
    if OURS[line:match("^%s*[\"']?(%w+)[\"']?%s*[=:]")] then
      return true
    end
  end
  for _, line in ipairs(lines) do
    -- `find` first: most lines are prose, and looking one up would mean to trim it.
    if delimiters[line] or (line:find("[ \t\r]$") and delimiters[(line:gsub("[ \t\r]+$", ""))]) then
      return true
    end
  end
  return false
end

--- The lines of the front matter with its markers; none when it is not closed within `lines`.
---@param lines string[]
---@return string[]
function M.front_matter(lines)
  local marker = (lines[1] or ""):match("^(%+%+%+)[ \t\r]*$")
    or (lines[1] or ""):match("^(%-%-%-)[ \t\r]*$")
  if not marker then
    return {}
  end
  local special = require("chatvim.chat.lines")
  local dots = marker == "---"
  for index = 2, #lines do
    local bare = special.bare(lines[index])
    local is_end = bare == marker
    if dots and bare == "..." then
      -- Of several such lines only the first can follow a mapping.
      dots = false
      is_end = special.is_mapping(vim.list_slice(lines, 2, index - 1))
    end
    if is_end then
      return vim.list_slice(lines, 1, index)
    end
  end
  return {}
end

--- The keys that are mapped to one of our <Plug> maps, as a person types them.
---@param buf integer
---@param mode string
---@param plug string its name without <Plug> and "chatvim-"
---@return string?
function M.mapped(buf, mode, plug)
  local rhs = ("<Plug>(chatvim-%s)"):format(plug)
  for _, maps in ipairs({ api.nvim_buf_get_keymap(buf, mode), api.nvim_get_keymap(mode) }) do
    for _, map in ipairs(maps) do
      if map.rhs == rhs then
        return vim.fn.keytrans(map.lhsraw or map.lhs)
      end
    end
  end
end

--- Takes a key of Vim's own back where the user has mapped it for all buffers after we did in this
--- one: theirs wins.
---@param buf integer
---@param plug string
---@return string? keys that mean the user's map now
function M.yield(buf, plug)
  for index, key in ipairs(mapped[buf] or {}) do
    local ours = key.plug == plug and find(api.nvim_buf_get_keymap(buf, key.mode), key.lhs)
    local theirs = ours and find(api.nvim_get_keymap(key.mode), key.lhs)
    if ours and is_ours(ours) and theirs and not is_ours(theirs) then
      api.nvim_buf_del_keymap(buf, key.mode, key.lhs)
      table.remove(mapped[buf], index)
      return key.lhs
    end
  end
end

return M
