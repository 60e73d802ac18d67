-- SPDX-License-Identifier: Apache-2.0
-- The default keys and their maps. The guide and the tests of the help read the tables.
local M = {}

local api = vim.api
local state = require("chatvim.chat.state")

--- A default key.
---@class chatvim.Key
---@field modes string one letter per mode
---@field lhs string
---@field plug? string the name of its <Plug> map without "chatvim-"
---@field text string what it does

--- A key that we have mapped in a buffer.
---@class chatvim.Key.Map
---@field mode string
---@field lhs string
---@field plug string
---@field before? table Neovim's own map of these keys, see |maparg()|

--- The default keys.
---@type chatvim.Key[]
M.keys = {
  { modes = "n", lhs = "<Leader>cvc", plug = "complete", text = "answer the chat" },
  { modes = "n", lhs = "<Leader>cvs", plug = "stop", text = "stop the answer" },
  { modes = "n", lhs = "<Leader>cvm", plug = "model", text = "choose the model" },
  { modes = "n", lhs = "<Leader>cvr", plug = "retry", text = "ask again" },
  { modes = "n", lhs = "<Leader>cvf", plug = "fork", text = "fork the chat here" },
  { modes = "n", lhs = "<Leader>cva", plug = "apply", text = "apply the code block to its file" },
  { modes = "nxo", lhs = "]m", plug = "next", text = "next message" },
  { modes = "nxo", lhs = "[m", plug = "previous", text = "previous message" },
  { modes = "xo", lhs = "im", plug = "message-inner", text = "a message" },
  { modes = "xo", lhs = "am", plug = "message", text = "a message with its delimiter" },
  { modes = "xo", lhs = "ic", plug = "code-inner", text = "the lines of a code block" },
  { modes = "xo", lhs = "ac", plug = "code", text = "a code block with its fences" },
  { modes = "n", lhs = "gO", plug = "outline", text = "list the messages" },
}

--- Keys that are mapped in a buffer while a review is open in it.
---@type chatvim.Key[]
M.review_keys = {
  { modes = "n", lhs = "do", plug = "accept", text = "accept the change" },
  { modes = "n", lhs = "dp", plug = "refuse", text = "refuse the change" },
  { modes = "n", lhs = "dO", plug = "accept-all", text = "accept all changes" },
  { modes = "n", lhs = "dP", plug = "refuse-all", text = "refuse all changes" },
  { modes = "n", lhs = "]c", plug = "next-change", text = "next change" },
  { modes = "n", lhs = "[c", plug = "previous-change", text = "previous change" },
}

--- Keys that `plugin/chatvim.lua` maps in every buffer, without loading this file.
---@type chatvim.Key[]
M.global_keys = {
  { modes = "n", lhs = "<Leader>cvnn", text = "a new chat" },
  { modes = "n", lhs = "<Leader>cvnl", text = "a new chat in a split, left" },
  { modes = "n", lhs = "<Leader>cvnr", text = "a new chat in a split, right" },
  { modes = "n", lhs = "<Leader>cvnt", text = "a new chat in a split, top" },
  { modes = "n", lhs = "<Leader>cvnb", text = "a new chat in a split, bottom" },
  { modes = "n", lhs = "<Leader>cvhh", text = "the guide" },
  { modes = "n", lhs = "<Leader>cvhl", text = "the guide in a split, left" },
  { modes = "n", lhs = "<Leader>cvhr", text = "the guide in a split, right" },
  { modes = "n", lhs = "<Leader>cvht", text = "the guide in a split, top" },
  { modes = "n", lhs = "<Leader>cvhb", text = "the guide in a split, bottom" },
  { modes = "n", lhs = "<Leader>cvl", text = "the list of chats" },
  { modes = "n", lhs = "<Leader>cvt", text = "show or hide the chat last used" },
  { modes = "nx", lhs = "<Leader>cvw", text = "rewrite the line, or the selection" },
  { modes = "nx", lhs = "<Leader>cve", text = "embed this file, or quote the selection" },
}

--- Vim's own keys that also open embeds; on other lines they work as usual.
---@type chatvim.Key[]
M.vim_keys = {
  { modes = "n", lhs = "gf", plug = "gf", text = "open what is embedded here" },
  { modes = "n", lhs = "gF", plug = "gF", text = "the same" },
  { modes = "n", lhs = "<C-W>f", plug = "wf", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W><C-F>", plug = "wf", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W>F", plug = "wF", text = "the same, in a split" },
  { modes = "n", lhs = "<C-W>gf", plug = "wgf", text = "the same, in a tab page" },
  { modes = "n", lhs = "<C-W>gF", plug = "wgF", text = "the same, in a tab page" },
}

--- Returns the keys of a map as a terminal sends them. For CTRL with a letter, Neovim stores the
--- byte separately, which 0.10 does not report.
---@param map table
---@return string
local function raw_keys(map)
  local raw = map.lhsraw or map.lhs
  if raw:find("\128\252", 1, true) then
    return map.lhsrawalt or api.nvim_replace_termcodes(map.lhs, true, true, true)
  end
  return raw
end

--- Whether Neovim itself has made a map, in its runtime files or in the Lua code that is built in,
--- which has no source.
---@param map table
---@return boolean
local function is_builtin(map)
  local source = map.callback and debug.getinfo(map.callback, "S").source or ""
  return source == "?"
    or source == "=?"
    or vim.startswith(source, "@" .. (vim.env.VIMRUNTIME or "\n"))
end

--- Whether the keys, a prefix of them or a longer sequence are mapped already, in which case our
--- map would change how the user's works. Our own maps from an earlier call count too; Neovim's own
--- map of these keys does not.
---@param maps table[]
---@param lhs string
---@return boolean taken
---@return table? builtin
local function is_taken(maps, lhs)
  local wanted = api.nvim_replace_termcodes(lhs, true, true, true)
  local builtin
  for _, map in ipairs(maps) do
    local taken = raw_keys(map)
    if taken == wanted and is_builtin(map) then
      builtin = builtin or map
    elseif vim.startswith(taken, wanted) or vim.startswith(wanted, taken) then
      return true
    end
  end
  return false, builtin
end

--- Maps keys that are free, in one buffer only.
---@param buf integer
---@param keys chatvim.Key[]
---@param mapped chatvim.Key.Map[] those that are mapped are added
local function map_free(buf, keys, mapped)
  local maps = {}
  for _, key in ipairs(keys) do
    for mode in key.modes:gmatch(".") do
      if not maps[mode] then
        maps[mode] = api.nvim_buf_get_keymap(buf, mode)
        vim.list_extend(maps[mode], api.nvim_get_keymap(mode))
      end
      local taken, builtin = is_taken(maps[mode], key.lhs)
      if not taken then
        local rhs = ("<Plug>(chatvim-%s)"):format(key.plug)
        local before = builtin and builtin.buffer ~= 0 and builtin or nil
        api.nvim_buf_set_keymap(buf, mode, key.lhs, rhs, { desc = "Chatvim: " .. key.text })
        local map = { mode = mode, lhs = key.lhs, plug = key.plug, before = before }
        table.insert(mapped, map)
      end
    end
  end
end

--- Maps the default keys that are free, in a chat's buffer only.
---@param chat chatvim.Chat
local function map_keys(chat)
  map_free(chat.buf, vim.list_extend(vim.list_slice(M.keys), M.vim_keys), chat.keys)
end

--- Returns the map with the given keys, or nil.
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

--- Unmaps our keys in a buffer, except those that the user has since mapped to something else.
---@param buf integer
---@param keys chatvim.Key.Map[]
local function unmap(buf, keys)
  for _, key in ipairs(keys) do
    local map = find(api.nvim_buf_get_keymap(buf, key.mode), key.lhs)
    if map and is_ours(map) then
      api.nvim_buf_del_keymap(buf, key.mode, key.lhs)
      if key.before then
        local options = { buffer = buf, silent = key.before.silent == 1, desc = key.before.desc }
        vim.keymap.set(key.mode, key.lhs, key.before.callback, options)
      end
    end
  end
end

--- Maps the keys of a review in its buffer, where they are free.
---@param buf integer
---@param wanted boolean
function M.map_review(buf, wanted)
  local chat = state.get(buf)
  chat.review_keys = chat.review_keys or {}
  if wanted then
    map_free(buf, M.review_keys, chat.review_keys)
  end
end

--- Unmaps the keys of a review.
---@param buf integer
function M.unmap_review(buf)
  local chat = state.find(buf)
  if chat and chat.review_keys and api.nvim_buf_is_loaded(buf) then
    unmap(buf, chat.review_keys)
    chat.review_keys = nil
  end
end

--- Unmaps our global keys, except those that are mapped to something else.
local function unmap_global()
  for _, key in ipairs(M.global_keys) do
    for mode in key.modes:gmatch(".") do
      local map = find(api.nvim_get_keymap(mode), key.lhs)
      if map and (map.rhs or ""):find("^<[Pp][lL][uU][gG]>%(chatvim") then
        api.nvim_del_keymap(mode, key.lhs)
      elseif map and (map.rhs or ""):find("^<Cmd>Chatvim%a+<CR>$") then
        api.nvim_del_keymap(mode, key.lhs)
      end
    end
  end
end

--- Maps the default keys in a buffer if they are wanted, and registers the buffer for `refresh`.
---@param buf integer
---@param wanted boolean
function M.attach(buf, wanted)
  local chat = state.get(buf)
  chat.keys = chat.keys or {}
  if wanted then
    map_keys(chat)
  end
end

--- Maps or unmaps the keys in all open buffers after the option `keys` has changed.
---@param wanted boolean
function M.refresh(wanted)
  if not wanted then
    unmap_global()
  end
  for _, chat in ipairs(state.all()) do
    if not api.nvim_buf_is_loaded(chat.buf) then
      chat.keys = nil
    elseif chat.keys and wanted then
      map_keys(chat)
    elseif chat.keys then
      unmap(chat.buf, chat.keys)
      chat.keys = {}
    end
  end
end

--- Returns the keys mapped to one of our <Plug> maps, as the user types them, or nil.
---@param buf integer
---@param mode string
---@param plug string the map's name without <Plug> and "chatvim-"
---@return string?
function M.mapped(buf, mode, plug)
  local rhs = ("<Plug>(chatvim-%s)"):format(plug)
  for _, maps in ipairs({ api.nvim_buf_get_keymap(buf, mode), api.nvim_get_keymap(mode) }) do
    for _, map in ipairs(maps) do
      if map.rhs == rhs then
        return vim.fn.keytrans(map.lhsraw or map.lhs --[[@as string]])
      end
    end
  end
end

--- Unmaps one of Vim's own keys in a buffer if the user has mapped it globally since: their map
--- wins.
---@param buf integer
---@param plug string
---@return string? keys the keys that now run the user's map; nil if nothing was unmapped
function M.yield(buf, plug)
  local keys = state.get(buf).keys or {}
  for index, key in ipairs(keys) do
    local ours = key.plug == plug and find(api.nvim_buf_get_keymap(buf, key.mode), key.lhs)
    local theirs = ours and find(api.nvim_get_keymap(key.mode), key.lhs)
    if ours and is_ours(ours) and theirs and not is_ours(theirs) then
      api.nvim_buf_del_keymap(buf, key.mode, key.lhs)
      table.remove(keys, index)
      return key.lhs
    end
  end
end

return M
