-- SPDX-License-Identifier: Apache-2.0
-- A chat that is longer than the screen, answered in pieces that each come when the test says so;
-- and what must hold of the windows after each.
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

--- The chat's text.
M.chat = table.concat(lines, "\n") .. "\n\nQ"
--- The answer's pieces.
M.pieces = { "one", (" words"):rep(60), "\ntwo", ("\nline"):rep(40), " three" }

--- A Neovim with a screen, the chat open and the cursor at its end; the answer waits.
---@param options? tests.ChildOptions
---@return tests.Child
---@return integer buf
function M.start(options)
  local child = case.child(vim.tbl_extend("force", { screen = true }, options or {}))
  case.standin:script({ replies.gated(M.pieces) })
  return child, child:chat(M.chat)
end

--- Runs the answer; after each update `check` is called, with the screen drawn.
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

--- Runs the answer, and expects of every window the view that it has now, and of the editor the
--- mode, after each update.
---@param child tests.Child
---@param buf integer
---@param except? integer a window that follows, whose cursor is expected on the last line
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
