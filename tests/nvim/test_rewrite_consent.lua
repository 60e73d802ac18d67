-- SPDX-License-Identifier: Apache-2.0
-- Questions about what :ChatvimRewrite would send.
local case = require("helpers.case")
local consent = require("helpers.consent")
local files = require("helpers.system")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

--- Starts a rewrite whose instruction embeds a file from elsewhere.
---@param answer string|false what the user chooses
---@return tests.Child
local function rewrite(answer)
  local child = consent.start()
  files.write(child.folder .. "/code.lua", "one\ntwo\n")
  child:command("edit code.lua")
  consent.answer_with(child, answer)
  case.standin:script({ replies.answer("```\n2\n```") })
  child:command("2ChatvimRewrite " .. vim.trim(consent.embed(child)))
  return child
end

T["a question is asked as for any chat, and then the answer is reviewed"] = function()
  local child = rewrite("Allow this file")
  reviews.wait_complete(child)
  equal(#consent.asked(child), 1)
  case.expect_part(consent.sent(), "from elsewhere")
  child:command("ChatvimAccept!")
  equal(child:lines(), { "one", "2" })
end

T["a rewrite that the user does not allow ends, and nothing is sent"] = function()
  local child = rewrite(false)
  child:wait_message("nothing was sent")
  reviews.wait_over(child)
  wait.until_true("the end of the chat's buffer", function()
    return #child:api("nvim_list_bufs") == 1
  end)
  equal(#case.standin:requests(), 0)
  equal(vim.fn.glob(child.folder .. "/rewrite-*"), "")
end

return T
