-- SPDX-License-Identifier: Apache-2.0
-- The text after an embed's line shows what it holds, and follows changes of the file and the line.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- A PNG of 3 x 2 pixels.
local PNG = "\137PNG\r\n\26\n\0\0\0\13IHDR\0\0\0\3\0\0\0\2\8\2\0\0\0\18\22\241\77"

--- Opens a chat with this question.
local function chat(child, question, name)
  return child:chat("# === USER ===\n" .. question, name)
end

--- Returns the text shown after each line of the question, by line from 1.
local function texts(child, buf)
  return child:lua(
    [[
    local texts = {}
    local namespace = vim.api.nvim_create_namespace("chatvim.embeds")
    local marks = vim.api.nvim_buf_get_extmarks(..., namespace, 0, -1, { details = true })
    for _, mark in ipairs(marks) do
      if mark[4].virt_text and not mark[4].invalid then
        texts[tostring(mark[2])] = mark[4].virt_text[1][1]
      end
    end
    return next(texts) and texts or vim.empty_dict()
  ]],
    buf or 0
  )
end

--- Waits until the text shown after a line contains `part`, or, if that is false, until there is
--- none.
local function wait_for(child, line, part, buf)
  wait.until_true(("%s behind line %d"):format(part or "nothing", line), function()
    local text = texts(child, buf)[tostring(line)]
    return part and text and text:find(part, 1, true) or not part and not text
  end)
end

--- Returns a function that counts the questions about embeds from now on.
local function count_questions(child)
  child:lua([[
    local process = require("chatvim.program.process")
    local send = process.send
    _G.questions = 0
    process.send = function(name, ...)
      _G.questions = _G.questions + (name == "embeds" and 1 or 0)
      return send(name, ...)
    end
  ]])
  return function()
    return child:lua("return _G.questions")
  end
end

T["each kind of embed shows what it holds"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "one\ntwo\n")
  system.write(child.folder .. "/a.png", PNG)
  vim.fn.mkdir(child.folder .. "/src", "p")
  system.write(child.folder .. "/src/b.txt", "three\n")
  chat(
    child,
    [[
![](a.txt)

![](a.txt#L2)

![](src)

![](src/*.txt)

![](a.png)

![](https://example.org/a.png)

![](missing.txt)

![](/etc/passwd)
]]
  )
  wait_for(child, 1, "2 lines, 8 bytes")
  wait_for(child, 3, "1 line, ")
  wait_for(child, 5, "1 file, 1 line, ")
  wait_for(child, 7, "1 file, 1 line, ")
  wait_for(child, 9, "PNG, 3 × 2, 33 bytes")
  wait_for(child, 11, "picture by its address")
  wait_for(child, 13, "there is no such file")
  wait_for(child, 15, "asked about before it is sent")
  case.expect_calm(child)
end

T["nothing is shown in code and answers; chats without embeds ask nothing"] = function()
  local child = case.child()
  chat(child, "![](no.txt)\n\n```\n![](a.txt)\n```\n\n# === ASSISTANT ===\n\n![](b.txt)\n")
  wait_for(child, 1, "there is no such file")
  eq(vim.tbl_keys(texts(child)), { "1" })
  local questions = count_questions(child)
  chat(child, "Q\n", "other.md")
  child:feed("GoMore text<Esc>")
  child:command("write")
  case.standin:script({ replies.answer("A") })
  child:complete()
  child:command("buffer chat.md")
  wait.until_true("the question about the first chat", function()
    return questions() == 1
  end)
end

T["a file that changes, disappears or appears is noticed"] = function()
  local child = case.child()
  local path = child.folder .. "/a.txt"
  chat(child, "![](a.txt)\n")
  wait_for(child, 1, "there is no such file")
  system.write(path, "one\n")
  wait_for(child, 1, "1 line")
  system.write(path .. ".new", "one\ntwo\nthree\n")
  assert(vim.uv.fs_rename(path .. ".new", path))
  wait_for(child, 1, "3 lines")
  assert(vim.uv.fs_unlink(path))
  wait_for(child, 1, "there is no such file")
end

T["the text moves and goes with its line, and follows an edit after typing"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "one\n")
  system.write(child.folder .. "/ab.txt", "one\ntwo\n")
  chat(child, "Q\n\n![](a.txt)\n\n![](a.txt)\n")
  wait_for(child, 3, "1 line")
  wait_for(child, 5, "1 line")
  child:command("4delete")
  wait_for(child, 4, "1 line")
  eq(vim.tbl_count(texts(child)), 1)
  child:command("undo")
  wait_for(child, 3, "1 line")
  local questions = count_questions(child)
  child:command("normal! 4G$")
  child:type("F.ib")
  child:wait_text("![](ab.txt)")
  child:sync()
  eq(questions(), 0)
  child:type("<Esc>")
  wait_for(child, 3, "2 lines")
  eq(questions(), 1)
end

T["a buffer's unsaved text is counted"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "one\n")
  local buf = chat(child, "![](a.txt)\n")
  wait_for(child, 1, "1 line")
  child:command("edit " .. child.folder .. "/a.txt")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "one", "two", "three" })
  child:command("buffer " .. buf)
  wait_for(child, 1, "3 lines")
end

T["the option can be set at any time"] = function()
  local child = case.child({ options = { embeds = false } })
  system.write(child.folder .. "/a.txt", "one\n")
  chat(child, "![](a.txt)\n")
  child:lua("require('chatvim').setup({ embeds = true })")
  wait_for(child, 1, "1 line")
  child:lua("require('chatvim').setup({ embeds = false })")
  wait_for(child, 1, false)
end

T["a file that the user has allowed is shown"] = function()
  local child = case.child()
  vim.fn.mkdir(child.home .. "/elsewhere", "p")
  system.write(child.home .. "/elsewhere/a.txt", "one\n")
  chat(child, ("![](%s/elsewhere/a.txt)\n"):format(child.home))
  wait_for(child, 1, "asked about before it is sent")
  child:lua("vim.ui.select = function(items, _, on_choice) on_choice(items[1]) end")
  case.standin:script({ replies.answer("A") })
  child:command("ChatvimComplete")
  child:wait_text("A")
  wait_for(child, 1, "1 line")
end

T["nothing is asked during an answer, only after it"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "one\n")
  chat(child, "![](a.txt)\n")
  wait_for(child, 1, "1 line")
  local questions = count_questions(child)
  child:begin("ChatvimComplete", case.standin, replies.answer("![](a.txt)\n\n![](b.txt)"))
  child:command("doautocmd FocusGained")
  system.write(child.folder .. "/a.txt", "one\ntwo\n")
  child:sync()
  eq(questions(), 0)
  case.standin:release("start")
  child:wait_end()
  wait_for(child, 1, "2 lines")
  eq(vim.tbl_count(texts(child)), 1)
end

T["in a markdown buffer that is not a chat, from the first embed on"] = function()
  local child = case.child()
  system.write(child.folder .. "/notes.txt", "one\ntwo\n")
  child:chat("A page.\n", "page.md")
  child:type("Go![](no")
  wait.until_true("the language client", function()
    return child:lua("return vim.bo.omnifunc") == "v:lua.vim.lsp.omnifunc"
  end)
  child:type("<C-x><C-o>")
  child:wait_text("![](notes.txt")
  child:type(")<Esc>")
  wait.until_true("what the embed holds", function()
    local marks = child:lua([[
      local namespace = vim.api.nvim_get_namespaces()["chatvim.embeds"]
      return namespace and vim.inspect(
        vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
      ) or ""
    ]])
    return marks:find("2 lines", 1, true)
  end)
end

return T
