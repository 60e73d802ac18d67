-- SPDX-License-Identifier: Apache-2.0
-- Several models on one question: answers that fail or are stopped, and chats that are closed.
local case = require("helpers.case")
local compare = require("helpers.compare")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local ONE, TWO, THREE = "I am one.", "I am two.", "I am three."

--- Asks two models, of which `failing` get an error.
local function ask_failing(failing)
  local child = case.child()
  local buf = child:chat(compare.CHAT)
  local script = compare.script({ m2 = TWO })
  script[1].steps[2] = { deltas = { text = { " Done." }, count = 1 } }
  for _, model in ipairs(failing) do
    local json = { error = { message = "No access to " .. model } }
    table.insert(script, 1, { match = { model = model }, status = 403, json = json })
  end
  case.standin:script(script)
  child:command("ChatvimComplete m1 m2")
  child:wait_end(2)
  return child, buf
end

T["a model that fails is named, and the other one's answer is written"] = function()
  local child, buf = ask_failing({ "m1" })
  child:wait_text(TWO, buf)
  case.expect_part(child:text(buf), "# === ASSISTANT ===\n\n" .. TWO .. " Done.")
  eq(child:text(buf):find("<details>", 1, true), nil)
  child:wait_message("standin/m1: ")
  case.expect_part(child:messages(), "No access to m1")
end

T["if all fail, each is named in one message, and the chat can be asked again"] = function()
  local child, buf = ask_failing({ "m1", "m2" })
  child:wait_message("standin/m2: ")
  child:sync()
  local messages = vim.split(child:messages(), "\n")
  case.expect_part(child:messages(), "standin/m1: ")
  eq(#vim.tbl_filter(function(line)
    return line:find("standin/", 1, true) ~= nil
  end, messages) <= 2, true)
  eq(child:text(buf) .. "\n", compare.CHAT)
  child:command("tabclose")
  case.standin:script(compare.script({ m1 = ONE }))
  compare.release("m1")
  child:command("ChatvimComplete m1")
  child:wait_text(ONE, buf)
end

T["stopping one answer leaves the others, and its text counts"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO, m3 = THREE })
  compare.go(child, "m1")
  child:command("ChatvimStop")
  child:wait_end(1)
  compare.release("m2", "m3")
  compare.wait_folded(child, buf, "m1")
  -- A complete answer comes before one that was stopped.
  case.expect_part(child:text(buf), "# === ASSISTANT ===\n\n" .. TWO)
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["the chat's stop, and stop for all, write what has arrived"] = function()
  for _, command in ipairs({ "ChatvimStop!", "tabnext | ChatvimStop" }) do
    local child, buf = compare.start({ m1 = ONE, m2 = TWO })
    child:command(command)
    compare.wait_folded(child, buf, "m2")
    case.expect_part(child:text(buf), "# === ASSISTANT ===\n\n" .. ONE)
    child:stop()
    case.standin:reset()
  end
end

T["a window that is closed for good loses only its own answer"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO, m3 = THREE })
  child:command("bwipeout! " .. compare.buffer(child, "m1"))
  compare.release("m2", "m3")
  compare.wait_folded(child, buf, "m3")
  case.expect_part(child:text(buf), "# === ASSISTANT ===\n\n" .. TWO)
  eq(child:text(buf):find(ONE, 1, true), nil)
end

T["if the chat is closed, the answers stay in their buffers"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  child:command("bwipeout! " .. buf)
  compare.release("m1", "m2")
  child:wait_message("the chat was closed")
  case.expect_part(child:messages():gsub("\n", ""), "chatvim://1/standin/m1")
  local listed = child:lua([[
    return vim.tbl_map(function(info)
      return vim.api.nvim_buf_get_name(info.bufnr)
    end, vim.fn.getbufinfo({ buflisted = 1 }))
  ]])
  eq(vim.list_contains(listed, "chatvim://2/standin/m2"), true)
  case.expect_part(child:text(compare.buffer(child, "m2")), TWO)
end

T["if the question is gone, the answers stay in their buffers"] = function()
  local child, buf = compare.start({ m1 = ONE, m2 = TWO })
  child:lua("vim.api.nvim_buf_set_lines(..., 0, -1, true, {})", buf)
  compare.release("m1", "m2")
  child:wait_message("copy the answers from")
  eq(child:text(buf), "")
  case.expect_part(child:text(compare.buffer(child, "m1")), ONE)
  wait.until_true("a chat that is free", function()
    return child:lua("return require('chatvim').status(...)", buf) == ""
  end)
end

return T
