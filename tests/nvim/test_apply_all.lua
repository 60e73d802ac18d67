-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimApply! proposes every block of an answer.
local applies = require("helpers.applies")
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local screens = require("helpers.screens")
local tools = require("helpers.tools")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local ONE = applies.block("`src/code.lua`:", "lua", "function M.one()\n  return 11\nend")
local TWO = applies.block("", "lua src/code.lua", "function M.two()\n  return 22\nend")
local TEXT = "one is 1\n\ntwo is 2\n\nthree is 3\n\nfour is 4\n"
local CHANGED = TEXT:gsub("3\n", "33\n")
local OTHER = applies.block("", "text other.txt", vim.trim(CHANGED))
local NEW = applies.block("", "text new.txt", "new")
local SHELL = applies.block("", "sh", "make")
local WRONG = applies.block("", "lua src/code.lua", "x = 1\ny = 2")

---@param ... string
---@return tests.Child
local function start(...)
  local child = applies.start(applies.chat(...))
  files.write(child.folder .. "/other.txt", TEXT)
  child:lua([[vim.fn.search("^```", "w")]])
  return child
end

T["blocks of one file become one review"] = function()
  local child = start(ONE, TWO)
  child:command("ChatvimApply!")
  eq(applies.wait(child, "code.lua"), {
    { first = 3, last = 4, lines = { "  return 11" } },
    { first = 7, last = 8, lines = { "  return 22" } },
  })
  child:command("ChatvimAccept!")
  reviews.wait_over(child)
  case.expect_part(child:text(), "return 11")
  case.expect_part(child:text(), "return 22")
  child:command("silent undo")
  eq(child:text(), vim.trim(applies.LUA))
end

T["the next file waits until the user has typed"] = function()
  local child = start(TWO, OTHER)
  child:command("ChatvimApply!")
  applies.wait(child, "code.lua")
  child:command("8")
  child:type("A2")
  reviews.wait_over(child)
  child:type("3")
  child:wait_text("223")
  eq(child:lines()[8], "  return 223")
  child:type("<Esc>")
  applies.wait(child, "other.txt")
end

T["several files: each is shown when the one before is decided on"] = function()
  local child = start(ONE, OTHER, NEW, TWO)
  applies.answer(child, { "Yes" })
  child:command("ChatvimApply!")
  eq(#applies.wait(child, "code.lua"), 2)
  child:wait_message("in 3 files, one shown after the other: src/code.lua, other.txt, new.txt")
  eq(layout.of(child), "row(code.lua*, chat.md)")
  child:command("ChatvimAccept | ChatvimAccept!")
  eq(applies.wait(child, "other.txt"), { { first = 4, last = 5, lines = { "three is 33" } } })
  child:wait_message("2 files are left")
  eq(layout.of(child), "row(other.txt*, chat.md)")
  child:command("ChatvimRefuse")
  eq(#applies.wait(child, "new.txt"), 1)
  child:wait_message("the last file with proposed changes")
  child:command("ChatvimAccept")
  reviews.wait_over(child)
  child:wait_message("2 files changed, not written: `:wall` writes them")
  eq(layout.of(child), "row(new.txt*, chat.md)")
  eq(child:lua("return vim.fn.bufloaded('src/code.lua')"), 1)
end

T["a window with a file is reused, unless it would lose a change"] = function()
  local child = start(ONE, OTHER)
  child:command("leftabove vsplit src/code.lua | wincmd p | set nohidden")
  applies.at(child, "three is 33")
  applies.wait(child, "other.txt")
  eq(layout.of(child), "row(other.txt*, chat.md)")
  child:command("wincmd p")
  applies.at(child, "return 11")
  applies.wait(child, "code.lua")
  eq(layout.of(child), "row(other.txt, code.lua*, chat.md)")
end

T["who has gone elsewhere stays there, and finds the review in the file"] = function()
  local child = start(ONE, OTHER)
  child:command("ChatvimApply!")
  applies.wait(child, "code.lua")
  child:command("wincmd p")
  child:lua("require('chatvim.review').refuse(vim.fn.bufnr('src/code.lua'), true)")
  child:sync()
  eq(layout.of(child), "row(code.lua, chat.md*)")
  child:command("edit other.txt")
  eq(#reviews.changes(child), 1)
end

T["what cannot be applied is named, and the rest is proposed"] = function()
  local child = start(WRONG, SHELL, OTHER, ONE)
  child:command("ChatvimApply!")
  eq(#applies.wait(child, "code.lua"), 1)
  child:wait_message("1 block names no file: use `:ChatvimApply` on it; src/code.lua: The")
  child:wait_message("changes are proposed in 2 files")
end

T["a diff of several files"] = function()
  local diff = "--- a/src/code.lua\n+++ b/src/code.lua\n@@ -4 +4 @@\n-  return 1\n+  return 0\n"
    .. "--- a/other.txt\n+++ b/other.txt\n@@ -4,2 +4,1 @@\n \n-three is 3"
  local child = start(applies.block("", "diff", diff))
  child:command("ChatvimApply")
  eq(applies.wait(child, "code.lua"), { { first = 3, last = 4, lines = { "  return 0" } } })
  child:command("ChatvimAccept")
  eq(applies.wait(child, "other.txt"), { { first = 4, last = 5, lines = {} } })
end

T["three blocks of one file, on the screen"] = function()
  local diff =
    "--- a/src/code.lua\n+++ b/src/code.lua\n@@ -9,3 +9,4 @@\n end\n \n+-- The end.\n return M"
  local last = applies.block("", "diff", diff)
  local text = applies.chat(ONE, TWO, last)
  local child = applies.start(text, { screen = true, env = { NVIM_TEST = "1" } })
  child:command("set statusline=%t | normal! gg")
  child:lua([[vim.fn.search("^```", "w")]])
  child:command("ChatvimApply!")
  wait.until_true("three changes", function()
    return #applies.wait(child, "code.lua") == 3
  end)
  screens.expect(child, "apply")
end

T["the proposals of a tool call, in a chat as it was written"] = function()
  local arguments = vim.json.encode({ path = "other.txt", text = CHANGED })
  local child = start(tools.block(1, "files.propose", "id1", arguments, "result", "Proposed."))
  child:command("ChatvimApply!")
  eq(applies.wait(child, "other.txt"), { { first = 4, last = 5, lines = { "three is 33" } } })
end

T["when an answer with proposals has ended, that is said once"] = function()
  local child = case.child()
  files.write(child.folder .. "/other.txt", TEXT)
  local function propose(id, outcome, text)
    local arguments = vim.json.encode({ path = "other.txt", text = text })
    return tools.block(1, "files.propose", id, arguments, outcome, "Noted.") .. "\n\n"
  end
  local open = tools.block(2, "files.read", "c3", '{"path":"other.txt"}')
  local answer = propose("c1", "result", CHANGED) .. propose("c2", "error", "x") .. open
  child:chat(case.answered(tools.FILES .. "Q", answer))
  case.standin:script({ replies.answer("Done."), replies.answer("Nothing more.") })
  eq(child:complete().outcome, "done")
  child:wait_message("1 proposal: :ChatvimApply! shows it")
  child:feed("GiMore<Esc>")
  eq(child:complete().outcome, "done")
  eq(select(2, child:messages():gsub("proposal", "")), 1)
  child:command("normal! gg")
  applies.at(child, "Done.", "ChatvimApply!")
  eq(applies.wait(child, "other.txt"), { { first = 4, last = 5, lines = { "three is 33" } } })
end

T["the tool only proposes: its calls are applied by the user"] = function()
  local child = case.child()
  files.write(child.folder .. "/other.txt", TEXT)
  local function call(id, path, text)
    return { id = id, name = "files__propose", arguments = { path = path, text = text } }
  end
  tools.script({ call("c1", "other.txt", CHANGED), call("c2", "new.txt", "new\n") }, "Done.")
  child:chat(tools.FILES .. "Q\n")
  eq(child:complete().outcome, "done")
  child:wait_message("2 proposals: :ChatvimApply! shows them")
  eq(files.read(child.folder .. "/other.txt"), TEXT)
  applies.answer(child, { "Yes" })
  applies.at(child, "Done.", "ChatvimApply!")
  eq(applies.wait(child, "other.txt"), { { first = 4, last = 5, lines = { "three is 33" } } })
  child:command("ChatvimAccept")
  eq(applies.wait(child, "new.txt"), { { first = 0, last = 1, lines = { "new" } } })
  eq(vim.uv.fs_stat(child.folder .. "/new.txt"), nil)
end

T["with one block it asks for the file, as without !"] = function()
  local child = start(SHELL)
  applies.answer(child, {}, { "" })
  child:command("ChatvimApply!")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
end

T["a file in a new folder: the message names the command that makes the folder"] = function()
  local child = start(ONE, applies.block("", "text lib/deep/new.txt", "new"))
  applies.answer(child, { "Yes" })
  child:command("ChatvimApply!")
  applies.wait(child, "code.lua")
  child:command("ChatvimAccept!")
  applies.wait(child, "new.txt")
  child:command("ChatvimAccept!")
  if vim.fn.has("nvim-0.12") == 1 then
    child:wait_message("2 files changed, not written: `:wall ++p` writes them")
    child:command("silent wall ++p")
  else
    child:wait_message("2 files changed, not written: `:w ++p` in each writes them")
    child:command("write ++p")
  end
  eq(files.read(child.folder .. "/lib/deep/new.txt"), "new\n")
end

return T
