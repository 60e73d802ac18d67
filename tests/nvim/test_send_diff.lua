-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimSend diff: git's diff of the file, or of the repository, against the last commit.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local quotes = require("helpers.quotes")
local eq = MiniTest.expect.equality

local T = case.set()

--- Runs git in the child's folder.
---@param child tests.Child
---@param ... string
local function git(child, ...)
  local command = { "git", "-c", "user.name=T", "-c", "user.email=t@t", "-C", child.folder, ... }
  local result = vim.system(command, { text = true }):wait()
  eq({ result.code, result.code ~= 0 and result.stderr or "" }, { 0, "" })
end

--- Starts a child in a repository with two committed files and a hidden chat.
---@return tests.Child
---@return integer chat
local function start()
  -- Of the machine's settings nothing may matter.
  local child = case.child({ env = { GIT_CONFIG_GLOBAL = "/dev/null", GIT_CONFIG_NOSYSTEM = "1" } })
  local chat = child:chat(case.EMPTY, "chat.md")
  git(child, "init", "--quiet")
  quotes.open(child, "src/b c.txt", "one\n")
  quotes.open(child, "src/a.txt", "one\ntwo\n")
  return child, chat
end

T["staged and unstaged changes of the file, and of all files"] = function()
  local child, chat = start()
  git(child, "add", "src")
  git(child, "commit", "--quiet", "-m", "first")
  git(child, "config", "color.ui", "always")
  git(child, "config", "diff.external", "false")
  git(child, "config", "diff.noprefix", "true")
  files.write(child.folder .. "/src/a.txt", "one\nstaged\n")
  git(child, "add", "src")
  files.write(child.folder .. "/src/a.txt", "one\nstaged\n\27[1munstaged \255\n")
  files.write(child.folder .. "/src/b c.txt", "other\n")
  child:command("edit!")
  child:command("ChatvimSend left diff")
  child:wait_text("git diff HEAD -- src/a.txt", chat)
  local text = child:text(chat)
  case.expect_part(text, "```diff\ndiff --git a/src/a.txt b/src/a.txt\n")
  case.expect_part(text, "@@ -1,2 +1,3 @@\n one\n-two\n+staged\n+unstaged \239\191\189\n```\n")
  eq(text:find("other", 1, true), nil)
  eq(layout.of(child), "row(chat.md*, a.txt)")
  child:command("wincmd p | enew | ChatvimSend diff")
  child:wait_text("git diff HEAD\n```diff", chat)
  case.expect_part(child:text(chat), "+other")
end

T["without a change, a commit, a repository or git it says so"] = function()
  local child, chat = start()
  child:command("ChatvimSend diff")
  child:wait_message("there is no commit yet that the files could be compared with")
  git(child, "add", "src")
  git(child, "commit", "--quiet", "-m", "first")
  child:command("ChatvimSend diff")
  child:wait_message("git has no changes of src/a.txt since the last commit")
  local elsewhere = vim.fs.dirname(child.folder) .. "/elsewhere.txt"
  files.write(elsewhere, "line\n")
  child:command("edit " .. elsewhere .. " | ChatvimSend diff")
  child:wait_message("elsewhere.txt is in no git repository: nothing was quoted")
  child:lua("vim.env.PATH = '/nonexistent'")
  child:command("ChatvimSend diff")
  child:wait_message("git cannot be run: is it installed?")
  eq({ child:text(chat), layout.of(child) }, { vim.trim(case.EMPTY) .. "\n", "elsewhere.txt*" })
end

T["a diff that is too large is refused"] = function()
  local child, chat = start()
  git(child, "add", "src")
  git(child, "commit", "--quiet", "-m", "first")
  files.write(child.folder .. "/src/a.txt", ("a line of text\n"):rep(80000))
  child:command("edit! | ChatvimSend diff")
  child:wait_message(
    "the diff of src/a.txt is too large: `:ChatvimSend !git diff PATH` sends a part"
  )
  eq(child:text(chat), vim.trim(case.EMPTY) .. "\n")
end

return T
