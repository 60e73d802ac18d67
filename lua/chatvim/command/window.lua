-- SPDX-License-Identifier: Apache-2.0
-- Opens a buffer where a command says: in a split on one side, as its modifiers want, or in the
-- current window. By Vim's own commands, so that the user's options and autocommands apply.
local M = {}

local api = vim.api
local uv = vim.uv

--- What a command may name, in the order in which it is offered.
M.directions = { "left", "right", "top", "bottom" }

--- The modifiers of a split on one side: beside the current window, and at the screen's edge.
---@type table<string, { vertical: boolean, near: string, far: string }>
local SIDES = {
  left = { vertical = true, near = "aboveleft", far = "topleft" },
  right = { vertical = true, near = "belowright", far = "botright" },
  top = { vertical = false, near = "aboveleft", far = "topleft" },
  bottom = { vertical = false, near = "belowright", far = "botright" },
}

--- What Vim's errors are called here; the others speak for themselves.
local SENTENCES = {
  E37 = "no write since last change: `:write` first, or open it beside this buffer, "
    .. "as with :vertical or :tab",
  E325 = "it was not opened, since it has a swap file",
  E36 = "there is not enough room for another window: close one first, or use :tab",
}

--- Where a command opens something.
---@class chatvim.Where
---@field asked boolean the command says it: a direction, or modifiers for a split
---@field split boolean a split; else the current window
---@field mods vim.api.keyset.cmd_mods

---@param word string
---@return string
local function no_direction(word)
  return ("%q is no direction; there are %s"):format(word, table.concat(M.directions, ", "))
end

--- Where a command with these words opens something, or what is wrong with them.
---@param direction? string what the user wrote
---@param mods? vim.api.keyset.cmd_mods
---@param default? "left"|"right"|"top"|"bottom" for a command that does not say
---@return chatvim.Where where
---@return string? err
function M.where(direction, mods, default)
  mods = vim.deepcopy(mods or {})
  local asked = direction ~= nil
    or mods.vertical
    or mods.horizontal
    or (mods.split or "") ~= ""
    or (mods.tab or -1) >= 0
  local side = SIDES[direction or (not asked and default)]
  if side then
    local at_edge = mods.split == "topleft" or mods.split == "botright"
    mods.vertical = side.vertical
    mods.split = at_edge and side.far or side.near
  end
  local err = direction and not side and no_direction(direction) or nil
  return { asked = asked, split = asked or side ~= nil, mods = mods }, err
end

--- Why no window can be opened now, or nothing.
---@return string?
function M.refusal()
  if vim.fn.getcmdwintype() ~= "" then
    return "not from the command-line window: close it first, with `:quit`"
  end
end

--- Runs a command that opens something. Its error is one only where nothing was opened: it may be
--- that of somebody's autocommand.
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
  local text = tostring(err):gsub("^.-Vim[^:]*:", "")
  local code = text:match("^E%d+")
  if not is_there() then
    -- Without an error somebody said no to `:confirm`, or nobody wants to hear, with `:silent!`.
    local no = ok or text:find("^Keyboard interrupt")
    return SENTENCES[code] or (no and "nothing was opened" or text)
  elseif code ~= "E325" then
    -- That one Neovim has asked about.
    require("chatvim.notify").show(text, "warn")
  end
end

--- True for the buffer of a file, whichever of its names it was opened by; the file need not be
--- there.
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

--- Takes away what a refused `:edit` leaves: the buffer of the file, as the alternate one.
---@param path string
---@param alternate integer the one before, or -1
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

--- True for a window that is to keep what it shows: a floating one, one with 'winfixbuf', a
--- terminal, a list of errors.
---@param win integer
---@return boolean
local function is_kept(win)
  local kind = vim.bo[api.nvim_win_get_buf(win)].buftype
  return vim.wo[win].winfixbuf
    or kind == "terminal"
    or kind == "quickfix"
    or api.nvim_win_get_config(win).relative ~= ""
end

--- Edits a file; its buffer is the current one then.
---@param path string
---@param where chatvim.Where
---@return string? err why not; everything is as it was then
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

--- Goes to a window of a buffer: one of this tab page; one of another where the command does not
--- say where; else a split.
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

--- The window of this tab page that shows a buffer.
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
