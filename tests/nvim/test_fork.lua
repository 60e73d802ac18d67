-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimFork opens a new chat with the messages up to the cursor's, and does not change the old
-- one.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = [[
+++
model = "m2"  # why
+++

# === SYSTEM ===

Be short.

# === USER ===

One?

# === ASSISTANT ===

<details><summary>Reasoning</summary>

hm

</details>

1.


# === USER ===

Two?
\# === USER ===
]]

local FRONT = '+++\nmodel = "m2"  # why\n+++\n\n# === SYSTEM ===\n\nBe short.\n'
local ASKED = FRONT .. "\n# === USER ===\n\nOne?"
local ANSWERED = ASKED
  .. "\n\n# === ASSISTANT ===\n\n<details><summary>Reasoning</summary>\n\nhm\n\n</details>\n\n1."
local NEXT = case.NEXT

--- Forks at a line and returns the result.
local function fork(child, line)
  child:command("buffer chat.md")
  child:api("nvim_win_set_cursor", 0, { line, 0 })
  child:command("ChatvimFork")
  eq(vim.fs.basename(child:api("nvim_buf_get_name", 0)):find("^chat%-%d%d%d%d%-"), 1)
  return child:text()
end

--- Expects a fork at a line to be refused.
local function expect_refusal(child, line, message)
  child:api("nvim_win_set_cursor", 0, { line, 0 })
  case.expect_refusal(child, "ChatvimFork", message)
end

T["the messages up to the cursor's, on text, delimiter and blank lines"] = function()
  local child = case.child()
  child:chat(CHAT)
  for line, expected in pairs({
    [5] = FRONT .. NEXT:sub(2),
    [7] = FRONT .. NEXT:sub(2),
    [9] = ASKED,
    [11] = ASKED,
    [12] = ASKED,
    [13] = ANSWERED .. NEXT,
    [17] = ANSWERED .. NEXT,
    [23] = ANSWERED .. NEXT,
    [24] = vim.trim(CHAT),
    [27] = vim.trim(CHAT),
  }) do
    eq({ line, fork(child, line) }, { line, expected })
    eq(child:api("nvim_win_get_cursor", 0)[1], #child:lines())
  end
  eq(child:lua("return { vim.bo.modified, vim.bo.filetype }"), { true, "markdown" })
  child:feed("u")
  eq(child:text():find("+++", 1, true), 1)
end

T["a fork is answered like any chat"] = function()
  local child = case.child()
  child:chat(CHAT)
  fork(child, 14)
  child:feed("iAnd three?<Esc>")
  case.standin:script({ replies.answer("3.") })
  eq(child:complete().outcome, "done")
  local request = case.standin:requests()[1].json
  eq(request.model, "m2")
  eq(request.messages, {
    { role = "system", content = "Be short." },
    { role = "user", content = "One?" },
    { role = "assistant", content = "1." },
    { role = "user", content = "And three?" },
  })
end

T["an empty user message is ready to type in"] = function()
  local child = case.child()
  child:chat("# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===")
  eq(fork(child, 9), "# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n# === USER ===\n\n")
end

T["without delimiters, and with those of the front matter"] = function()
  local child = case.child()
  child:chat("Q\n")
  eq(fork(child, 1), "Q")
  child:command("bwipeout! | bwipeout! chat.md")
  local text =
    '---\nuserDelimiter: "## me"\nassistantDelimiter: "## it"\n---\n## me\nQ\n## it\nA\n## me\nR'
  child:chat(text .. "\n")
  eq(fork(child, 8), text:match("^(.*)\n## me\nR$") .. "\n\n## me\n\n")
end

T["in the folder of the chat's file, saved or not; else in the chat folder"] = function()
  local child = case.child({ options = { chat_dir = "chats" } })
  local function folder()
    return vim.fs.dirname(child:api("nvim_buf_get_name", 0)):sub(#child.folder + 1)
  end
  vim.fn.mkdir(child.folder .. "/deep")
  child:chat("Q\n", "deep/a.md")
  child:command("ChatvimFork")
  eq(folder(), "/deep")
  child:command("enew! | setlocal filetype=markdown | call setline(1, 'Q')")
  child:command("ChatvimFork")
  eq(folder(), "/chats")
  child:command("edit! scheme://place/x.md | call setline(1, 'Q')")
  child:command("ChatvimFork")
  eq(folder(), "/chats")
end

T["the old chat, its view and its file stay as they are"] = function()
  local child = case.child()
  child:chat(CHAT .. ("line\n"):rep(100))
  child:feed("60GztxP50Gma")
  local text, view = child:text(), views.all(child)
  local function state()
    return child:lua([[
      local buf = vim.fn.bufnr("chat.md")
      return { vim.api.nvim_buf_get_changedtick(buf), vim.bo[buf].modified, vim.fn.getreg('"') }
    ]])
  end
  local before = state()
  child:command("vertical ChatvimFork")
  eq(layout.of(child), "row(chat*, chat.md)")
  eq(child:text(), vim.trim(text))
  child:command("quit!")
  eq({ child:text(), state(), views.all(child) }, { text, before, view })
  child:command("ChatvimFork | buffer chat.md")
  eq({ child:text(), state(), views.all(child) }, { text, before, view })
  eq(files.read(child.folder .. "/chat.md"), CHAT .. ("line\n"):rep(100))
end

T["if there is nothing to fork, one sentence says so"] = function()
  local child = case.child()
  child:chat("", "a.md")
  expect_refusal(child, 1, "nothing to fork: this chat has no message yet")
  child:chat('+++\nmodel = "m1"\n+++\n\n# === USER ===\n\n', "b.md")
  expect_refusal(child, 5, "nothing to fork: this chat has no message yet")
  child:chat(CHAT, "c.md")
  for _, line in ipairs({ 1, 2, 3, 4 }) do
    expect_refusal(child, line, "the cursor is above the first message")
  end
  child:chat("\n\n# === USER ===\nQ\n", "d.md")
  expect_refusal(child, 2, "the cursor is above the first message")
end

T["during an answer, the text so far is forked"] = function()
  local child = case.child()
  case.standin:script({ replies.gated({ "first", " second" }) })
  local old = child:chat("Q\n")
  child:command("ChatvimComplete")
  child:wait_text("first")
  child:command("normal! G")
  child:command("ChatvimFork")
  local text = case.answered("Q", "first")
  eq(child:text(), text)
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  eq(child:text(), text)
  eq(child:text(old), case.answered("Q", "first second"))
  case.expect_calm(child)
end

return T
