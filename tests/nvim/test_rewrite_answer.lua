-- SPDX-License-Identifier: Apache-2.0
-- What answers of :ChatvimRewrite may look like, and how they may end.
local case = require("helpers.case")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "one\n  two\n  three\nfour\n"

--- Rewrites lines 2 and 3 and returns the child.
---@param script table[]
---@param text? string
---@param options? tests.ChildOptions
---@return tests.Child
local function rewrite(script, text, options)
  local child = reviews.edit(text or CODE, options)
  case.standin:script(script)
  child:command("2,3ChatvimRewrite Do it.")
  return child
end

--- Expects that an answer rewrites lines 2 and 3 to lines.
---@param answer string
---@param lines string[]
---@param text? string
local function expect(answer, lines, text)
  reviews.expect_rewrite(answer, lines, text or CODE)
end

T["blocks of all kinds"] = function()
  expect("```\n  x\n```", { "  x" })
  expect(
    "Text `before` it.\n\n````lua\n  ```\n  x\n  ```\n````\nText after.",
    { "  ```", "  x", "  ```" }
  )
  expect("~~~lua title\n  x\n\n  ```\n~~~", { "  x", "", "  ```" })
  expect("```\n```", {})
  expect("```\n  x\n```\n\n```\n  other\n```", { "  x" })
  expect("- In a list:\n\n  ```\n    x\n  ```", { "  x" })
  expect("```\n  x\r\n```", { "  x" })
end

T["delimiters and what looks like calls of tools survive"] = function()
  local lines = {
    "  # === USER ===",
    "# === ASSISTANT ===",
    "\\# === SYSTEM ===",
    "<details><summary>Step 1: x</summary>",
    "<!-- chatvim:state x",
    "\\other",
  }
  expect("```\n" .. table.concat(lines, "\n") .. "\n```", lines)
end

T["a question with delimiters and fences survives"] = function()
  local code = "one\n# === ASSISTANT ===\n```\nfour\n"
  local child = rewrite({ replies.answer("````\n# === ASSISTANT ===\n~~~\n````") }, code)
  reviews.wait_complete(child)
  local messages = case.standin:requests(1)[1].json.messages
  equal(#messages, 1)
  case.expect_part(messages[1].content, "\n````lua\n# === ASSISTANT ===\n```\n````\n")
  case.expect_part(messages[1].content, "Fence it with ````, since the lines hold fences.")
  child:command("ChatvimAccept!")
  equal(child:lines()[3], "~~~")
end

T["an answer without a block is reported, and its chat is kept"] = function()
  local child = rewrite({ replies.answer("I would rather not.") })
  child:wait_message("the answer has no code block, so there is nothing to review; :edit rewrite-")
  equal(reviews.changes(child), nil)
  equal(#vim.fn.glob(child.folder .. "/rewrite-*.md", true, true), 1)
end

T["an answer that changes nothing is reported"] = function()
  for _, block in ipairs({ "  two\n  three", "two\n  three" }) do
    local child = rewrite({ replies.answer("```\n" .. block .. "\n```") })
    child:wait_message("the answer changes nothing in these lines")
    equal(reviews.changes(child), nil)
    child:stop()
  end
end

T["kept reasoning with fences is skipped"] = function()
  local script = {
    {
      steps = {
        { deltas = { text = { "```\nno\n```\n" }, count = 1, field = "reasoning_content" } },
        { deltas = { text = { "```\n  yes\n```\n" }, count = 1 } },
        { finish = "stop" },
      },
    },
  }
  local child = rewrite(script, nil, { options = { settings = { reasoning = "keep" } } })
  reviews.wait_complete(child)
  equal(reviews.changes(child)[1].lines, { "  yes" })
end

T["the proposal is shown while it arrives, and the old lines not as deleted"] = function()
  local child = rewrite({ replies.gated({ "```\n  new\n", "  two\n", "  three\n```" }) })
  wait.until_true("the first new line", function()
    local drawn = reviews.drawn(child)
    return drawn.new[1] and vim.deep_equal(drawn.new[1].lines, { "  new" })
  end)
  equal(reviews.drawn(child).old, {})
  child:command("3 | ChatvimAccept")
  child:command("1 | ChatvimAccept")
  child:wait_message("this change is still being written")
  child:command("ChatvimAccept!")
  child:wait_message("the answer is still being written, so not all changes can be accepted")
  equal(child:text() .. "\n", CODE)
  case.standin:release("g1", true)
  case.standin:release("g2", true)
  case.standin:release("end", true)
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:text(), "one\n  new\n  two\n  three\nfour")
end

--- Returns an answer that is cut off by the limit of tokens.
local function cut_reply()
  return {
    steps = {
      { deltas = { text = { "```\n  new\n  two\n  th" }, count = 1 } },
      { finish = "length" },
    },
  }
end

---@param child tests.Child
local function wait_cut(child)
  wait.until_true("the answer's end", function()
    return child:lua("return (require('chatvim.review').of(0) or {}).cut ~= nil")
  end)
end

T["an answer that is cut off is never applied as a whole"] = function()
  local child = rewrite({ cut_reply() })
  wait_cut(child)
  child:command("3 | doautocmd CursorMoved")
  case.expect_part(table.concat(reviews.drawn(child).hints), "incomplete")
  child:command("ChatvimAccept!")
  child:wait_message("the answer was cut off, so not all changes can be accepted")
  child:command("3 | ChatvimAccept")
  equal(child:text() .. "\n", CODE)
  child:command("ChatvimRefuse!")
  equal(reviews.changes(child), nil)
end

T["of a cut answer only the last change is incomplete; the others can be accepted"] = function()
  local lines = {}
  for index = 1, 9 do
    lines[index] = "line " .. index
  end
  local child = reviews.edit(table.concat(lines, "\n") .. "\n")
  local answer = "```\nLINE 1\nline 2\nline 4\nLINE 5\nline 6\nLIN"
  case.standin:script({ replies.hanging(answer), replies.answer("E 7\nline 8\nline 9\n```\n") })
  child:command("%ChatvimRewrite Shout.")
  wait.until_true("the last line", function()
    local changes = reviews.changes(child) or {}
    return #changes > 0 and vim.tbl_contains(changes[#changes].lines, "LIN")
  end)
  child:command("ChatvimStop")
  wait_cut(child)
  equal(#reviews.changes(child), 4)
  child:command("5ChatvimAccept")
  child:command("3ChatvimAccept")
  child:command("1ChatvimAccept")
  local accepted = "LINE 1\nline 2\nline 4\nLINE 5\nline 6\nline 7\nline 8\nline 9"
  local function text_is(expected)
    equal(child:text(), expected)
  end
  text_is(accepted)
  child:command("6ChatvimAccept")
  child:wait_message("this change is not complete: the answer was stopped")
  text_is(accepted)
  child:lua("require('chatvim.command.toggle').run()")
  child:command("ChatvimComplete!")
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  text_is((accepted:gsub("line 7", "LINE 7")))
end

T["of a cut answer, what may repeat the lines above is not drawn"] = function()
  for _, text in ipairs({ "on", "one\n", "one\n    3" }) do
    local child = rewrite({
      { steps = { { deltas = { text = { "```\n" .. text }, count = 1 } }, { finish = "length" } } },
    })
    child:wait_message("ended the answer early")
    reviews.wait_over(child)
    child:stop()
  end
  local answer = "```\none\n  3\n  4\nfou"
  local child = rewrite({
    { steps = { { deltas = { text = { answer }, count = 1 } }, { finish = "length" } } },
    replies.answer("r\n```\n"),
  })
  wait_cut(child)
  equal(reviews.changes(child), { { first = 1, last = 1, lines = { "  3", "  4" } } })
  child:lua("require('chatvim.command.toggle').run()")
  child:command("ChatvimComplete!")
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:text(), "one\n  3\n  4\nfour")
end

T["the review of a cut answer ends when no change is left"] = function()
  local child = rewrite({ cut_reply() })
  wait_cut(child)
  child:command("3ChatvimRefuse")
  equal(#reviews.changes(child), 1)
  child:command("2ChatvimRefuse")
  equal(reviews.changes(child), nil)
  local why =
    "the review of the rewrite has ended: the answer was cut off, and no change of it is left"
  child:wait_message(why)
  equal(#vim.fn.glob(child.folder .. "/rewrite-*.md", true, true), 1)
  child:stop()
  -- Nothing is different yet.
  child = rewrite({
    { steps = { { deltas = { text = { "```\n  two\n" }, count = 1 } }, { finish = "length" } } },
  })
  child:wait_message(why)
end

T["an answer that is cut off can be continued in its chat"] = function()
  local child = rewrite({ cut_reply(), replies.answer("ree\n  more\n```\n") })
  wait_cut(child)
  child:lua("require('chatvim.command.toggle').run()")
  child:command("ChatvimComplete!")
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:text(), "one\n  new\n  two\n  three\n  more\nfour")
end

T["`:ChatvimStop` stops the answer; what came can be refused"] = function()
  local child = rewrite({ replies.hanging("```\n  new\n  tw") })
  wait.until_true("the first new line", function()
    return #(reviews.changes(child) or {}) > 0
  end)
  child:command("ChatvimStop")
  wait_cut(child)
  case.expect_part(reviews.drawn(child).hints[1], "the answer was stopped")
  child:command("ChatvimRefuse!")
  case.standin:wait("closed=1")
end

T["`:ChatvimStop` before any text ends the rewrite"] = function()
  local child = rewrite({ replies.silent() })
  case.standin:wait("wait=1")
  child:command("ChatvimStop")
  reviews.wait_over(child)
  wait.until_true("the end of the chat's buffer", function()
    return #child:api("nvim_list_bufs") == 1
  end)
  equal(vim.fn.glob(child.folder .. "/rewrite-*.md"), "")
end

T["an error is shown, and the review ends"] = function()
  local child = rewrite({ { status = 401, json = { error = { message = "Wrong key" } } } })
  child:wait_message("Wrong key")
  reviews.wait_over(child)
  equal(child:text() .. "\n", CODE)
end

T["refusing all, unloading the buffer and `:edit!` stop the answer"] = function()
  for _, command in ipairs({ "ChatvimRefuse!", "bwipeout!", "edit!" }) do
    local child = rewrite({ replies.hanging("```\n  new\n") })
    wait.until_true("the first new line", function()
      return #(reviews.changes(child) or {}) > 0
    end)
    child:command(command)
    wait.until_true("the end of the answer", function()
      return #child:events("ChatvimEnd") == 1
    end)
    equal(child:api("nvim_get_vvar", "errmsg"), "")
    child:stop()
  end
end

T["the progress is shown above the lines until the answer ends"] = function()
  local child = rewrite({ replies.silent() })
  wait.until_true("the progress", function()
    return reviews.progress(child):find("^0 .* m1 · waiting · %d s · :ChatvimStop stops")
  end)
  child:command("ChatvimStop")
  wait.until_true("the end of the progress", function()
    return reviews.progress(child) == ""
  end)
end

return T
