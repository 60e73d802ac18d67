-- SPDX-License-Identifier: Apache-2.0
-- What happens to the review of a rewrite when its chat changes.
local case = require("helpers.case")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "one\n  two\n  three\nfour\nfive\nsix\nseven\neight\nnine\nten\n"
local NEW = "one\n  2\n  three\nfour\nfive\nsix\nseven\neight\n9\nten"

---@param text string
---@return string
local function block(text)
  return ("```\n%s\n```\n"):format(text)
end

--- Rewrites all lines, and returns the child.
---@param script table[]
---@param options? tests.ChildOptions
---@return tests.Child
local function rewrite(script, options)
  local child = reviews.edit(CODE, options)
  case.standin:script(script)
  child:command("%ChatvimRewrite Do it.")
  return child
end

--- Accepts all, and expects the text.
---@param child tests.Child
---@param text string
local function expect_accepted(child, text)
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:text(), text)
end

T["another answer replaces the proposal, and the two are not mixed"] = function()
  local other = "zero\none\n  two\n  three\n4\nfive\nsix\nseven\neight\nnine\nten"
  local child = rewrite({ replies.answer(block(NEW)), replies.answer(block(other)) })
  reviews.wait_complete(child)
  child:command("ChatvimToggle")
  child:complete("ChatvimRetry")
  expect_accepted(child, other)
end

T["what was accepted of the first answer is compared with the second"] = function()
  local other = CODE:gsub("four", "4"):sub(1, -2)
  local child = rewrite({ replies.answer(block(NEW)), replies.answer(block(other)) })
  reviews.wait_complete(child)
  child:command("2 | ChatvimAccept | ChatvimToggle")
  child:complete("ChatvimRetry")
  child:command("wincmd p")
  reviews.wait_complete(child)
  equal(reviews.changes(child), {
    { first = 1, last = 2, lines = { "  two" } },
    { first = 3, last = 4, lines = { "4" } },
  })
  child:command("4 | ChatvimAccept")
  equal(child:text(), (other:gsub("two", "2")))
end

T["what was accepted of the first answer and is undone is a change of the second"] = function()
  local first = NEW:gsub("four\n", "4\n4 b\n4 c\n")
  local other = CODE:gsub("four", "vier"):gsub("nine", "neun"):sub(1, -2)
  local child = rewrite({ replies.answer(block(first)), replies.answer(block(other)) })
  reviews.wait_complete(child)
  child:command("4 | ChatvimAccept | ChatvimToggle")
  child:complete("ChatvimRetry")
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("undo")
  equal(reviews.changes(child), {
    { first = 3, last = 4, lines = { "vier" } },
    { first = 8, last = 9, lines = { "neun" } },
  })
  child:command("ChatvimAccept!")
  equal(child:text(), other)
end

T["lines that the user deletes in the chat while they arrive"] = function()
  local text = NEW:gsub("9\nten", "nine")
  local child = rewrite({ replies.gated({ "```\n" .. text, "\nten\n11\n```\n" }) })
  wait.until_true("a settled change", function()
    return ((reviews.changes(child) or {})[1] or { lines = {} }).lines[1] == "  2"
  end)
  child:command("ChatvimToggle | /^  2$/delete")
  case.standin:release("g1", true)
  case.standin:release("end", true)
  child:wait_end()
  expect_accepted(child, "one\n  three\nfour\nfive\nsix\nseven\neight\nnine\nten\n11")
end

T["a further question that is stopped leaves the review complete"] = function()
  local child = rewrite({ replies.answer(block(NEW)), replies.hanging("Because") })
  reviews.wait_complete(child)
  child:command("ChatvimToggle | normal! GoWhy?")
  child:command("ChatvimComplete")
  child:wait_text("Because")
  child:command("ChatvimStop")
  child:wait_end(2)
  expect_accepted(child, NEW)
end

T["a further question does not complete the review of a cut answer"] = function()
  local child = rewrite({
    replies.hanging("```\nONE\n  two\n  thr"),
    replies.answer("Because."),
  })
  wait.until_true("the last line", function()
    local changes = reviews.changes(child) or {}
    return #changes > 0 and vim.tbl_contains(changes[#changes].lines, "  thr")
  end)
  child:command("ChatvimStop")
  child:wait_end()
  local changes = reviews.changes(child)
  equal(#changes, 2)
  child:command("ChatvimToggle | 1put ='Please.' | normal! GoWhy?")
  child:command("ChatvimComplete")
  child:wait_end(2)
  child:command("wincmd p")
  equal(reviews.changes(child), changes)
  child:command("ChatvimAccept!")
  child:wait_message("the answer was stopped, so not all changes can be accepted")
end

--- Decides on the review, and waits until the rewrite's chat is not open any more.
---@param child tests.Child
---@param count? integer how many such chats there are then; default: one, which is not open
local function decide(child, count)
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  wait.until_true("the end of the chat's buffer", function()
    local open = child:lua("return #vim.fn.getcompletion('rewrite-', 'buffer')")
    return child:lua("return #vim.fn.glob('rewrite-*.md', true, true)") == (count or 1)
      and open == (count or 1) - 1
  end)
end

T["when the review is over, the chat can be shown to ask on"] = function()
  local child = rewrite({ replies.answer(block(NEW)), replies.answer("Because.") })
  decide(child)
  child:command("ChatvimToggle")
  equal(child:api("nvim_buf_get_name", 0):match("/(rewrite%-)"), "rewrite-")
  child:wait_text("Do it.")
  child:command("ChatvimToggle")
  equal(layout.of(child), "code.lua*")
  child:command("ChatvimToggle | normal! GoWhy?")
  child:complete()
  child:wait_text("Because.")
end

T["a chat that is not kept has its keys too, and is gone with the review"] = function()
  local script = { replies.answer(block(NEW)) }
  local child = rewrite(script, { options = { rewrite_chats = false } })
  reviews.wait_complete(child)
  child:command("ChatvimToggle")
  equal(child:lua("return { vim.bo.filetype, vim.bo.buflisted }"), { "markdown", false })
  equal(child:lua("return vim.fn.maparg(']m', 'n', false, true).buffer"), 1)
  child:command("ChatvimToggle")
  equal(layout.of(child), "code.lua*")
  local count = "return #vim.api.nvim_list_bufs()"
  local before = child:lua(count)
  child:command("ChatvimAccept!")
  wait.until_true("the end of the chat's buffer", function()
    return child:lua(count) == before - 1
  end)
end

T["the chat of the last rewrite comes before one that was used earlier and is hidden"] = function()
  local child = rewrite({ replies.answer(block(NEW)), replies.answer(block(CODE)) })
  decide(child)
  child:command("ChatvimToggle | ChatvimToggle")
  child:command("%ChatvimRewrite Do more.")
  decide(child, 2)
  child:command("ChatvimToggle")
  child:wait_text("Do more.")
  child:command("ChatvimToggle | ChatvimToggle")
  child:wait_text("Do more.")
  child:command("only | edit code.lua")
  equal(layout.of(child), "code.lua*")
end

T["the chat of a rewrite does not take the place of one that is open"] = function()
  local child = rewrite({ replies.answer(block(NEW)) })
  decide(child)
  child:chat(case.answered("Q", "A"))
  child:command("edit code.lua | ChatvimToggle")
  equal(layout.of(child), "row(code.lua, chat.md*)")
end

T["what has arrived is kept when Neovim is left"] = function()
  for _, command in ipairs({ "qall", "silent wqall" }) do
    local child = rewrite({ replies.hanging("```\none\n  2\n  three\n") })
    wait.until_true("the first lines", function()
      return #(reviews.changes(child) or {}) > 0
    end)
    vim.rpcnotify(child.channel, "nvim_command", command)
    equal(vim.fn.jobwait({ child.job }, wait.limit), { 0 })
    local paths = vim.fn.glob(child.folder .. "/rewrite-*.md", true, true)
    case.expect_part(require("helpers.system").read(paths[1]), "```\none\n  2\n  three\n")
  end
end

T["a rewrite without an answer leaves no file when Neovim is left"] = function()
  local child = rewrite({ replies.silent() })
  case.standin:requests(1)
  vim.rpcnotify(child.channel, "nvim_command", "qall")
  equal(vim.fn.jobwait({ child.job }, wait.limit), { 0 })
  equal(vim.fn.glob(child.folder .. "/rewrite-*.md", true, true), {})
end

return T
