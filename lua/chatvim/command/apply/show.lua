-- SPDX-License-Identifier: Apache-2.0
-- Shows the files with proposed changes: the first beside the chat, and each further one when the
-- user has decided on the one before.
local M = {}

local api = vim.api

--- Puts the cursor on the first change of the review in the current buffer.
---@param buf integer
local function go_to_change(buf)
  local review = require("chatvim.review").of(buf)
  local change = review and review.placed[1]
  if review and change then
    vim.cmd("normal! m'")
    local row = math.min(review.start + change.first + 1, api.nvim_buf_line_count(buf))
    api.nvim_win_set_cursor(0, { row, 0 })
    -- Out of a closed fold.
    vim.cmd("normal! zv")
  end
end

---@param target chatvim.ApplyTarget
---@return boolean
local function is_open(target)
  local file = target.opened
  return file ~= nil and require("chatvim.review").of(file.buf) ~= nil
end

---@param run chatvim.ApplyRun
---@return chatvim.ApplyTarget[]
local function open_targets(run)
  return vim.tbl_filter(is_open, run.targets)
end

--- Shows a buffer in a window that has it, else in one of another file, else beside the chat.
---@param run chatvim.ApplyRun
---@param buf integer
---@return string? err
local function show(run, buf)
  local window = require("chatvim.command.window")
  vim.bo[buf].buflisted = true
  local err = window.show_file(buf, (window.where(nil, run.mods, "left")))
  if not err then
    go_to_change(buf)
  end
  return err
end

--- Shows the first file with a review, and notes the others.
---@param run chatvim.ApplyRun
function M.start(run)
  local targets = open_targets(run)
  if #targets == 0 then
    return
  end
  local err = show(run, targets[1].opened.buf)
  if err then
    table.insert(run.failures, err)
  else
    local review = require("chatvim.review").of(targets[1].opened.buf)
    table.insert(run.notes, review and require("chatvim.review.announce").text(review))
  end
  if #targets > 1 then
    local names = vim.tbl_map(function(target)
      return vim.fn.fnamemodify(target.path, ":~:.")
    end, targets)
    local text = "changes are proposed in %d files, one shown after the other: %s"
    table.insert(run.notes, text:format(#names, table.concat(names, ", ")))
  end
end

--- Shows a buffer in the current window if that may leave its own, else in another.
---@param run chatvim.ApplyRun
---@param buf integer
local function show_here(run, buf)
  local window = require("chatvim.command.window")
  if not window.of(buf) then
    vim.bo[buf].buflisted = true
    pcall(api.nvim_cmd, { cmd = "buffer", args = { tostring(buf) } }, {})
  end
  local err = show(run, buf)
  if err then
    require("chatvim.notify").show(err, "warn")
  end
end

--- Returns the command that writes files, some of which may be in folders that do not exist yet.
---@param changed chatvim.ApplyTarget[]
---@return string
local function write_command(changed)
  local lacks_folder = vim.iter(changed):any(function(target)
    return vim.uv.fs_stat(vim.fs.dirname(target.path)) == nil
  end)
  if not lacks_folder then
    return "`:wall`"
  end
  -- Older versions have no `:wall ++p`.
  return vim.fn.has("nvim-0.12") == 1 and "`:wall ++p`" or "`:w ++p` in each"
end

--- Says how many files were changed in a run of several.
---@param run chatvim.ApplyRun
local function report_changed(run)
  local changed = vim.tbl_filter(function(target)
    local buf = target.accepted and target.opened.buf
    return buf and api.nvim_buf_is_loaded(buf) and vim.bo[buf].modified
  end, run.targets)
  if (run.all or #run.targets > 1) and #changed > 0 then
    local what = #changed == 1 and "1 file" or ("%d files"):format(#changed)
    local text = "%s changed, not written: %s writes %s"
    local command = write_command(changed)
    text = text:format(what, command, #changed == 1 and "it" or "them")
    require("chatvim.notify").show(text, "info")
  end
end

--- Goes on to the next file when the user has decided on all changes of one that they look at.
---@param run chatvim.ApplyRun
---@param target chatvim.ApplyTarget
---@param review chatvim.Review
---@param reason chatvim.Review.End
function M.next(run, target, review, reason)
  local file = target.opened
  target.accepted = review.counts.accepted > 0
  if not file or reason == "lost" or reason == "closed" then
    return
  end
  vim.schedule(function()
    -- The user may have typed the last change themselves, and be typing still.
    require("chatvim.view.calm").wait(function()
      local left = open_targets(run)
      if #left == 0 then
        report_changed(run)
      elseif api.nvim_get_current_buf() == file.buf then
        show_here(run, left[1].opened.buf)
        local text = #left == 1 and "the last file with proposed changes" or "%d files are left"
        require("chatvim.notify").show(text:format(#left), "info")
      end
    end)
  end)
end

return M
