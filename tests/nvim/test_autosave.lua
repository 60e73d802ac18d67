-- SPDX-License-Identifier: Apache-2.0
-- The option `autosave`: a chat's file is written when an answer ends and at no other time, and the
-- user is never asked anything.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local function child_with(options)
  return case.child(vim.tbl_deep_extend("force", { options = { autosave = true } }, options or {}))
end

local function on_disk(child, name)
  return files.read(child.folder .. "/" .. (name or "chat.md"))
end

--- Answers the current chat, expects that it is not written, and returns the one message.
local function refused(child, words)
  child:command("messages clear")
  case.standin:script({ replies.answer("A") })
  eq(child:complete().outcome, "done")
  child:sync()
  local messages = child:messages()
  case.expect_part(messages, words)
  local _, count = messages:gsub("chatvim: ", "")
  eq({ messages, count }, { messages, 1 })
  eq(child:api("nvim_get_option_value", "modified", { buf = 0 }), true)
end

T["off by default"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.answer("A") })
  child:complete()
  eq(on_disk(child), "Q")
end

T["written at the end of an answer, before the event, and not during it"] = function()
  local child = child_with()
  child:chat("Q")
  child:lua([[
    _G.writes = 0
    vim.api.nvim_create_autocmd("BufWritePre", { callback = function()
      _G.writes = _G.writes + 1
    end })
    vim.api.nvim_create_autocmd("User", { pattern = "ChatvimEnd", callback = function()
      _G.modified = vim.bo.modified
    end })
  ]])
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  case.standin:release("g1")
  child:wait_text("one two")
  child:sync()
  eq(on_disk(child), "Q")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(on_disk(child), case.answered("Q", "one two") .. "\n")
  eq({ child:lua("return _G.writes"), child:lua("return _G.modified") }, { 1, false })
  case.expect_calm(child)
end

T["stopped and failed answers are written, one without text is not"] = function()
  local child = child_with()
  child:chat("Q")
  case.standin:script({ replies.hanging("part") })
  child:command("ChatvimComplete")
  child:wait_text("part")
  child:command("ChatvimStop")
  child:wait_end()
  local text = case.answered("Q", "part")
  eq(on_disk(child), text .. "\n")
  child:feed("GiR<Esc>")
  case.standin:script({ { status = 401, body = "no" } })
  child:complete()
  eq(on_disk(child), text .. "\n")
  case.standin:script({ replies.hanging("more") })
  child:command("ChatvimComplete")
  child:wait_text("more")
  assert(vim.uv.kill(child:program_pid(), "sigkill"))
  child:wait_end(3)
  eq(on_disk(child), case.answered(text .. "R", "more") .. "\n")
end

T["the chat need not be in a window, and windows and marks stay"] = function()
  local child = child_with()
  local buf = child:chat("Q\nsecond line")
  case.standin:script({ replies.gated({ "one", " two" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:feed("ggyy")
  local marks = child:lua('return { vim.fn.getpos("\'["), vim.fn.getpos("\']") }')
  child:command("set hidden | edit other.md")
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  eq(on_disk(child), case.answered("Q\nsecond line", "one two") .. "\n")
  eq(vim.fn.fnamemodify(child:api("nvim_buf_get_name", 0), ":t"), "other.md")
  eq(child:lua("return vim.fn.bufnr('#')"), buf)
  child:command("buffer chat.md")
  eq(child:lua('return { vim.fn.getpos("\'["), vim.fn.getpos("\']") }'), marks)
end

T["a file that somebody else changed is not written, with one message"] = function()
  local child = child_with()
  child:chat("Q")
  files.write(child.folder .. "/chat.md", "Somebody else's text\n")
  refused(child, "chat.md was not written: it has changed on the disk")
  eq(on_disk(child), "Somebody else's text\n")
  -- After a manual :write!, autosave works again.
  child:command("silent write!")
  child:feed("GiR<Esc>")
  case.standin:script({ replies.answer("B") })
  child:complete()
  case.expect_part(on_disk(child), "R\n\n# === ASSISTANT ===\n\nB\n")
end

T["a file that is changed or created during the answer"] = function()
  local child = child_with()
  child:chat("Q", "chat.txt")
  case.standin:script({ replies.gated({ "one" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  files.write(child.folder .. "/chat.txt", "Else\n")
  case.standin:release("end")
  child:wait_end()
  case.expect_part(child:messages(), "chat.txt was not written: it has changed on the disk")
  eq(on_disk(child, "chat.txt"), "Else\n")

  child:command(
    "messages clear | enew! | file new.md | set filetype=markdown | call setline(1, 'Q')"
  )
  files.write(child.folder .. "/new.md", "Else\n")
  refused(child, "new.md was not written: it has changed on the disk")
  eq(on_disk(child, "new.md"), "Else\n")
end

T["the file is written after :edit, after :write elsewhere and after a late name"] = function()
  local child = child_with()
  child:chat("Q")
  files.write(child.folder .. "/chat.md", "New question\n")
  child:command("silent edit!")
  case.standin:script({ replies.answer("A"), replies.answer("B"), replies.answer("C") })
  child:complete()
  eq(on_disk(child), case.answered("New question", "A") .. "\n")
  child:feed("GiR<Esc>")
  child:command("silent write! copy.md")
  child:complete()
  case.expect_part(on_disk(child), "\n\nB\n")
  child:command("enew | set filetype=markdown | call setline(1, 'Q') | silent write late.md")
  child:complete()
  eq(on_disk(child, "late.md"), case.answered("Q", "C") .. "\n")
  eq(child:messages(), "")
end

T["a file that the chat was never read from or written to is not overwritten"] = function()
  local child = child_with()
  files.write(child.folder .. "/other.md", "Other text\n")
  child:chat("Q")
  child:command("silent file other.md")
  refused(child, "other.md was not written: there was such a file before the chat got its name")
  eq(on_disk(child, "other.md"), "Other text\n")
  child:lua("vim.cmd.file('chat.md'); vim.api.nvim_buf_set_name(0, 'other.md')")
  child:feed("GiR<Esc>")
  refused(child, "other.md was not written: there was such a file before the chat got its name")
  -- After the user has overwritten the file, it belongs to the chat.
  child:command("silent write!")
  child:feed("GiS<Esc>")
  case.standin:script({ replies.answer("B") })
  child:complete()
  case.expect_part(on_disk(child, "other.md"), "S\n\n# === ASSISTANT ===\n\nB\n")
  -- So does a file that was read under the new name, or moved together with the chat.
  files.write(child.folder .. "/third.md", "Third\n")
  child:command("messages clear | silent file third.md | silent edit!")
  case.standin:script({ replies.answer("C"), replies.answer("D") })
  child:complete()
  eq(on_disk(child, "third.md"), case.answered("Third", "C") .. "\n")
  assert(vim.uv.fs_rename(child.folder .. "/third.md", child.folder .. "/fourth.md"))
  child:command("silent file fourth.md")
  child:feed("GiR<Esc>")
  child:complete()
  case.expect_part(on_disk(child, "fourth.md"), "R\n\n# === ASSISTANT ===\n\nD\n")
  eq(child:messages(), "")
end

T["a name without a file belongs to the chat"] = function()
  local child = child_with()
  child:chat("Q")
  child:command("silent file new.md")
  case.standin:script({ replies.answer("A") })
  child:complete()
  eq(on_disk(child, "new.md"), case.answered("Q", "A") .. "\n")
  eq(on_disk(child), "Q")
  child:command("silent saveas more.md")
  child:feed("GiR<Esc>")
  case.standin:script({ replies.answer("B") })
  child:complete()
  case.expect_part(on_disk(child, "more.md"), "\n\nB\n")
end

T["option and file type may be set late: what was read counts"] = function()
  local child = case.child()
  for name, change in pairs({ ["a.md"] = "Elsewhere\n", ["b.txt"] = "Else\n" }) do
    child:command("silent! unlet g:chatvim.autosave")
    child:chat("Q", name)
    files.write(child.folder .. "/" .. name, change)
    child:command("let g:chatvim.autosave = v:true")
    refused(child, name .. " was not written: it has changed on the disk")
    eq(on_disk(child, name), change)
    child:command("enew!")
  end
  -- Writing the chat to another file does not make its own file known.
  child:chat("Q", "c.md")
  files.write(child.folder .. "/c.md", "Elsewhere\n")
  child:command("silent write copy.md")
  refused(child, "c.md was not written: it has changed on the disk")
end

T["a buffer from before the plugin is written only if it equals its file"] = function()
  local child = child_with({ commands = { "let g:loaded_chatvim = v:true" } })
  local function load()
    child:command("unlet! g:loaded_chatvim | runtime plugin/chatvim.lua")
  end
  child:command("set hidden")
  child:chat("Q\n", "same.md")
  child:chat("Q\r\nR\r\n", "typed.md")
  child:command("call append(line('$'), 'more')")
  child:chat("Q\n", "other.md")
  files.write(child.folder .. "/other.md", "Elsewhere\n")
  load()
  refused(child, "other.md was not written: whether it has changed since it was read is not known")
  eq(on_disk(child, "other.md"), "Elsewhere\n")
  child:command("buffer typed.md")
  refused(child, "typed.md was not written: whether it has changed since it was read is not known")
  child:command("messages clear | buffer same.md")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:complete()
  eq(on_disk(child, "same.md"), case.answered("Q", "A") .. "\n")
  child:command("buffer typed.md | silent write")
  child:feed("GiS<Esc>")
  child:complete()
  case.expect_part(on_disk(child, "typed.md"), "B\r\n")
  eq(child:messages(), "")
end

T["text that the file's encoding lacks is not written; the file stays intact"] = function()
  local child = child_with()
  child:chat("Fran\231ais?\n")
  eq(child:lua("return vim.bo.fileencoding"), "latin1")
  local user = "\n\n# === USER ===\n\n\n"
  case.standin:script({ replies.answer("Oui, \195\169t\195\169."), replies.answer("Ж") })
  child:complete()
  local text = "Fran\231ais?\n\n# === ASSISTANT ===\n\nOui, \233t\233." .. user
  eq(on_disk(child), text)
  eq(child:messages(), "")
  child:feed("GiR<Esc>")
  child:complete()
  case.expect_part(
    child:messages(),
    "chat.md was not written: line 13 cannot be written in 'fileencoding' latin1; "
      .. "`:set fileencoding=utf-8` and `:write`"
  )
  eq(on_disk(child), text)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
  child:command("silent set fileencoding=utf-8 | silent write | messages clear")
  case.expect_part(on_disk(child), "Ж")
  child:command("set fileencoding=no-such")
  child:feed("GiR<Esc>")
  refused(child, "line 1 cannot be written in 'fileencoding' no-such; ")
end

T["read-only, write-protected, folder gone: one message, no question"] = function()
  local child = child_with({ commands = { "set confirm" } })
  child:chat("Q")
  child:command("set readonly")
  refused(child, "chat.md was not written: 'readonly' is set")
  child:command("set noreadonly | silent write")
  if vim.uv.getuid() ~= 0 then
    assert(vim.uv.fs_chmod(child.folder .. "/chat.md", 256))
    child:feed("GiR<Esc>")
    refused(child, "chat.md was not written: it is write-protected")
  end
  child:command("silent edit! gone/chat.md | call setline(1, 'Q')")
  refused(child, "gone/chat.md was not written: ")
  case.expect_part(child:messages(), "E212")
  eq(child:lua("return vim.o.confirm"), true)
end

T["buffers without a file, and those of another kind, are left alone"] = function()
  local child = child_with()
  child:command("call setline(1, 'Q')")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:complete()
  child:command("enew! | file x.md | set buftype=nofile | call setline(1, 'Q')")
  child:complete()
  eq(vim.uv.fs_stat(child.folder .. "/x.md"), nil)
  case.expect_calm(child)
end

T["the user's autocommands run; an error in them is shown and stops nothing"] = function()
  local child = child_with()
  child:chat("Q")
  child:lua([[
    vim.api.nvim_create_autocmd("BufWritePre", { callback = function() error("my mistake") end })
  ]])
  case.standin:script({ replies.answer("A") })
  child:complete()
  eq(on_disk(child), case.answered("Q", "A") .. "\n")
  wait.until_true("the message", function()
    return child:messages():find("error in an autocommand while the chat was written", 1, true)
  end)
  case.expect_part(child:messages(), "my mistake")
end

T["an answer that was undone, or whose buffer was reloaded, is not written"] = function()
  local child = child_with()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two" }), replies.gated({ "one" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("silent undo | call setline(1, 'Q, but changed')")
  case.standin:release("g1")
  child:wait_end()
  eq(on_disk(child), "Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  child:command("silent edit!")
  child:wait_end(2)
  child:sync()
  eq(on_disk(child), "Q")
  eq(child:text(), "Q")
end

return T
