-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimRewrite: the question, the answer as changes, and the chat that is kept.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
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
  return reviews.edit(text or CODE, options)
end

--- Returns the files of rewrites' chats.
---@param child tests.Child
---@return string[]
local function kept(child)
  child:sync()
  return vim.fn.glob(child.folder .. "/rewrite-*.md", true, true)
end

--- Waits until only the current buffer is left.
---@param child tests.Child
local function wait_alone(child)
  wait.until_true("the end of the chat's buffer", function()
    return #child:api("nvim_list_bufs") == 1
  end)
end

T["the answer becomes changes, which are accepted as one undo step"] = function()
  local child = edit()
  case.standin:script({ replies.answer("Here it is:\n\n" .. BLOCK .. "\nDone.") })
  child:command("1,3ChatvimRewrite Add, not subtract.")
  reviews.wait_complete(child)
  equal(reviews.changes(child), { { first = 1, last = 2, lines = { "  return a + b" } } })
  equal(child:text() .. "\n", CODE)
  child:command("ChatvimAccept!")
  equal(child:text() .. "\n", (CODE:gsub("a %- b", "a + b")))
  equal(reviews.changes(child), nil)
  child:command("undo")
  equal(child:text() .. "\n", CODE)
end

T["the question has the instruction, the lines and what surrounds them"] = function()
  local child = edit()
  case.standin:script({ replies.answer(BLOCK) })
  child:command("2,2ChatvimRewrite Add, not subtract.")
  local sent = case.standin:requests(1)[1].json.messages[1].content
  equal(
    sent,
    table.concat({
      "Add, not subtract.",
      "",
      "The lines to rewrite:",
      "",
      "code.lua:2",
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
      "Answer with exactly one fenced code block and no other text. It replaces these lines "
        .. "and nothing else: it has their complete new text with its indentation, and no "
        .. "lines from above or below them.",
    }, "\n")
  )
  reviews.wait_complete(child)
end

T["the code of a further answer in its chat is applied to the lines"] = function()
  local child = edit()
  case.standin:script({
    replies.answer(BLOCK),
    replies.answer("```lua\n  return a + b + 0\n```"),
  })
  child:command("2,2ChatvimRewrite Add.")
  reviews.wait_complete(child)
  child:command("ChatvimRefuse!")
  child:command("edit " .. vim.fn.fnameescape(kept(child)[1]))
  child:lua([[vim.api.nvim_buf_set_lines(0, -1, -1, true, { "Add zero." })]])
  child:complete()
  child:lua([[vim.fn.search("a + b + 0")]])
  child:command("ChatvimApply")
  wait.until_true("a review", function()
    return vim.endswith(child:api("nvim_buf_get_name", 0), "code.lua") and reviews.changes(child)
  end)
  equal(reviews.changes(child)[1].lines, { "  return a + b + 0" })
end

T["the chat is kept as a file, and its buffer is gone with the review"] = function()
  local child = edit()
  case.standin:script({ replies.answer(BLOCK) })
  child:command("1,3ChatvimRewrite Add.")
  reviews.wait_complete(child)
  local found = kept(child)
  equal(#found, 1)
  case.expect_part(files.read(found[1]), "# === ASSISTANT ===\n\n" .. BLOCK)
  child:command("ChatvimRefuse!")
  wait_alone(child)
  equal(child:text() .. "\n", CODE)
  case.expect_calm(child)
end

T["with rewrite_chats off, nothing is kept"] = function()
  local child = edit(nil, { options = { rewrite_chats = false } })
  case.standin:script({ replies.answer(BLOCK) })
  child:command("1,3ChatvimRewrite Add.")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  wait_alone(child)
  equal(kept(child), {})
  wait.until_true("the end of the journal", function()
    return #vim.fn.glob(child.home .. "/**/*.journal", true, true) == 0
  end)
end

T["`:qa` does not complain about the chat, which can be shown meanwhile"] = function()
  local child = edit()
  case.standin:script({ replies.answer(BLOCK), replies.answer("Because.") })
  child:command("1,3ChatvimRewrite Add.")
  reviews.wait_complete(child)
  equal(child:lua("return vim.fn.getbufinfo({ bufmodified = 1 })"), {})
  child:lua("require('chatvim.command.toggle').run()")
  local chat = child:api("nvim_get_current_buf")
  equal(child:api("nvim_buf_get_name", chat), kept(child)[1])
  equal(child:lua("return vim.bo.filetype"), "markdown")
  child:command("wincmd p | ChatvimAccept! | wincmd p")
  child:command("$put ='Why?'")
  child:complete()
  case.expect_part(child:text(), "Because.")
  equal(#case.standin:requests(2)[2].json.messages, 3)
end

T["the chat can be shown while its answer is written, and stays"] = function()
  local child = edit()
  case.standin:script({ replies.gated({ "```\n  one\n", "  two\n```" }) })
  child:command("2ChatvimRewrite Do it.")
  wait.until_true("the first line", function()
    return #(reviews.changes(child) or {}) > 0
  end)
  child:lua("require('chatvim.command.toggle').run()")
  local chat = child:api("nvim_get_current_buf")
  case.expect_part(child:text(), "```\n  one")
  child:command("wincmd p")
  case.standin:release("g1", true)
  case.standin:release("end", true)
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:lines()[3], "  two")
  equal(child:api("nvim_buf_get_name", chat), kept(child)[1])
  equal(child:lua("return { vim.bo[...].buflisted, vim.bo[...].filetype }", chat), {
    true,
    "markdown",
  })
  equal(
    child:lua("return vim.fn.getbufinfo({ bufmodified = 1 })[1].name"),
    child.folder .. "/code.lua"
  )
end

T["the chat last used stays the user's"] = function()
  local child = edit()
  child:chat(case.EMPTY)
  child:command("edit code.lua")
  case.standin:script({ replies.answer(BLOCK) })
  child:command("1,3ChatvimRewrite Add.")
  reviews.wait_complete(child)
  child:command("ChatvimAccept! | 1ChatvimSend")
  equal(vim.fs.basename(child:api("nvim_buf_get_name", 0)), "chat.md")
end

T["without an instruction, it asks for one"] = function()
  local child = edit()
  child:lua([[
    vim.ui.input = function(options, on_input)
      _G.prompt, _G.on_input = options.prompt, on_input
    end
  ]])
  child:command("2ChatvimRewrite")
  equal(child:lua("return _G.prompt"), "Rewrite: ")
  child:lua("_G.on_input(nil)")
  equal(reviews.changes(child), nil)
  case.standin:script({ replies.answer("```\n  return 1\n```") })
  child:command("2ChatvimRewrite")
  child:lua("_G.on_input('Return 1.')")
  reviews.wait_complete(child)
  equal(reviews.changes(child)[1].lines, { "  return 1" })
  child:command("ChatvimRefuse! | 2ChatvimRewrite")
  child:command("1delete")
  child:lua("_G.on_input('Return 2.')")
  child:wait_message("the text has changed: :ChatvimRewrite Return 2.")
end

T["the key rewrites the line, a count of lines, or the selection"] = function()
  local child = edit()
  child:lua([[
    vim.ui.input = function(_, on_input)
      on_input("Do it.")
    end
  ]])
  case.standin:script({ replies.silent(), replies.silent(), replies.silent() })
  for keys, label in pairs({
    ["1G\\cvw"] = "code.lua:1\n",
    ["1G3\\cvw"] = "code.lua:1-3\n",
    ["2GVj\\cvw"] = "code.lua:2-3\n",
  }) do
    local count = #case.standin:requests()
    child:lua("vim.api.nvim_feedkeys(..., 'xt', false)", keys)
    local text = case.standin:requests(count + 1)[count + 1].json.messages[1].content
    case.expect_part(text, "The lines to rewrite:\n\n" .. label)
    child:command("ChatvimRefuse!")
  end
end

T["a blank line is where something is inserted"] = function()
  local child = edit()
  case.standin:script({ replies.answer("```lua\n-- prints 3\n```") })
  child:command("4ChatvimRewrite Write a comment.")
  local text = case.standin:requests(1)[1].json.messages[1].content
  case.expect_part(text, "Write what is to stand at code.lua:4, which is blank now.")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(child:lines()[4], "-- prints 3")
end

T["a second rewrite in the buffer is refused"] = function()
  local child = edit()
  case.standin:script({ replies.silent() })
  child:command("1ChatvimRewrite One.")
  child:command("2ChatvimRewrite Two.")
  child:wait_message("a rewrite is being reviewed in this buffer; dP ends that")
  equal(#case.standin:requests(1), 1)
end

T["lines with a NUL or other bytes than UTF-8 are refused"] = function()
  local child = edit("fine\na\0b\n\255\n")
  child:command("2ChatvimRewrite Do it.")
  child:wait_message("line 2 holds a NUL byte: nothing was sent")
  -- Next to the lines, they end what is shown.
  child:command("set fileencodings=utf-8,latin1")
  case.standin:script({ replies.silent() })
  child:command("1ChatvimRewrite Do it.")
  local text = case.standin:requests(1)[1].json.messages[1].content
  equal(text:find("Below them", 1, true), nil)
  child:command("ChatvimRefuse!")
  case.expect_part(child:messages(), "NUL")
end

T["refused: lines of buffers that cannot be changed"] = function()
  local child = edit()
  for command, message in pairs({
    ["terminal cat"] = "the lines of a terminal buffer cannot be changed",
    ["cgetexpr 'a' | copen | setlocal nomodifiable"] = "of a quickfix buffer cannot be changed",
    ["edit code.lua | setlocal nomodifiable"] = "`:set modifiable` makes it so",
  }) do
    child:command(command)
    case.expect_refusal(child, "ChatvimRewrite Do it.", message)
  end
end

return T
