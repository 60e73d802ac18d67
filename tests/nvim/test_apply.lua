-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimApply proposes a code block of an answer for its file.
local applies = require("helpers.applies")
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local FRAGMENT = "function M.two()\n  return 22\nend"
local CHAT = applies.chat("Change `src/code.lua`:\n", applies.block("", "lua", FRAGMENT), "Done.")

T["a fragment becomes a change beside the chat; accepting it is one undo"] = function()
  local child, chat = applies.start(CHAT)
  local before = child:text(chat)
  applies.at(child, "22")
  local changes = applies.wait(child, "code.lua")
  eq(changes, { { first = 7, last = 8, lines = { "  return 22" } } })
  eq(layout.of(child), "row(code.lua*, chat.md)")
  eq(child:api("nvim_win_get_cursor", 0), { 8, 0 })
  eq({ child:text(), child:lua("return vim.bo.modified") }, { vim.trim(applies.LUA), false })
  child:command("ChatvimAccept!")
  reviews.wait_over(child)
  eq(child:text(), (vim.trim(applies.LUA):gsub("return 2\n", "return 22\n")))
  eq(child:lua("return { vim.bo.modified, vim.bo.buflisted }"), { true, true })
  eq(files.read(child.folder .. "/src/code.lua"), applies.LUA)
  child:command("silent undo")
  eq({ child:text(), child:lua("return vim.bo.modified") }, { vim.trim(applies.LUA), false })
  eq(child:text(chat), before)
  case.expect_calm(child)
end

T["with one block the cursor may be anywhere in the answer; the default key"] = function()
  local child = applies.start(CHAT)
  child:lua([[vim.fn.search("Done", "w")]])
  child:type("\\cva")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["a whole file and a diff, by path in the info string and in the header"] = function()
  local whole = applies.LUA:gsub("return 1", "return 11")
  local diff = "--- a/src/code.lua\n+++ b/src/code.lua\n@@ -6,3 +6,3 @@\n"
    .. " function M.two()\n-  return 2\n+  return 3\n end"
  local child = applies.start(
    applies.chat(
      applies.block("", "lua src/code.lua", vim.trim(whole)),
      applies.block("", "diff", diff)
    )
  )
  applies.at(child, "return 11")
  eq(applies.wait(child, "code.lua"), { { first = 3, last = 4, lines = { "  return 11" } } })
  child:command("ChatvimRefuse!")
  child:command("close")
  applies.at(child, "@@")
  eq(applies.wait(child, "code.lua"), { { first = 7, last = 8, lines = { "  return 3" } } })
end

T["the unsaved text of an open buffer counts, and its window is used"] = function()
  local child = applies.start(CHAT)
  child:command("split src/code.lua | call append(0, ['-- one', '-- two']) | wincmd p")
  applies.at(child, "22")
  eq(applies.wait(child, "code.lua"), { { first = 9, last = 10, lines = { "  return 22" } } })
  eq(layout.of(child), "col(code.lua*, chat.md)")
end

T["modifiers say where the file is opened"] = function()
  for modifiers, expected in pairs({
    ["belowright "] = "col(chat.md, code.lua*)",
    ["vertical rightbelow "] = "row(chat.md, code.lua*)",
    ["tab "] = "code.lua*",
  }) do
    local child = applies.start(CHAT)
    applies.at(child, "22", modifiers .. "ChatvimApply")
    applies.wait(child, "code.lua")
    eq({ modifiers, layout.of(child) }, { modifiers, expected })
    child:stop()
  end
end

T["what is typed in the file meanwhile is kept"] = function()
  local child = applies.start(CHAT)
  child:command("split src/code.lua | wincmd p")
  -- The program's answers are delayed until the text has changed.
  child:lua([[
    local query = require("chatvim.program.query")
    local patch, count = query.patch, 0
    query.patch = function(fields, callback)
      patch(fields, function(err, value)
        count = count + 1
        if count <= 2 then
          local buf = vim.fn.bufnr("src/code.lua")
          vim.api.nvim_buf_set_lines(buf, 0, 0, true, { "-- typed " .. count })
        end
        callback(err, value)
      end)
    end
  ]])
  applies.at(child, "22")
  eq(applies.wait(child, "code.lua"), { { first = 9, last = 10, lines = { "  return 22" } } })
  child:command("call setline(5, '-- typed 3') | ChatvimAccept!")
  reviews.wait_over(child)
  local text = child:text()
  eq(text:match("^[^\n]+\n[^\n]+"), "-- typed 2\n-- typed 1")
  case.expect_part(text, "-- typed 3\n")
  case.expect_part(text, "return 22")
end

T["a text that never stays the same gets no proposal"] = function()
  local child = applies.start(CHAT)
  child:command("split src/code.lua | wincmd p")
  child:lua([[
    local query = require("chatvim.program.query")
    local patch = query.patch
    query.patch = function(fields, callback)
      patch(fields, function(err, value)
        vim.api.nvim_buf_set_lines(vim.fn.bufnr("src/code.lua"), 0, 0, true, { "-- typed" })
        callback(err, value)
      end)
    end
  ]])
  applies.at(child, "22")
  child:wait_message("src/code.lua: its text changes all the time")
  eq(reviews.changes(child), nil)
end

T["nothing of the user's changes: registers, marks, search, lists, the target's undo"] = function()
  local child = applies.start(CHAT)
  child:command("edit src/code.lua | normal! 3Gmayy")
  child:command("edit chat.md")
  child:feed("/Change<CR>mb")
  child:lua([[vim.fn.setqflist({ { text = "mine" } })]])
  local function state()
    return child:lua([[
      local code, chat = vim.fn.bufnr("src/code.lua"), vim.fn.bufnr("chat.md")
      local get_mark = vim.api.nvim_buf_get_mark
      return {
        vim.fn.getreg('"'), vim.fn.getreg("/"), vim.fn.getqflist()[1].text, vim.fn.getloclist(0),
        get_mark(code, "a"), get_mark(code, "."), get_mark(code, "["), get_mark(code, '"'),
        get_mark(chat, "b"), get_mark(chat, "."), vim.fn.undotree(code).seq_last,
        vim.api.nvim_buf_get_changedtick(code), vim.api.nvim_buf_get_changedtick(chat),
        vim.go.splitright, vim.go.hidden, vim.v.hlsearch,
      }
    ]])
  end
  local before = state()
  applies.at(child, "22")
  applies.wait(child, "code.lua")
  eq(state(), before)
  child:command("ChatvimRefuse!")
  eq(state(), before)
  case.expect_calm(child)
end

T["the cursor must be on a block of an answer that has ended"] = function()
  local child = applies.start(
    applies.chat(
      applies.block("", "lua src/code.lua", FRAGMENT),
      "Between.\n",
      applies.block("", "lua src/code.lua", "function M.one()\n  return 11\nend")
    )
  )
  applies.at(child, "Between")
  child:wait_message("put the cursor on one of the 2 code blocks, or use `:ChatvimApply!`")
  child:command("normal! gg")
  child:command("ChatvimApply")
  child:wait_message("Put the cursor on an answer")
  case.standin:script({ require("helpers.replies").gated({ CHAT:match("Change.*Done") }) })
  child:command("normal! GoMore")
  child:command("ChatvimComplete")
  child:wait_text("Change `src/code.lua`")
  applies.at(child, "Change `src")
  child:wait_message("this answer is still being written: apply its code when it has ended")
  -- The answer above can be applied.
  applies.at(child, "return 11")
  eq(#applies.wait(child, "code.lua"), 1)
end

T["a block that has no certain place is refused with a sentence; nothing is opened"] = function()
  local wrong = applies.block("`src/code.lua`:", "lua", "x = 1\ny = 2")
  local child = applies.start(applies.chat(wrong))
  applies.at(child, "x = 1")
  child:wait_message("src/code.lua: The first or last line of the block is not in the file")
  eq(layout.of(child), "chat.md*")
  eq(child:lua("return vim.fn.bufexists('src/code.lua')"), 0)
  child:chat(applies.chat(applies.block("", "lua src/code.lua", vim.trim(applies.LUA))), "same.md")
  applies.at(child, "M.one")
  wait.until_true("the end of it", function()
    return child:messages():find("src/code.lua: ", 30, true) ~= nil
  end)
  eq(layout.of(child), "same.md*")
end

return T
