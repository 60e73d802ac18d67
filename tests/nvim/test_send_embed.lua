-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend! puts a line that embeds the file, and the program understands it.
local case = require("helpers.case")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

T["the whole file, a line, and lines"] = function()
  local child, chat = quotes.start(case.EMPTY)
  for _, row in ipairs({
    { "ChatvimSend!", "![](src/main.lua)" },
    { "2ChatvimSend!", "![](src/main.lua#L2)" },
    { "2,3ChatvimSend! top", "![](src/main.lua#L2-L3)" },
    { "%ChatvimSend!", "![](src/main.lua)" },
  }) do
    child:command("buffer main.lua | only")
    child:command(row[1])
    eq(child:lines(chat)[#child:lines(chat) - 2], row[2])
  end
  eq(layout.of(child), "row(main.lua, chat.md*)")
  child:command("buffer main.lua | only | ChatvimSend! top")
  eq(layout.of(child), "col(chat.md*, main.lua)")
end

T["what is embedded is the text of the buffer when the question is asked"] = function()
  local child, chat = quotes.start(case.EMPTY)
  child:command("2ChatvimSend! | wincmd p | 2s/b/changed/ | wincmd p")
  case.standin:script({ replies.answer("A") })
  eq(child:api("nvim_get_current_buf"), chat)
  eq(child:complete().outcome, "done")
  local content = case.standin:requests()[1].json.messages[1].content
  eq(content, "src/main.lua:2\n```lua\nlocal changed = 2\n```")
end

T["any name is written so that the program finds the file"] = function()
  local child, chat = quotes.start(case.EMPTY)
  local names = {
    "a b.txt",
    "a (1).txt",
    "a)b(c.txt",
    "a<b>c.txt",
    "a\\b.txt",
    "a\\(b.txt",
    "a'b\"c.txt",
    "100% $HOME %41.txt",
    "$HOME.txt",
    "~.txt",
    "~/~x.txt",
    "a[1]*?.txt",
    "a#L1-L2.txt",
    "é ü.txt",
    "data:x.txt",
    "https:x.txt",
    "![x](y).txt",
  }
  for _, name in ipairs(names) do
    quotes.open(child, name, "one\n" .. name .. "\nthree\n")
    child:command("only | 2ChatvimSend! | wincmd p")
  end
  child:command("buffer " .. chat)
  case.standin:script({ replies.answer("A") })
  eq(child:complete(), vim.tbl_extend("force", child:events("ChatvimEnd")[1], { outcome = "done" }))
  local content = case.standin:requests()[1].json.messages[1].content
  for _, name in ipairs(names) do
    case.expect_part(content, "\n" .. name .. "\n```")
  end
end

T["a file that is not below the chat's folder"] = function()
  local child = case.child()
  child:lua("vim.env.HOME = ...", child.home)
  local chat = child:chat(case.EMPTY)
  quotes.open(child, "../up.txt", "line\n")
  child:command("ChatvimSend!")
  case.expect_part(child:text(chat), "![](~/up.txt)")
end

T["refused: buffers without a file, control characters, what does not go together"] = function()
  local child = quotes.start(case.EMPTY)
  local none = "this buffer has no file that a chat could embed"
  child:command("enew")
  case.expect_refusal(child, "ChatvimSend!", none)
  child:command("setlocal buftype=nofile | file scratch")
  case.expect_refusal(child, "ChatvimSend!", none)
  child:command("enew | file oil://x/y")
  case.expect_refusal(child, "ChatvimSend!", none)
  quotes.open(child, "a\tb.txt", "line\n")
  case.expect_refusal(child, "ChatvimSend!", "holds control characters")
  case.expect_refusal(child, "ChatvimSend! diff", "takes only a direction")
  case.expect_refusal(
    child,
    "ChatvimSend!make",
    "for the output of a command write `:ChatvimSend !make`"
  )
  case.expect_refusal(child, "ChatvimSend! left right", 'takes only a direction, not "right"')
end

return T
