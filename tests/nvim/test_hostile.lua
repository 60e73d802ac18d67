-- SPDX-License-Identifier: Apache-2.0
-- Hostile text from others: unchanged in the buffer, harmless where it is shown. Chats larger than
-- anybody's.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Terminal escapes, one of which sets the clipboard, a C1 control, direction overrides and
--- isolates.
local HOSTILE = "a\27[31m\27]52;c;aGk=\7b\194\155m\226\128\174c\226\129\166d\127e"

--- Expects no character that could corrupt the screen or imitate other text.
local function expect_harmless(text)
  for _, part in ipairs({
    "[^%C\n]",
    "\194[\128-\159]",
    "\226\128[\170-\174]",
    "\226\129[\166-\169]",
  }) do
    eq({ text, text:find(part) }, { text, nil })
  end
end

T["an answer is the server's text, except for what the format replaces"] = function()
  local child = case.child({ screen = true })
  case.standin:script({ replies.answer(HOSTILE .. "\rx\r\ny\0z") })
  child:chat("Q\n")
  eq(child:complete().outcome, "done")
  eq(child:text(), case.answered("Q", HOSTILE .. "\nx\ny\226\144\128z"))
  -- Neovim draws it as text, so the terminal gets no commands.
  local screen = child:lua([[
    local rows = {}
    vim.cmd("redraw")
    for row = 1, vim.o.lines do
      for column = 1, vim.o.columns do
        table.insert(rows, vim.fn.screenstring(row, column))
      end
    end
    return table.concat(rows)
  ]])
  expect_harmless(screen)
end

T["errors of servers are shown without it"] = function()
  local child = case.child()
  local scenes = {
    { status = 400, json = { error = { message = HOSTILE } } },
    { status = 400, body = HOSTILE },
    { status = 400, reason = HOSTILE:gsub("%c", "?"), body = "" },
    { steps = { { deltas = { text = { "x" } } }, { finish = HOSTILE } } },
    { steps = { { deltas = { text = { "x" } } }, { event = { error = { message = HOSTILE } } } } },
    { status = 302, headers = { Location = "http://b\194\155\226\128\174.test/" } },
  }
  for index, scene in ipairs(scenes) do
    case.standin:script({ scene })
    child:chat("Q\n", index .. ".md")
    local data = child:complete()
    expect_harmless(data.message)
    expect_harmless(data.finish_reason or "")
    expect_harmless(child:virtual_text())
  end
  expect_harmless(child:messages())
end

--- Returns all virtual text of a buffer.
local function shown(child)
  return child:lua([[
    local texts = {}
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true })) do
      for _, chunk in ipairs(mark[4].virt_text or {}) do
        table.insert(texts, chunk[1])
      end
    end
    return table.concat(texts, "\n")
  ]])
end

T["names of files and models are shown unambiguously"] = function()
  local model = "m\226\128\174\226\129\166x"
  local child = case.child()
  child:command("set winbar=")
  local name = "b\27[31m\194\155\226\128\174txt.exe\127"
  system.write(child.folder .. "/" .. name, "a\0b")
  child:chat(("---\nmodel: standin/%s\n---\n![](%s)\n"):format(model, name))
  wait.until_true("what the embed holds", function()
    return shown(child) ~= ""
  end)
  expect_harmless(shown(child))
  eq(child:complete().outcome, "error")
  case.expect_part(child:messages(), "b?[31m??txt.exe?")
  expect_harmless(child:messages())

  case.standin:script({ replies.hanging("x") })
  child:chat(("---\nmodel: standin/%s\n---\nQ\n"):format(model), "model.md")
  child:command("ChatvimComplete")
  child:wait_text("x")
  wait.until_true("the model beside its answer", function()
    return not child:virtual_text():find("connecting", 1, true)
  end)
  local texts = { child:virtual_text() }
  table.insert(texts, child:lua("return require('chatvim').status()"))
  table.insert(texts, child:lua("return require('chatvim').winbar()"))
  child:command("ChatvimStop")
  child:wait_end(2)
  table.insert(texts, child:virtual_text())
  table.insert(texts, child:lua("return require('chatvim').winbar()"))
  for index, text in ipairs(texts) do
    expect_harmless(text)
    eq({ index, text, text:find("m??x", 1, true) ~= nil }, { index, text, true })
  end
  -- It is sent unchanged.
  eq(case.standin:requests()[1].json.model, model)

  child:lua([[
    vim.ui.select = function(items, options)
      _G.shown = table.concat(vim.tbl_map(options.format_item, items), "\n")
    end
    vim.cmd("ChatvimModel")
  ]])
  wait.until_true("the list of models", function()
    return child:lua("return _G.shown ~= nil")
  end)
  expect_harmless(child:lua("return _G.shown"))
end

T["a chat's name and question in the list of chats"] = function()
  local child = case.child()
  system.write(
    child.folder .. "/chat-" .. HOSTILE:gsub("/", "") .. ".md",
    HOSTILE .. "\n\n# === ASSISTANT ===\n\nA\n"
  )
  child:lua([[
    vim.ui.select = function(items, options)
      _G.shown = options.prompt .. table.concat(vim.tbl_map(options.format_item, items), "\n")
    end
    vim.cmd("ChatvimChats")
  ]])
  wait.until_true("the list of chats", function()
    return child:lua("return _G.shown ~= nil")
  end)
  expect_harmless(child:lua("return _G.shown"))
end

T["every message is shown harmlessly, whatever its source"] = function()
  local child = case.child()
  child:lua("require('chatvim.notify').show(...)", HOSTILE)
  expect_harmless(child:messages())
  case.expect_part(child:messages(), "a?[31m?]52;c;aGk=?b?m?c?d?e")
end

T["100,000 messages are answered"] = function()
  local child = case.child()
  local turns = {}
  for index = 1, 50000 do
    turns[index] = ("# === USER ===\n\nquestion %d\n\n# === ASSISTANT ===\n\nanswer %d\n"):format(
      index,
      index
    )
  end
  case.standin:script({ replies.answer("last answer") })
  child:chat(table.concat(turns, "\n") .. "\n# === USER ===\n\nlast\n")
  eq(child:complete().outcome, "done")
  eq(#case.standin:requests()[1].json.messages, 100001)
  local lines = child:lines()
  eq(#lines, 400000 + 11)
  eq(
    table.concat(vim.list_slice(lines, #lines - 9), "\n"),
    "\nlast\n\n# === ASSISTANT ===\n\nlast answer\n\n# === USER ===\n\n"
  )
  eq(child:lua("return #require('chatvim.chat.outline').messages(0)"), 100003)
end

T["a line of 20 MB is sent, and the answer to it written"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  child:chat(("x y "):rep(5000000) .. "\n")
  eq(child:complete().outcome, "done")
  eq(#case.standin:requests()[1].json.messages[1].content, 20000000)
  eq(child:lines()[5], "A")
end

T["names of 200 KB are sent, truncated on display, and do not block Neovim"] = function()
  local name = ("x"):rep(200000)
  for _, front in ipairs({
    "model: standin/" .. name,
    "model: " .. name,
    "model: m1\npreset: " .. name,
    "model: m1\nprovider: " .. name,
  }) do
    local child = case.child({ options = { winbar = true, rules = true } })
    -- Syntax highlighting of such a line is an error in Neovim 0.10, which then waits for Enter.
    child:command("syntax off")
    case.standin:script({ replies.answer("A") })
    child:chat(("---\n%s\n---\n# === USER ===\n\nQ\n"):format(front))
    -- The longest time that the answer blocks Neovim, in milliseconds.
    child:lua([[
      _G.longest = 0
      local function watch(module, name)
        local original = module[name]
        module[name] = function(...)
          local began = vim.uv.hrtime()
          local results = { original(...) }
          _G.longest = math.max(_G.longest, (vim.uv.hrtime() - began) / 1e6)
          return unpack(results)
        end
      end
      watch(require("chatvim.program.process"), "receive")
      watch(require("chatvim"), "winbar")
      watch(require("chatvim.view.progress"), "draw")
    ]])
    child:complete()
    child:sync()
    for _, text in ipairs({
      child:virtual_text(),
      child:messages(),
      child:lua("return require('chatvim').winbar()"),
    }) do
      eq({ front:sub(1, 20), #text < 3000 }, { front:sub(1, 20), true })
    end
    local longest = child:lua("return _G.longest")
    if longest > 50 then
      error(("%s: Neovim was held up for %.0f ms"):format(front:sub(1, 20), longest))
    end
    child:stop()
  end
end

-- Only in `make soak`: needs gigabytes of memory and half a minute.
if vim.env.CHATVIM_LARGE == "1" then
  wait.limit = 120000
  for name, text in pairs({
    ["a chat of 200 MB is answered"] = ("a line of some words, fifty bytes long or so, yes\n"):rep(
      4000000
    ),
    ["a line of 50 MB is sent"] = ("x y "):rep(12500000) .. "\n",
  }) do
    T[name] = function()
      local child = case.child()
      case.standin:script({ replies.answer("A") })
      child:chat(text)
      eq(child:complete().outcome, "done")
      local content = case.standin:requests()[1].json.messages[1].content
      eq(content .. "\n" == text, true)
      local last = child:lua("return vim.api.nvim_buf_get_lines(0, -7, -1, true)")
      eq(last, { "", "A", "", "# === USER ===", "", "" })
    end
  end
end

return T
