-- SPDX-License-Identifier: Apache-2.0
-- The whole text of a chat, or the line above its answer, is replaced before or while the answer
-- arrives: the answer continues in its place (B4).
local case = require("helpers.case")
local files = require("helpers.system")
local journal = require("helpers.journals")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = [[
---
model: m1
---

# === USER ===

* Hello there

# === ASSISTANT ===

Hi

# === USER ===

Please count, from one]]

local PIECES = { "One", " two", " three\n\n* fo", "ur\n", "* five" }
local ANSWER = table.concat(PIECES)

--- Ways to replace the whole text by the same or by a formatted text. Each returns the new text.
local WHOLE = {
  ["a filter"] = function(child)
    child:command("silent %!cat")
  end,
  ["a formatter that sets all lines"] = function(child)
    child:lua([[
      local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
      vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)
    ]])
  end,
  ["a formatter that sets all text"] = function(child)
    child:lua([[
      local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
      vim.api.nvim_buf_set_text(0, 0, 0, #lines - 1, #lines[#lines], lines)
    ]])
  end,
  ["an edit of a language server's"] = function(child)
    child:lua([[
      local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n") .. "\n"
      local last = vim.api.nvim_buf_line_count(0)
      vim.lsp.util.apply_text_edits({ {
        newText = text,
        range = { start = { line = 0, character = 0 }, ["end"] = { line = last, character = 0 } },
      } }, vim.api.nvim_get_current_buf(), "utf-8")
    ]])
  end,
  ["an edit that changes bullets and removes blank lines at the end"] = function(child)
    child:lua([[
      local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
      text = text:gsub("%* ", "- "):gsub("%s+$", "")
      vim.api.nvim_buf_set_lines(0, 0, -1, true, vim.split(text, "\n"))
    ]])
  end,
  ["a formatter of the file, and a reload"] = function(child)
    child:command("silent write")
    child:lua([[
      local path = vim.api.nvim_buf_get_name(0)
      local file = assert(io.open(path))
      local text = file:read("*a"):gsub("%* ", "- ")
      file:close()
      file = assert(io.open(path, "w"))
      file:write(text)
      file:close()
    ]])
    child:command("silent edit")
  end,
}

local function plain(text)
  return (text:gsub("\n%* ", "\n- "))
end

for name, replace in pairs(WHOLE) do
  T[name .. ", while the answer is awaited"] = function()
    local child = case.child()
    child:chat(CHAT)
    child:begin("ChatvimComplete", case.standin, replies.gated({ "One", " two" }))
    replace(child)
    case.standin:release("start")
    child:wait_text("One")
    case.standin:release("g1")
    case.standin:release("end")
    eq(child:wait_end().outcome, "done")
    eq(plain(child:text()), plain(case.answered(CHAT, "One two")))
    eq(vim.trim(child:messages()), "")
  end

  T[name .. ", while the answer is written"] = function()
    local child = case.child()
    child:chat(CHAT)
    case.standin:script({ replies.gated(PIECES) })
    child:command("ChatvimComplete")
    for index, piece in ipairs(PIECES) do
      child:wait_text(vim.trim(plain(piece)):match("%w+$"))
      replace(child)
      case.standin:release(index < #PIECES and "g" .. index or "end")
    end
    eq(child:wait_end().outcome, "done")
    eq(plain(child:text()), plain(case.answered(CHAT, ANSWER)))
    eq(vim.trim(child:messages()), "")
  end

  T[name .. ", while another answer is awaited"] = function()
    local child = case.child()
    child:chat(case.answered(CHAT, "Old * answer\nof two lines"):gsub("\n+$", "\n"))
    child:begin("ChatvimRetry", case.standin, replies.gated({ "One", " two" }))
    replace(child)
    case.standin:release("start")
    child:wait_text("One")
    case.standin:release("g1")
    case.standin:release("end")
    eq(child:wait_end().outcome, "done")
    eq(vim.trim(plain(child:text())), vim.trim(plain(case.answered(CHAT, "One two"))))
  end
end

--- Keys that rewrite the last line before the answer arrives.
for keys, line in pairs({
  ["Gcceverything<Esc>"] = "everything",
  ["G$ciwten<Esc>"] = "Please count, from ten",
  [":$s/one/two<CR>"] = "Please count, from two",
  ["Go<CR>mine<Esc>kkccall<Esc>"] = "all",
}) do
  T["the answer is below the question after " .. keys] = function()
    local child = case.child()
    child:chat(CHAT)
    child:begin("ChatvimComplete", case.standin, replies.gated({ "One" }))
    child:feed(keys)
    case.standin:release("start")
    child:wait_text("One")
    case.standin:release("end")
    eq(child:wait_end().outcome, "done")
    local below = keys:find("mine") and "\n\nmine" or ""
    local above = CHAT:match("^.*\n")
    eq(child:text(), case.answered(above .. line, "One") .. below)
  end
end

--- How a formatter changes marks at the end of the text so far, in one edit or line by line.
local MARKS = {
  { came = "List:\n\n* one\n* ", comes = "two", from = "%* ", to = "- ", all = "- one\n- two" },
  { came = "List:\n\n1) one\n2) ", comes = "two", from = "%) ", to = ". ", all = "2. two" },
  { came = "It is *so*", comes = " good", from = "%*", to = "_", all = "It is _so_ good" },
}

for _, marks in ipairs(MARKS) do
  for _, whole in ipairs({ true, false }) do
    local name = ("%s becomes %s at the end, %s"):format(
      marks.from,
      marks.to,
      whole and "in one edit" or "line by line"
    )
    T[name] = function()
      local child = case.child()
      case.standin:script({ replies.gated({ marks.came, marks.comes }) })
      child:chat("Q")
      child:command("ChatvimComplete")
      child:wait_text((vim.trim(marks.came):gsub("^.*\n", "")))
      child:lua(
        [[
          local whole, from, to = ...
          local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
          for index, line in ipairs(lines) do
            local new = (line .. " "):gsub(from, to):gsub(" $", "")
            lines[index] = new
            if not whole and new ~= line then
              vim.api.nvim_buf_set_lines(0, index - 1, index, true, { new })
            end
          end
          if whole then
            vim.api.nvim_buf_set_lines(0, 0, -1, true, lines)
          end
        ]],
        whole,
        marks.from,
        marks.to
      )
      case.standin:release("g1")
      case.standin:release("end")
      eq(child:wait_end().outcome, "done")
      local text = child:text()
      eq(text:sub(-#(marks.all .. "\n\n# === USER ===\n\n")), marks.all .. "\n\n# === USER ===\n\n")
    end
  end
end

T["a chat of one word that is rewritten"] = function()
  local child = case.child()
  child:chat("Hi")
  child:begin("ChatvimComplete", case.standin, replies.gated({ "One" }))
  child:feed("ciwHello<Esc>")
  case.standin:release("start")
  child:wait_text("One")
  case.standin:release("end")
  child:wait_end()
  eq(child:text(), case.answered("Hello", "One"))
end

T["lines sent to the chat before its answer arrives stay below it"] = function()
  local child = case.child()
  local buf = child:chat(CHAT .. "\n\n")
  child:begin("ChatvimComplete", case.standin, replies.gated({ "One", " two" }))
  files.write(child.folder .. "/code.txt", "some code\n")
  child:command("split code.txt | ChatvimSend")
  case.standin:release("start")
  child:wait_text("One", buf)
  case.standin:release("g1")
  case.standin:release("end")
  eq(child:wait_end().outcome, "done")
  local expected = vim.trim(case.answered(CHAT, "One two"))
    .. "\n\n"
    .. "code.txt:1\n```text\nsome code\n```"
  eq((vim.trim(child:text(buf)):gsub("\n\n+", "\n\n")), (expected:gsub("\n\n+", "\n\n")))
end

T["white space that :write trims from the end of the text so far is not lost"] = function()
  local child = case.child()
  child:chat("Q")
  child:command([[autocmd BufWritePre * silent! keeppatterns keepjumps %s/\s\+$//e]])
  local pieces = {
    "```python\ndef",
    " total(",
    ")",
    ":\n    ",
    "return ",
    "sum(x ",
    "for ",
    "x ",
    "in y)\n```",
  }
  case.standin:script({ replies.gated(pieces) })
  child:command("ChatvimComplete")
  local seen = ""
  for index, piece in ipairs(pieces) do
    seen = seen .. piece
    child:wait_text(vim.trim(seen))
    child:command("silent write")
    case.standin:release(index < #pieces and "g" .. index or "end")
  end
  eq(child:wait_end().outcome, "done")
  eq(child:text(), case.answered("Q", table.concat(pieces)))
end

T["a sorted answer is stopped, with a message, a delimiter and its journal"] = function()
  local child = case.child()
  child:chat("Q")
  local lines = {}
  for index = 1, 40 do
    lines[index] = ("%d line number %d"):format(index * 7919 % 1000, index)
  end
  case.standin:script({ replies.gated({ table.concat(lines, "\n"), " end" }) })
  child:command("ChatvimComplete")
  child:wait_text("number 40")
  child:command("sort! n")
  case.standin:release("g1")
  local ended = child:wait_end()
  eq(ended.outcome, "stopped")
  case.expect_part(ended.message, "the answer was stopped: its text is no longer there")
  case.expect_part(child:messages(), ":ChatvimRecover puts back what had come")
  eq(child:text():sub(-18), "\n\n# === USER ===\n\n")
  case.expect_part(files.read(journal.all(child)[1]), table.concat(lines, "\n") .. " end")
end

T["all text is deleted before the answer arrives: its journal stays"] = function()
  local child = case.child()
  child:chat(CHAT)
  child:begin("ChatvimComplete", case.standin, replies.gated({ "One" }))
  child:command("%delete _")
  case.standin:release("start")
  eq(child:wait_end().outcome, "stopped")
  eq(child:text(), "")
  child:command("silent undo | messages clear | ChatvimRecover")
  child:wait_text("One")
  eq(child:text(), case.answered(CHAT, "One"))
end

return T
