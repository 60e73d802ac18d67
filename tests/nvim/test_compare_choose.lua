-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimChoose makes another model's answer the one that counts.
local case = require("helpers.case")
local compare = require("helpers.compare")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local ONE, TWO = "I am one.", "I am two."
local ANSWER = "# === ASSISTANT ===\n\n"

--- Waits until the tab page is closed and its buffers are gone.
local function wait_closed(child)
  wait.until_true("one tab page", function()
    return #child:api("nvim_list_tabpages") == 1 and #child:api("nvim_list_bufs") == 1
  end)
end

T["before the end: the choice counts, and the tab page closes at the end"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.go(child, "m2")
  child:command("ChatvimChoose")
  child:wait_message("standin/m2 is chosen")
  compare.release("m2")
  child:wait_end(1)
  eq(#child:api("nvim_list_tabpages"), 2)
  compare.release("m1")
  compare.wait_folded(child, buf, "m1")
  case.expect_part(child:text(buf), ANSWER .. TWO)
  wait_closed(child)
  eq(child:api("nvim_get_current_buf"), buf)
end

T["in the view after the end: the choice is exchanged, and the tab page closes"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  case.expect_part(child:text(buf), ANSWER .. ONE)
  compare.go(child, "m2")
  child:command("ChatvimChoose")
  compare.wait_folded(child, buf, "m1")
  case.expect_part(child:text(buf), ANSWER .. TWO)
  wait_closed(child)
end

T["in the view of an earlier question, whatever was asked since"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:command("tabnext | normal! Gone more")
  compare.ask(child, { m1 = "Still one.", m2 = "Still two." })
  compare.release("m1", "m2")
  child:wait_text("Still two.", buf)
  child:command("tabclose | tabnext")
  compare.go(child, "m2")
  child:command("ChatvimChoose")
  wait_closed(child)
  case.expect_part(child:text(buf), ANSWER .. TWO)
  case.expect_part(child:text(buf), ANSWER .. "Still one.")
end

T["the answer that counts already can be chosen too"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  local text = child:text(buf)
  compare.go(child, "m1")
  child:command("ChatvimChoose")
  wait_closed(child)
  eq(child:text(buf), text)
end

T["in the chat, with the cursor on a folded answer, as one undo step"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:command("tabclose")
  local before = child:text(buf)
  child:command("call search('" .. TWO .. "')")
  child:lua("vim.api.nvim_feedkeys(vim.keycode('<Plug>(chatvim-choose)'), 'xm', false)")
  child:wait_text(ANSWER .. TWO, buf)
  case.expect_part(child:text(buf), "Answer: standin/m1</summary>")
  eq(vim.endswith(child:text(buf), case.NEXT), true)
  child:feed("u")
  eq(child:text(buf), before)
end

T["elsewhere there is nothing to choose"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:command("tabclose | 1")
  local before = child:text(buf)
  child:command("ChatvimChoose")
  child:wait_message("Put the cursor on another answer")
  eq(child:text(buf), before)
end

return T
