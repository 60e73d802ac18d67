-- SPDX-License-Identifier: Apache-2.0
-- Paths of embeds are resolved from the chat's folder, and only permitted files are sent.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

local function sent()
  local requests = case.standin:requests()
  local messages = requests[#requests].json.messages
  return messages[#messages].content
end

T["a path is relative to the chat's file, whatever the working folder"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  vim.fn.mkdir(child.folder .. "/notes", "p")
  system.write(child.folder .. "/notes/a.txt", "from the notes\n")
  child:chat("Q\n\n![](a.txt)\n", "notes/chat.md")
  child:command("cd /")
  eq(child:complete().outcome, "done")
  eq(sent(), "Q\n\na.txt\n```\nfrom the notes\n```")
  case.expect_part(child:text(), "![](a.txt)")
  case.expect_calm(child)
end

T["in a chat without a file a path is relative to the working folder"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  system.write(child.folder .. "/a.txt", "here\n")
  child:command("enew")
  child:command("cd " .. vim.fn.fnameescape(child.folder))
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "![](a.txt)" })
  eq(child:complete().outcome, "done")
  eq(sent(), "a.txt\n```\nhere\n```")
end

T["the dry run shows what an embed becomes"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "shown\n")
  child:chat("![](a.txt)\n")
  child:command("cd /")
  child:command("ChatvimRequest")
  child:wait_text("```\nshown\n```")
  child:feed("x")
  case.expect_part(child:text(), [["a.txt\n```\nshown\n```"]])
end

T["a file from elsewhere or with a key is not sent, and the chat stays as it is"] = function()
  local child = case.child()
  local text = "![](/etc/passwd)\n"
  child:chat(text)
  eq(child:complete().outcome, "error")
  eq(child:text(), text:sub(1, -2))
  child:wait_message("Line 1: ![](/etc/passwd)")
  local kind = "RSA PRIVATE KEY-----\n"
  system.write(child.folder .. "/id", "-----BEGIN " .. kind .. "AAAA\n-----END " .. kind)
  child:chat("![](id)\n", "other.md")
  eq(child:complete().outcome, "error")
  child:wait_message("holds what looks like a private key")
  eq(#case.standin:requests(), 0)
end

T["a path is then searched in the working folder, and an error names both"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  vim.fn.mkdir(child.folder .. "/chats")
  vim.fn.mkdir(child.folder .. "/src")
  system.write(child.folder .. "/src/main.c", "int main;\n")
  child:chat("![](src/main.c)\n", "chats/chat.md")
  eq(child:complete().outcome, "done")
  eq(sent(), "src/main.c\n```c\nint main;\n```")
  child:chat("![](src/none.c)\n", "chats/other.md")
  eq(child:complete().outcome, "error")
  local folder = vim.uv.fs_realpath(child.folder)
  child:wait_message(("neither in %s/chats nor in %s"):format(folder, folder))
end

return T
