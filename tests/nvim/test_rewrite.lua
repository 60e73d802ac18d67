-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimRewrite: the question, the answer as changes, and the chat that is kept.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "local function add(a, b)\n  return a - b\nend\n\nprint(add(1, 2))\n"
local BLOCK = "```lua\nlocal function add(a, b)\n  return a + b\nend\n```\n"

--- Starts a child with a file.
---@param text? string
---@param options? tests.ChildOptions
---@return tests.Child
local function edit(text, options)
  local child = case.child(options)
  files.write(child.folder .. "/code.lua", text or CODE)
  child:command("edit code.lua")
  return child
end

--- Returns the changes of the review in the current buffer.
---@param child tests.Child
---@return { first: integer, last: integer, lines: string[], conflict?: boolean }[]?
local function changes(child)
  local list = child:lua([[
    local review = require("chatvim.review").of(0)
    return review and vim.tbl_map(function(item)
      return {
        first = review.start + item.first,
        last = review.start + item.last,
        lines = item.change.lines,
        conflict = item.conflict,
      }
    end, review.placed)
  ]])
  return list ~= vim.NIL and list or nil
end

--- Waits until the review in the current buffer is complete.
---@param child tests.Child
local function wait_complete(child)
  wait.until_true("the whole proposal", function()
    return child:lua([[
      local review = require("chatvim.review").of(0)
      return review ~= nil and review.complete
    ]])
  end)
end

---@param child tests.Child
local function wait_over(child)
  wait.until_true("the end of the review", function()
    return changes(child) == nil
  end)
end

T["the answer becomes changes, which are accepted as one undo step"] = function()
  local child = edit()
  case.standin:script({ replies.answer("Here it is:\n\n" .. BLOCK .. "\nDone.") })
  child:command("1,3ChatvimRewrite Add, not subtract.")
  wait_complete(child)
  equal(changes(child), { { first = 1, last = 2, lines = { "  return a + b" } } })
  equal(child:text() .. "\n", CODE)
  child:command("ChatvimAccept!")
  equal(child:text() .. "\n", (CODE:gsub("a %- b", "a + b")))
  equal(changes(child), nil)
  child:command("undo")
  equal(child:text() .. "\n", CODE)
end

T["the question has the instruction, the lines, what surrounds them, and how to answer"] = function()
  local child = edit()
  case.standin:script({ replies.answer(BLOCK) })
  child:command("2,2ChatvimRewrite Add, not subtract.")
  local sent = case.standin:requests(1)[1].json.messages[1].content
  equal(
    sent,
    table.concat({
      "Add, not subtract.",
      "",
      "The lines to rewrite, code.lua:2:",
      "",
      "```lua",
      "  return a - b",
      "```",
      "",
      "Above them, code.lua:1:",
      "",
      "```lua",
      "local function add(a, b)",
      "```",
      "",
      "Below them, code.lua:3-5:",
      "",
      "```lua",
      "end",
      "",
      "print(add(1, 2))",
      "```",
      "",
      "Answer with exactly one fenced code block and no other text. It replaces these lines and nothing "
        .. "else: it has their complete new text with its indentation, and no lines from above or below "
        .. "them.",
    }, "\n")
  )
  wait_complete(child)
end

T["the chat is kept as a file, and its buffer is gone with the review"] = function()
  local child = edit()
  case.standin:script({ replies.answer(BLOCK) })
  child:command("1,3ChatvimRewrite Add.")
  wait_complete(child)
  local found = vim.fn.glob(child.folder .. "/rewrite-*.md", true, true)
  equal(#found, 1)
  case.expect_part(files.read(found[1]), "# === ASSISTANT ===\n\n" .. BLOCK)
  child:command("ChatvimRefuse!")
  wait.until_true("the end of the chat's buffer", function()
    return #child:api("nvim_list_bufs") == 1
  end)
  equal(child:text() .. "\n", CODE)
  case.expect_calm(child)
end

return T
