-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimToggle shows the chat last used beside the code, and hides it.
local case = require("helpers.case")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local eq = MiniTest.expect.equality

local T = case.set()

T["it opens on the right or as requested, and hides"] = function()
  local child = quotes.start(case.EMPTY)
  for command, expected in pairs({
    ["ChatvimToggle"] = "row(main.lua, chat.md*)",
    ["ChatvimToggle left"] = "row(chat.md*, main.lua)",
    ["botright ChatvimToggle"] = "col(main.lua, chat.md*)",
  }) do
    child:command(command)
    eq({ command, layout.of(child) }, { command, expected })
    child:command("wincmd p | ChatvimToggle")
    eq(layout.of(child), "main.lua*")
  end
  -- From the chat itself.
  child:command("ChatvimToggle | ChatvimToggle")
  eq(layout.of(child), "main.lua*")
  case.expect_calm(child)
end

T["without a chat a new one is opened, and it keeps its unsaved text when hidden"] = function()
  local child = case.child()
  quotes.open(child, "a.txt", "line\n")
  child:command("ChatvimToggle")
  eq(layout.of(child), "row(a.txt, chat*)")
  child:command("call setline('$', 'A question')")
  child:command("ChatvimToggle")
  eq(layout.of(child), "a.txt*")
  child:command("ChatvimToggle top")
  eq(layout.of(child), "col(chat*, a.txt)")
  eq(child:lines()[3], "A question")
end

T["refused: a wrong direction, and closing the last window"] = function()
  local child = quotes.start(case.EMPTY)
  case.expect_refusal(child, "ChatvimToggle up", '"up" is no direction')
  child:command("ChatvimToggle | only")
  case.expect_refusal(child, "ChatvimToggle", "the chat is in the only window")
end

return T
