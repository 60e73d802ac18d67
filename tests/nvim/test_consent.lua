-- SPDX-License-Identifier: Apache-2.0
-- The questions about embedded files, what a yes permits and how long it lasts.
local case = require("helpers.case")
local consent = require("helpers.consent")
local replies = require("helpers.replies")
local system = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

T["a file from elsewhere is asked about once, and the yes is remembered"] = function()
  local child = consent.start()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat(consent.embed(child))
  consent.answer_with(child, "Allow this file")
  consent.complete(child)
  local questions = consent.asked(child)
  eq(#questions, 1)
  case.expect_part(questions[1].prompt, "Line 1 embeds " .. child.home .. "/elsewhere/a.txt")
  eq(questions[1].items[3], ("Allow everything in %s/elsewhere"):format(child.home))
  case.expect_part(consent.sent(), "from elsewhere")
  case.expect_calm(child)
  local state = system.read(child.home .. "/state/chatvim/trust.json")
  case.expect_part(state, child.home .. "/elsewhere/a.txt")
  child:stop()
  local other = child:another()
  other:chat(consent.embed(other), "other.md")
  consent.answer_with(other)
  consent.complete(other)
  eq(consent.asked(other), {})
end

T["everything in a folder: also its other files, but not folders next to it"] = function()
  local child = consent.start()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat(consent.embed(child))
  consent.answer_with(child, "Allow everything in ")
  consent.complete(child)
  system.write(child.home .. "/elsewhere/b.txt", "its neighbour\n")
  child:chat(consent.embed(child, "b.txt"), "b.md")
  consent.complete(child)
  eq(#consent.asked(child), 1)
  case.expect_part(consent.sent(), "its neighbour")
  vim.fn.mkdir(child.home .. "/elsewhere2", "p")
  system.write(child.home .. "/elsewhere2/a.txt", "no\n")
  child:chat(("![](%s/elsewhere2/a.txt)\n"):format(child.home), "c.md")
  child:complete()
  eq(#consent.asked(child), 2)
  eq(select(2, consent.sent()), 2)
end

T["for this Neovim: asked once for all chats, and again in the next Neovim"] = function()
  local child = consent.start()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  case.standin:script({ replies.answer("A"), replies.answer("B"), replies.answer("C") })
  child:chat(consent.embed(child) .. "\n" .. consent.embed(child, "b.txt"))
  consent.answer_with(child, "Allow this file for this Neovim", "Allow this file for this Neovim")
  consent.complete(child)
  eq(#consent.asked(child), 2)
  case.expect_part(consent.sent(), "the other")
  child:feed("GoMore.<Esc>")
  consent.complete(child)
  child:chat(consent.embed(child), "other.md")
  consent.complete(child)
  eq(#consent.asked(child), 2)
  eq(vim.uv.fs_stat(child.home .. "/state/chatvim/trust.json"), nil)
  child:stop()
  local other = child:another()
  other:chat(consent.embed(other), "third.md")
  consent.answer_with(other, false)
  eq(other:complete().outcome, "error")
  eq(#consent.asked(other), 1)
end

T["all of several files, with one answer"] = function()
  local child = consent.start()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  system.write(child.home .. "/elsewhere/c.txt", "and another\n")
  case.standin:script({ replies.answer("A") })
  local embeds =
    { consent.embed(child), consent.embed(child, "b.txt"), consent.embed(child, "c.txt") }
  child:chat(table.concat(embeds, "\n"))
  consent.answer_with(child, "Allow all 3 for this Neovim")
  consent.complete(child)
  eq(#consent.asked(child), 1)
  case.expect_part(
    consent.asked(child)[1].prompt,
    "/elsewhere/a.txt, which lies outside of the chat's folder and the working folder, "
      .. "and 2 more have to be allowed. Send it?"
  )
  case.expect_part(consent.sent(), "and another")
end

T["the stated reason is right, whatever folder the file is in"] = function()
  local child = case.child()
  system.write(child.folder .. "/.env", "X=1\n")
  child:chat("![](.env)\n")
  consent.answer_with(child, false)
  child:complete()
  local question = consent.asked(child)[1]
  case.expect_part(question.prompt, "/.env, which may hold credentials by its name. Send it?")
  eq(question.items, { "Allow this file", "Allow this file for this Neovim", "Do not send" })
end

T["a name that imitates another is shown unambiguously"] = function()
  local child = consent.start()
  local name = "a\226\128\174txt.exe"
  system.write(child.home .. "/elsewhere/" .. name, "x\n")
  child:chat(consent.embed(child, name))
  consent.answer_with(child, false)
  child:complete()
  case.expect_part(consent.asked(child)[1].prompt, "/elsewhere/a?txt.exe, which lies outside of")
end

T["text that looks like a key is asked about, with its place, once per buffer"] = function()
  local kind = "RSA PRIVATE KEY-----\n"
  local key = "one\n-----BEGIN " .. kind .. "AAAA\n-----END " .. kind
  local child = case.child()
  system.write(child.folder .. "/id", key)
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("![](id)\n")
  consent.answer_with(child, "Send it all the same")
  consent.complete(child)
  local questions = consent.asked(child)
  case.expect_part(questions[1].prompt, "Line 2 of id holds what looks like a private key")
  eq(questions[1].items[1], "Do not send")
  child:feed("GoMore.<Esc>")
  consent.complete(child)
  eq(#consent.asked(child), 1)
  child:chat("![](id)\n", "other.md")
  eq(child:complete().outcome, "error")
  eq(#consent.asked(child), 2)
  eq(select(2, consent.sent()), 2)
end

T["a key in a file from elsewhere: asked about as a file, then as a key"] = function()
  local kind = "OPENSSH PRIVATE KEY-----\n"
  local child = consent.start("-----BEGIN " .. kind .. "AAAA\n-----END " .. kind)
  child:chat(consent.embed(child))
  consent.answer_with(child, "Allow this file for this Neovim", "Do not send")
  child:complete()
  child:wait_end(2)
  eq(#consent.asked(child), 2)
  eq(#case.standin:requests(), 0)
end

T["a buffer's unsaved text is used instead of its file, without a question"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "old\n")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("![](a.txt)\n\n![](new.txt)\n")
  local chat = child:api("nvim_get_current_buf")
  child:command("edit " .. child.folder .. "/a.txt")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "edited", "not saved" })
  child:command("edit " .. child.folder .. "/new.txt")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "never saved" })
  child:command("buffer " .. chat)
  consent.answer_with(child)
  eq(child:complete().outcome, "done")
  eq(consent.sent(), "a.txt\n```\nedited\nnot saved\n```\n\nnew.txt\n```\nnever saved\n```")
  eq(consent.asked(child), {})
  eq(#child:events("ChatvimEnd"), 1)
  case.expect_calm(child)
end

return T
