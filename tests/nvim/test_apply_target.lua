-- SPDX-License-Identifier: Apache-2.0
-- The file that :ChatvimApply opens: found, asked about, created or refused.
local applies = require("helpers.applies")
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local FRAGMENT = "function M.two()\n  return 22\nend"

--- Starts a child with a chat whose answer has one block with this path, on which the cursor is.
---@param path string
---@param text? string
---@return tests.Child
local function start(path, text)
  local block = applies.block("", path == "" and "lua" or "lua " .. path, text or FRAGMENT)
  local child = applies.start(applies.chat(block))
  child:lua([[vim.fn.search("^```lua", "w")]])
  return child
end

T["a path is relative to the chat's folder or the working folder"] = function()
  local child = start("src/code.lua")
  child:command("saveas src/../deep.md | cd src")
  child:command("ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
  child:command("ChatvimRefuse! | only | edit ../deep.md | cd ..")
  -- The chat is in another folder than the code.
  vim.fn.mkdir(child.folder .. "/chats", "p")
  child:command("saveas chats/c.md")
  child:command("ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["two files that a path may mean: the user chooses"] = function()
  local child = start("src/code.lua")
  vim.fn.mkdir(child.folder .. "/chats/src", "p")
  files.write(child.folder .. "/chats/src/code.lua", "-- other\n" .. applies.LUA)
  child:command("saveas chats/c.md")
  applies.answer(child, { "", "chats/src/code.lua", "work/src/code.lua" })
  child:command("ChatvimApply")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  child:sync()
  eq(layout.of(child), "c.md*")
  child:command("ChatvimApply")
  eq(applies.wait(child, "code.lua")[1].first, 8)
  case.expect_part(applies.asked(child)[2], "Which src/code.lua?")
  child:command("wincmd p | ChatvimApply")
  wait.until_true("the other file", function()
    local changes = reviews.changes(child)
    return changes and changes[1].first == 7
  end)
end

T["without a path the user is asked; the file used last is offered"] = function()
  local child = start("")
  child:command("edit src/code.lua | edit chat.md")
  applies.answer(child, {}, { "", "src/code.lua" })
  child:command("ChatvimApply")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  eq(applies.asked(child), { "Apply to: src/code.lua" })
  child:sync()
  eq(layout.of(child), "chat.md*")
  child:command("ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["the quote of the question says which file, and where"] = function()
  local child = case.child()
  vim.fn.mkdir(child.folder .. "/src", "p")
  files.write(child.folder .. "/src/code.lua", applies.LUA)
  child:chat(case.EMPTY)
  child:command("edit src/code.lua | 7,9ChatvimSend")
  child:command("normal! oDouble it.")
  local answer = "Sure:\n\n" .. applies.block("", "lua", FRAGMENT)
  case.standin:script({ require("helpers.replies").answer(answer) })
  child:complete()
  child:command("only")
  applies.at(child, "22")
  eq(applies.wait(child, "code.lua"), { { first = 7, last = 8, lines = { "  return 22" } } })
end

T["a file outside of both folders is asked about; `~` is the home folder"] = function()
  local child = start("~/up.lua")
  child:lua("vim.env.HOME = ...", child.home)
  files.write(child.home .. "/up.lua", applies.LUA)
  applies.answer(child, { "No", "Yes" })
  child:command("ChatvimApply")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  case.expect_part(applies.asked(child)[1], "~/up.lua is outside of the chat's folder")
  child:sync()
  eq({ layout.of(child), child:lua("return vim.fn.bufexists('~/up.lua')") }, { "chat.md*", 0 })
  child:command("ChatvimApply")
  eq(#applies.wait(child, "up.lua"), 1)
  child:stop()
  -- A link does not make it a file of the folder.
  child = start("link.lua")
  files.write(child.home .. "/up.lua", applies.LUA)
  assert(vim.uv.fs_symlink(child.home .. "/up.lua", child.folder .. "/link.lua"))
  applies.answer(child, { "No" })
  child:command("ChatvimApply")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  case.expect_part(applies.asked(child)[1], "link.lua is outside of the chat's folder")
end

T["a quote in the chat does not allow to open a file outside of both folders"] = function()
  local child = case.child()
  local path = child.home .. "/up.lua"
  files.write(path, applies.LUA)
  local question = ("%s:7-9\n```lua\nfunction M.two()\n  return 2\nend\n```"):format(path)
  child:chat(case.answered(question, applies.block("", "lua", FRAGMENT)))
  applies.answer(child, { "No" })
  applies.at(child, "return 22")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  case.expect_part(applies.asked(child)[1], "up.lua is outside of the chat's folder")
  -- The user has the file open.
  child:command("edit " .. path .. " | edit chat.md")
  applies.at(child, "return 22")
  eq(#applies.wait(child, "up.lua"), 1)
  eq(#applies.asked(child), 1)
end

T["a new file is asked about, and nothing is written"] = function()
  local child = start("lib/new.lua", "return {\n  1,\n}")
  applies.answer(child, { "No", "Yes" })
  child:command("ChatvimApply")
  wait.until_true("the question", function()
    return #applies.asked(child) == 1
  end)
  eq(applies.asked(child), { "Create lib/new.lua? Yes | Another file… | No" })
  child:sync()
  eq(layout.of(child), "chat.md*")
  child:command("ChatvimApply")
  eq(applies.wait(child, "new.lua"), {
    { first = 0, last = 1, lines = { "return {", "  1,", "}" } },
  })
  child:wait_message("lib does not exist yet: `:w ++p` creates it")
  child:command("ChatvimAccept")
  reviews.wait_over(child)
  eq({ child:text(), child:lua("return vim.bo.filetype") }, { "return {\n  1,\n}", "lua" })
  eq(vim.uv.fs_stat(child.folder .. "/lib"), nil)
  child:command("write ++p")
  eq(files.read(child.folder .. "/lib/new.lua"), "return {\n  1,\n}\n")
end

T["a diff of a file that is not there is refused, unless it creates it"] = function()
  local diff = "--- a/gone.lua\n+++ b/gone.lua\n@@ -1,1 +1,1 @@\n-a\n+b"
  local creates = "--- /dev/null\n+++ b/fresh.lua\n@@ -0,0 +1,2 @@\n+one\n+two"
  local child =
    applies.start(applies.chat(applies.block("", "diff", diff), applies.block("", "diff", creates)))
  applies.answer(child, { "Yes" })
  applies.at(child, "gone")
  child:wait_message("gone.lua: there is no such file to change")
  applies.at(child, "fresh")
  eq(applies.wait(child, "fresh.lua"), { { first = 0, last = 1, lines = { "one", "two" } } })
  eq(applies.asked(child), { "Create fresh.lua? Yes | Another file… | No" })
end

T["a name above the block that is no file: the user names another one"] = function()
  local block = applies.block("Replace `cfg/width` with:", "lua", FRAGMENT)
  local diff = applies.block("In `cfg/width`:", "diff", "@@ -7,1 +7,1 @@\n-  return 2\n+  return 3")
  local child = applies.start(applies.chat(block, diff))
  child:command("edit src/code.lua | edit chat.md")
  applies.answer(child, { "Another file" }, { "src/code.lua", "", "src/code.lua" })
  applies.at(child, "22")
  eq(#applies.wait(child, "code.lua"), 1)
  eq(applies.asked(child), {
    "Create cfg/width? Yes | Another file… | No",
    "Apply to: src/code.lua",
  })
  child:command("ChatvimRefuse! | buffer chat.md")
  applies.at(child, "return 3")
  wait.until_true("the question", function()
    return #applies.asked(child) == 3
  end)
  child:sync()
  applies.at(child, "return 3")
  eq(applies.wait(child, "code.lua")[1].lines, { "  return 3" })
end

T["refused: folders, binaries, buffers that cannot be changed, the chat itself"] = function()
  local child = start("x")
  vim.fn.mkdir(child.folder .. "/dir.lua")
  eq(vim.system({ "mkfifo", child.folder .. "/pipe.lua" }):wait().code, 0)
  files.write(child.folder .. "/nul.bin", "a\0b\n")
  files.write(child.folder .. "/bad.txt", "a\255b\n")
  files.write(child.folder .. "/fixed.lua", applies.LUA)
  child:command("edit ++bin bad.txt | edit fixed.lua | setlocal nomodifiable | edit chat.md")
  for path, expected in pairs({
    ["dir.lua"] = "dir.lua: this is a folder",
    ["nul.bin"] = "nul.bin: this is not a text file: a line holds a NUL byte",
    ["bad.txt"] = "bad.txt: this is not a text file: a line is not UTF-8",
    ["fixed.lua"] = "fixed.lua: 'modifiable' is off in its buffer",
    ["chat.md"] = "chat.md: this is the chat itself",
    ["pipe.lua"] = "pipe.lua: this is not an ordinary file",
  }) do
    applies.answer(child, { "Yes" })
    child:lua(
      [[
      local row = vim.fn.search("^```lua", "w")
      vim.fn.setline(row, "```lua " .. ...)
    ]],
      path
    )
    child:command("ChatvimApply")
    child:wait_message(expected)
    eq({ path, layout.of(child) }, { path, "chat.md*" })
  end
  eq(child:lua("return vim.fn.bufexists('nul.bin')"), 0)
end

T["a file that has a review is shown with it"] = function()
  local child = start("src/code.lua")
  child:command("ChatvimApply")
  applies.wait(child, "code.lua")
  child:command("quit | ChatvimApply")
  eq(#applies.wait(child, "code.lua"), 1)
  child:wait_message("src/code.lua: a proposal is being reviewed in this buffer")
end

return T
