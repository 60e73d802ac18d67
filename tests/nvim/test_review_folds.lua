-- SPDX-License-Identifier: Apache-2.0
-- A review in closed folds: what the user does not see is not accepted.
local case = require("helpers.case")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "1\n2\n3\n4\n5\n6\n7\n8\n"

---@param child tests.Child
---@param line integer
---@return integer
local function closed(child, line)
  return child:lua("return vim.fn.foldclosed(...)", line)
end

T["a rewrite opens the folds of its lines"] = function()
  local child = reviews.edit(CODE)
  case.standin:script({ replies.answer("```\n2\nthree\n4\n5\n```\n") })
  child:command("3,4fold | 2,5fold | 7,8fold | 2")
  child:command("2,5ChatvimRewrite Do it.")
  reviews.wait_complete(child)
  equal({ closed(child, 2), closed(child, 3), closed(child, 7) }, { -1, -1, 7 })
  child:command("3 | ChatvimAccept")
  equal(child:lines()[3], "three")
end

T["a change in a closed fold is neither accepted nor refused by the cursor's place"] = function()
  local child = reviews.edit(CODE)
  reviews.open(child, 0, 8, { "1", "2", "three", "4", "new", "5", "6", "7", "8" })
  child:command("2,6fold")
  for line = 1, 7 do
    for _, command in ipairs({ "ChatvimAccept", "ChatvimRefuse" }) do
      child:command("messages clear | " .. line)
      child:command(command)
      case.expect_part(child:messages(), "in a closed fold: `zO` shows it")
    end
  end
  equal({ child:text() .. "\n", #reviews.changes(child) }, { CODE, 2 })
  child:command("3 | normal! zO")
  child:command("ChatvimAccept")
  equal(child:lines()[3], "three")
end

T["a change that is partly in a closed fold, or named by its line"] = function()
  local child = reviews.edit(CODE)
  reviews.open(child, 0, 8, { "1", "two", "three", "4", "5", "6", "seven", "8" })
  child:command("3,4fold | 2 | ChatvimAccept")
  equal(child:lines()[3], "three")
  child:command("6,7fold | 7ChatvimAccept")
  equal(child:lines()[7], "seven")
end

return T
