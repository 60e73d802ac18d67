-- SPDX-License-Identifier: Apache-2.0
-- A chat that is longer than the screen, answered in pieces that the test releases one by one, with
-- checks of the windows after each.
local case = require("helpers.case")
local replies = require("helpers.replies")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local M = {}

local LINE = "Line %d of a chat that is longer than the screen, with words to wrap at."
local lines = {}
for index = 1, 200 do
  lines[index] = LINE:format(index)
end

--- The text of the chat.
M.chat = table.concat(lines, "\n") .. "\n\nQ"
--- The pieces of the answer.
M.pieces = { "one", (" words"):rep(60), "\ntwo", ("\nline"):rep(40), " three" }

--- Starts a Neovim with a screen and opens the chat, with the cursor at its end. The stand-in is
--- ready to answer.
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer buf
function M.start(options)
  local child = case.child(vim.tbl_extend("force", { screen = true }, options or {}))
  case.standin:script({ replies.gated(M.pieces) })
  return child, child:chat(M.chat)
end

--- Lets the answer arrive; calls `check` after each update, with the screen redrawn.
---@param child tests.Child
---@param buf integer
---@param check fun(index: integer)
function M.run(child, buf, check)
  local answer = ""
  for index, piece in ipairs(M.pieces) do
    answer = answer .. piece
    child:wait_text(answer, buf)
    views.screen(child)
    check(index)
    case.standin:release(index < #M.pieces and "g" .. index or "end")
  end
  child:wait_end()
  eq(child:text(buf), case.answered(M.chat, answer))
  views.screen(child)
  check(#M.pieces + 1)
end

--- Lets the answer arrive, and expects after each update that every window's view and the editor's
--- mode are as they are now.
---@param child tests.Child
---@param buf integer
---@param except? integer a window that follows: its cursor must be on the last line
function M.expect_same_views(child, buf, except)
  views.screen(child)
  local follower = except and tostring(except)
  local before = views.all(child)
  if follower then
    before[follower] = nil
  end
  local mode = child:api("nvim_get_mode")
  child:lua([[
    _G.modes = {}
    vim.api.nvim_create_autocmd("ModeChanged", {
      callback = function(event) table.insert(_G.modes, event.match) end,
    })
  ]])
  M.run(child, buf, function(index)
    local now = views.all(child)
    if follower then
      eq({ index, now[follower].lnum }, { index, #child:lines(buf) })
      now[follower] = nil
    end
    eq({ index, child:api("nvim_get_mode") }, { index, mode })
    eq({ index, now }, { index, before })
  end)
  eq(child:lua("return _G.modes"), {})
end

return M
