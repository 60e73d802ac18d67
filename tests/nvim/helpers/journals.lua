-- SPDX-License-Identifier: Apache-2.0
-- The journals of running answers in a child's folders.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")

local M = {}

--- Returns the paths of the journals in a child's folders, sorted.
function M.all(child)
  local paths = vim.fn.glob(child.home .. "/state/nvim/chatvim/*", true, true)
  table.sort(paths)
  return paths
end

--- Waits until there are exactly `count` journals (default 1) and the last contains `text`. Returns
--- its path.
function M.wait(child, text, count)
  return wait.until_true(("%q in journal %d"):format(text, count or 1), function()
    local paths = M.all(child)
    local path = paths[count or 1]
    return path and #paths == (count or 1) and files.read(path):find(text, 1, true) and path
  end)
end

--- Waits until there are exactly `count` journals. The program removes one after it has said that
--- an answer has ended.
function M.wait_count(child, count)
  wait.until_true(("%d journals"):format(count), function()
    return #M.all(child) == count
  end)
end

--- Waits until there is no journal.
function M.wait_none(child)
  M.wait_count(child, 0)
end

--- Starts an answer, whose first piece is "one two" by default, and waits until the journal has it.
--- Returns the journal's path.
---@param child tests.Child
---@param text? string the first piece
---@return string
function M.start(child, text)
  case.standin:script({ replies.gated({ text or "one two", "", "" }) })
  child:command("ChatvimComplete")
  child:wait_text(text or "one two")
  return M.wait(child, text or "one two")
end

--- Expects no offer: asks the program something afterwards and waits for the answer.
---@param child tests.Child
function M.expect_no_offer(child)
  child:sync()
  child:lua("return require('chatvim').messages()")
  child:sync()
  MiniTest.expect.equality(child:messages():find("cut off", 1, true), nil)
end

return M
