-- SPDX-License-Identifier: Apache-2.0
-- Changes one value in the front matter of a chat. The program determines the edit, because only it
-- parses the languages of front matter.
local M = {}

local api = vim.api

--- Retry limit when the front matter changes before the program has replied.
local TRIES = 3

--- Returns the text that an edit of the front matter depends on. A running answer changes only the
--- rest.
---@param buf integer
---@return string
local function front_matter(buf)
  local lines = api.nvim_buf_get_lines(buf, 0, -1, true)
  local front = require("chatvim.chat.detect").front_matter(lines)
  return table.concat(#front > 0 and front or { lines[1] }, "\n")
end

--- Returns why a buffer is no chat, such as a source file, or nil.
---@param buf integer
---@return string?
function M.refusal(buf)
  local kind = vim.bo[buf].filetype
  local is_text = kind == "" or kind == "markdown" or kind == "text"
  if not is_text and not require("chatvim.command.first_answer").is_chat(buf) then
    return ("this %s file is no chat; go to a chat, or open one with :ChatvimNew"):format(kind)
  end
end

--- Whether the front matter of a buffer can be edited now; shows why if not.
---@param buf integer
---@return boolean
function M.can_edit(buf)
  local refusal = require("chatvim.chat.refusal").of_edit(buf) or M.refusal(buf)
  if refusal then
    require("chatvim.notify").show(refusal, "warn")
  end
  return refusal == nil
end

--- Sets a value in a buffer's chat, or shows why it cannot.
---@param buf integer
---@param request "set_model"|"set_tools"|"set_title" the program's message that returns the edit
---@param fields table its fields
---@param words string what has been set, such as "model: x"
---@param on_set? fun() called after the edit, if there is no error
---@param tries? integer
function M.set(buf, request, fields, words, on_set, tries)
  if not M.can_edit(buf) then
    return
  end
  local before = front_matter(buf)
  require("chatvim.program.query").ask(request, buf, function(err, edit, level)
    if not api.nvim_buf_is_loaded(buf) then
      return
    end
    tries = tries or TRIES
    if not err and front_matter(buf) ~= before then
      if tries > 1 then
        return M.set(buf, request, fields, words, on_set, tries - 1)
      end
      err, level = "the front matter keeps changing; change it by hand", "warn"
    end
    if not err and (edit.last > edit.first or #edit.lines > 0) then
      err = require("chatvim.chat.buffer").replace(buf, edit.first, edit.last, edit.lines)
      require("chatvim.chat.outline").refresh(buf)
    end
    if not err and on_set then
      on_set()
    end
    require("chatvim.notify").show(err or words, err and level or "info")
  end, vim.deepcopy(fields))
end

return M
