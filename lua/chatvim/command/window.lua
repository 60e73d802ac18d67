-- SPDX-License-Identifier: Apache-2.0
-- Opens a buffer as a command requests: in a split on a given side, according to its modifiers, or
-- in the current window. Uses Vim's own commands, so that the user's options and autocommands
-- apply.
local M = {}

local api = vim.api
local uv = vim.uv

--- The directions that a command accepts, in the order in which they are offered.
M.directions = { "left", "right", "top", "bottom" }

--- The modifiers for a split on each side, next to the current window and at the screen's edge.
---@type table<string, { vertical: boolean, near: string, far: string }>
local SIDES = {
  left = { vertical = true, near = "aboveleft", far = "topleft" },
  right = { vertical = true, near = "belowright", far = "botright" },
  top = { vertical = false, near = "aboveleft", far = "topleft" },
  bottom = { vertical = false, near = "belowright", far = "botright" },
}

--- Clearer messages for some of Vim's errors; the others are shown as is.
local SENTENCES = {
  E37 = "no write since last change: `:write` first, or open it beside this buffer, "
    .. "as with :vertical or :tab",
  E325 = "it was not opened, since it has a swap file",
  E36 = "there is not enough room for another window: close one first, or use :tab",
}

--- Where a command opens a buffer.
---@class chatvim.Where
---@field asked boolean the user requested it, with a direction or modifiers for a split
---@field split boolean in a split; false: in the current window
---@field mods vim.api.keyset.cmd_mods

---@param word string
---@return string
local function no_direction(word)
  return ("%q is no direction; there are %s"):format(word, table.concat(M.directions, ", "))
end

--- Returns where a command with the given direction and modifiers opens a buffer.
---@param direction? string as the user wrote it
---@param mods? vim.api.keyset.cmd_mods
---@param default? "left"|"right"|"top"|"bottom" if the user requested nothing
---@return chatvim.Where where
---@return string? err
function M.where(direction, mods, default)
  mods = vim.deepcopy(mods or {})
  local requested = direction ~= nil
    or mods.vertical
    or mods.horizontal
    or (mods.split or "") ~= ""
    or (mods.tab or -1) >= 0
  local side = SIDES[direction or (not requested and default)]
  if side then
    local at_edge = mods.split == "topleft" or mods.split == "botright"
    mods.vertical = side.vertical
    mods.split = at_edge and side.far or side.near
  end
  local err = direction and not side and no_direction(direction) or nil
  return { asked = requested, split = requested or side ~= nil, mods = mods }, err
end

--- Returns why no window can be opened now, or nil.
---@return string?
function M.refusal()
  return require("chatvim.view.unfit").command_window()
end

--- Runs a command that opens a buffer. Returns its error only if nothing was opened, because the
--- error may come from an autocommand.
---@param name "edit"|"split"|"sbuffer"
---@param argument string
---@param mods table
---@param is_there fun(): boolean
---@return string? err
local function run(name, argument, mods, is_there)
  local ok, err = pcall(api.nvim_cmd, {
    cmd = name,
    args = { argument },
    mods = mods,
    magic = { file = false, bar = false },
  }, {})
  if ok and is_there() then
    return
  end
  local unread = is_there() and require("chatvim.command.reading").complete()
  if unread then
    require("chatvim.notify").show(unread, "warn")
    return
  end
  local text = tostring(err):gsub("^.-Vim[^:]*:", "")
  local code = text:match("^E%d+")
  if not is_there() then
    -- Without an error, the user declined a `:confirm` prompt or used `:silent!`.
    local no = ok or text:find("^Keyboard interrupt")
    return SENTENCES[code] or (no and "nothing was opened" or text)
  elseif code ~= "E325" then
    -- Neovim has already asked the user about E325.
    require("chatvim.notify").show(text, "warn")
  end
end

--- Whether a buffer shows a file, even if opened by another of its names. The file need not exist.
---@param buf integer
---@param path string
---@return boolean
local function is(buf, path)
  local name, real = api.nvim_buf_get_name(buf), uv.fs_realpath(path)
  if real then
    return uv.fs_realpath(name) == real
  end
  local folder = uv.fs_realpath(vim.fs.dirname(path))
  return vim.fs.basename(name) == vim.fs.basename(path)
    and uv.fs_realpath(vim.fs.dirname(name)) == folder
end

--- Cleans up after a refused `:edit`, which leaves the file's buffer behind as the alternate
--- buffer.
---@param path string
---@param alternate integer the previous alternate buffer, or -1
local function forget(path, alternate)
  for _, buf in ipairs(api.nvim_list_bufs()) do
    if api.nvim_buf_get_name(buf) == path and not api.nvim_buf_is_loaded(buf) then
      api.nvim_buf_delete(buf, { force = true })
    end
  end
  if alternate > 0 and api.nvim_buf_is_valid(alternate) then
    vim.fn.setreg("#", alternate)
  end
end

--- Whether a window must keep its buffer: a floating window, one with 'winfixbuf', a terminal, or a
--- quickfix list.
---@param win integer
---@return boolean
local function is_kept(win)
  local kind = vim.bo[api.nvim_win_get_buf(win)].buftype
  return vim.wo[win].winfixbuf
    or kind == "terminal"
    or kind == "quickfix"
    or api.nvim_win_get_config(win).relative ~= ""
end

--- Whether a window shows a file, no chat, and may show another buffer without a loss: nothing is
--- written or unloaded that the user has not saved or not decided on.
---@param win integer
---@return boolean
local function is_reusable(win)
  local buf = api.nvim_win_get_buf(win)
  local chat = require("chatvim.chat.state").find(buf)
  if is_kept(win) or vim.bo[buf].buftype ~= "" or vim.wo[win].previewwindow or vim.wo[win].diff then
    return false
  elseif chat and chat.used then
    return false
  end
  local hidden = vim.bo[buf].bufhidden
  local stays = hidden == "hide" or (hidden == "" and vim.o.hidden)
  local has_work = vim.bo[buf].modified or require("chatvim.review").of(buf) ~= nil
  return stays or not has_work or #vim.fn.win_findbuf(buf) > 1
end

--- Returns a window of this tab page that shows a file and can show another instead: the previous
--- one if possible, and rather one without a review.
---@return integer?
local function reusable()
  local wins = api.nvim_tabpage_list_wins(0)
  table.insert(wins, 1, vim.fn.win_getid(vim.fn.winnr("#")))
  local reviewed
  for _, win in ipairs(wins) do
    if win ~= 0 and win ~= api.nvim_get_current_win() and is_reusable(win) then
      if not require("chatvim.review").of(api.nvim_win_get_buf(win)) then
        return win
      end
      reviewed = reviewed or win
    end
  end
  return reviewed
end

--- Shows a file's buffer like `show`, but rather in a window of this tab page that shows another
--- file than in a split, unless the user requested a place.
---@param buf integer
---@param where chatvim.Where
---@return string? err
function M.show_file(buf, where)
  local win = not where.asked and not M.of(buf) and reusable()
  if win then
    local before = api.nvim_get_current_win()
    api.nvim_set_current_win(win)
    pcall(api.nvim_cmd, { cmd = "buffer", args = { tostring(buf) } }, {})
    if api.nvim_get_current_buf() == buf then
      return
    end
    api.nvim_set_current_win(before)
  end
  return M.show(buf, where)
end

--- Edits a file and makes its buffer the current one.
---@param path string
---@param where chatvim.Where
---@return string? err in which case nothing has changed
function M.edit(path, where)
  local split = where.split or is_kept(api.nvim_get_current_win())
  local alternate = vim.fn.bufnr("#")
  local err = run(split and "split" or "edit", path, where.mods, function()
    return is(api.nvim_get_current_buf(), path)
  end)
  if err then
    forget(path, alternate)
  end
  return err
end

--- Goes to a window that shows a buffer: one in this tab page, or one in another tab page if the
--- user did not request a place. Otherwise opens a split.
---@param buf integer
---@param where chatvim.Where
---@return string? err
function M.show(buf, where)
  local win = M.of(buf) or (not where.asked and vim.fn.win_findbuf(buf)[1])
  if win then
    api.nvim_set_current_win(win)
    return
  end
  return run("sbuffer", tostring(buf), where.mods, function()
    return api.nvim_get_current_buf() == buf
  end)
end

--- Returns the window in this tab page that shows a buffer, or nil.
---@param buf integer
---@return integer?
function M.of(buf)
  for _, win in ipairs(api.nvim_tabpage_list_wins(0)) do
    if api.nvim_win_get_buf(win) == buf then
      return win
    end
  end
end

return M
