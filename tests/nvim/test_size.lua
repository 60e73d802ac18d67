-- SPDX-License-Identifier: Apache-2.0
-- The size of a chat before it is sent, for statuslines and in the dry run.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- The model m1 has a context of 1,000 tokens and costs one dollar per thousand.
local FACTS = [[
[facts."standin/m1"]
context = 1000
price = { input = 1000, output = 2000 }
]]

local function start()
  return case.child({ config = (case.config():gsub("%+%+%+\n$", FACTS .. "+++\n")) })
end

--- Waits until the size of the current chat satisfies `fits`, and returns it.
local function wait_size(child, what, fits)
  return wait.until_true(what, function()
    local text, size = unpack(child:lua("return { require('chatvim').tokens() }"))
    return size and fits(size, text) and size
  end)
end

T["it is known once requested, and follows text, embeds, model and answers"] = function()
  local child = start()
  local chat = "# === USER ===\n\nWhat is this?\n"
  local buf = child:chat(chat)
  local size = wait_size(child, "the size", function(size, text)
    return text == ("about %d of 1K tokens"):format(size.tokens)
  end)
  eq(size, { tokens = size.tokens, context = 1000, price = size.tokens / 1000 })
  eq(size.tokens > 5 and size.tokens < 20, true)
  child:api("nvim_buf_set_lines", buf, -1, -1, true, { ("word "):rep(100) })
  local longer = wait_size(child, "a larger one", function(now)
    return now.tokens > size.tokens + 90
  end)
  system.write(child.folder .. "/a.txt", ("word "):rep(200))
  child:api("nvim_buf_set_lines", buf, -1, -1, true, { "", "![](a.txt)" })
  longer = wait_size(child, "that with the embed", function(now)
    return now.tokens > longer.tokens + 190
  end)
  case.standin:script({ replies.answer(("word "):rep(50)) })
  child:complete()
  wait_size(child, "that with the answer", function(now)
    return now.tokens > longer.tokens + 45
  end)
  case.expect_calm(child)
  child:command("ChatvimModel m2")
  wait_size(child, "no context of the other model", function(now)
    return now.context == nil and now.price == nil
  end)
end

T["not known for other buffers; not requested unless something shows it"] = function()
  local child = start()
  child:chat("Just text.\n")
  child:sync()
  eq(child:lua("return { require('chatvim').tokens() }"), { "" })
  child:chat("# === USER ===\n\nQ\n", "chat2.md")
  child:lua([[
    local process = require("chatvim.program.process")
    local send = process.send
    process.send = function(name, ...)
      _G.asked = _G.asked or name == "embeds"
      return send(name, ...)
    end
  ]])
  child:feed("GoMore text<Esc>")
  case.standin:script({ replies.answer("A") })
  child:complete()
  child:sync()
  eq(child:lua("return _G.asked"), false)
end

T["the dry run shows it with the request"] = function()
  local child = start()
  child:chat("What is this?\n")
  child:command("ChatvimRequest")
  wait.until_true("the dry run's window", function()
    return child:lua("return vim.bo.filetype") == "json"
  end)
  local text = child:lua([[
    local namespace = vim.api.nvim_get_namespaces()["chatvim.request"]
    local marks = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
    return marks[1][4].virt_text[1][1]
  ]])
  eq(text:find("^// about %d+ of 1,000 tokens, %$0%.%d%d%d%d$"), 1)
  eq(child:lines()[1], "{")
end

T["numbers for reading"] = function()
  local child = case.child()
  for call, wanted in pairs({
    ["count(0)"] = "0",
    ["count(999)"] = "999",
    ["count(1234567)"] = "1,234,567",
    ["short(999)"] = "999",
    ["short(12300)"] = "12K",
    ["short(1050000)"] = "1.05M",
    ["things(1, 'line')"] = "1 line",
    ["things(2310, 'line')"] = "2,310 lines",
    ["price(0.00001)"] = "< $0.0001",
    ["price(0.5)"] = "$0.5000",
    ["price(12)"] = "$12.00",
  }) do
    eq({ call, child:lua("return require('chatvim.view.numbers')." .. call) }, { call, wanted })
  end
end

return T
