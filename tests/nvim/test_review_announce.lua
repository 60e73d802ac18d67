-- SPDX-License-Identifier: Apache-2.0
-- Changes whose keys are not on the screen are announced.
local applies = require("helpers.applies")
local case = require("helpers.case")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")

local T = case.set()

--- Returns a text of numbered lines.
---@param word string
---@return string
local function text(word)
  local lines = {}
  for number = 1, 60 do
    lines[number] = ("%s %d"):format(word, number)
  end
  return table.concat(lines, "\n")
end

local ANSWER = ("```\n%s\n```\n"):format(text("new"))
local KEYS = "1 change to review: do accepts, dp refuses, ]c goes to the next one"

T["a rewrite that is taller than the window"] = function()
  local child = reviews.edit(text("old") .. "\n")
  local gated = replies.gated({ "```\n", ANSWER:sub(5) })
  case.standin:script({ replies.answer(ANSWER), gated, replies.answer(ANSWER) })
  child:command("%ChatvimRewrite Do it.")
  child:wait_message(KEYS)
  -- The user looks at another file.
  child:command("ChatvimRefuse! | messages clear | %ChatvimRewrite Do it.")
  child:command("enew!")
  case.standin:release("g1", true)
  case.standin:release("end", true)
  child:wait_message("1 change to review in code.lua")
  -- The end of the range is on the screen.
  child:command("buffer code.lua | ChatvimRefuse! | messages clear")
  child:command("normal! Gzt")
  child:command("%ChatvimRewrite Do it.")
  child:wait_end(3)
  reviews.wait_complete(child)
  case.expect_calm(child)
end

T["a buffer without a name"] = function()
  local child = case.child()
  child:api("nvim_buf_set_lines", 0, 0, -1, true, vim.split(text("old"), "\n"))
  case.standin:script({ replies.gated({ "```\n", ANSWER:sub(5) }) })
  child:command("%ChatvimRewrite Do it.")
  child:command("new | only")
  case.standin:release("g1", true)
  case.standin:release("end", true)
  child:wait_message("1 change to review in a buffer without a name")
end

T["a proposal that is taller than the window"] = function()
  local child = applies.start(applies.chat(applies.block(
    "",
    "diff",
    table.concat({
      "--- a/src/tall.txt",
      "+++ b/src/tall.txt",
      "@@ -1,60 +1,60 @@",
      (text("old"):gsub("old", "-old")),
      (text("new"):gsub("new", "+new")),
    }, "\n")
  )))
  require("helpers.system").write(child.folder .. "/src/tall.txt", text("old") .. "\n")
  applies.at(child, "new 1")
  applies.wait(child, "tall.txt")
  child:wait_message(KEYS)
end

return T
