-- SPDX-License-Identifier: Apache-2.0
-- Questions of tools about files and secrets, and questions while the user does something else.
local case = require("helpers.case")
local consent = require("helpers.consent")
local files = require("helpers.system")
local replies = require("helpers.replies")
local tools = require("helpers.tools")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local BEFORE = tools.FILES .. "Q"
local KEY = "sk-" .. "ant-api03-" .. ("Ab3dE6gH"):rep(11) .. "AA"

--- Starts a child with a file outside of the project, and opens a chat that may read files.
---@param text? string of the file
---@return tests.Child
---@return tests.Call call
local function start(text, options)
  local child = consent.start(text, options)
  child:chat(BEFORE .. "\n")
  return child, tools.read("c1", child.home .. "/elsewhere/a.txt")
end

---@param call tests.Call
---@param outcome? string
---@param result? string
---@return string
local function block(call, outcome, result)
  return tools.block(1, "files.read", "c1", replies.arguments(call), outcome, result)
end

T["a file outside is asked about, with its path and the reason"] = function()
  local child, call = start()
  tools.answer_with(child, "Allow it once")
  tools.script({ call }, "Done.")
  eq(child:complete().outcome, "done")
  local asked = consent.asked(child)
  eq(#asked, 1)
  case.expect_part(asked[1].prompt, "files.read wants")
  case.expect_part(asked[1].prompt, "elsewhere/a.txt, which ")
  eq(asked[1].items, {
    "Allow it once",
    "Allow it for this answer",
    "Allow it in this Neovim",
    "Allow it always",
    "Refuse",
    "Stop the answer",
  })
  case.expect_part(table.concat(asked[1].shown, "\n"), "path: " .. child.home)
  eq(tools.messages()[3].content, "from elsewhere")
end

T["a file outside: how long each decision holds"] = function()
  for decision, wanted in pairs({
    ["Allow it once"] = { 2, 2 },
    ["Allow it for this answer"] = { 1, 1 },
    ["Allow it in this Neovim"] = { 1, 0 },
    ["Allow it always"] = { 1, 0 },
    ["Refuse"] = { 2, 2 },
    ["Stop the answer"] = { 1, 1 },
  }) do
    local child, call = start()
    tools.reason_with(child, "No.")
    local counts = {}
    for round = 1, 2 do
      case.standin:reset()
      child:chat(BEFORE .. "\n", ("chat%d.md"):format(round))
      tools.answer_with(child, decision, decision)
      tools.script(
        { call },
        replies.calls({ vim.tbl_extend("force", call, { id = "c2" }) }),
        "Done."
      )
      local stopped = decision == "Stop the answer"
      eq({ decision, child:complete().outcome }, { decision, stopped and "stopped" or "done" })
      table.insert(counts, #consent.asked(child))
      local sent = tools.messages()[3]
      if decision == "Refuse" then
        case.expect_part(sent.content, "No.")
      elseif not stopped then
        eq(sent.content, "from elsewhere")
      end
    end
    eq({ decision, counts }, { decision, wanted })
    child:stop()
  end
end

T["what looks like a key: the first choice withholds it"] = function()
  for decision, content in pairs({
    ["Withhold it"] = false,
    ["Send it once"] = true,
    ["Send it for this answer"] = true,
    ["Send it in this Neovim"] = true,
  }) do
    local child = case.child()
    files.write(child.folder .. "/a.txt", "one\nkey = " .. KEY .. "\n")
    child:chat(BEFORE .. "\n")
    case.standin:reset()
    tools.answer_with(child, decision)
    tools.script({ tools.read("c1", "a.txt") }, "Done.")
    eq(child:complete().outcome, "done")
    local asked = consent.asked(child)
    eq(#asked, 1)
    case.expect_part(asked[1].prompt, "Line 2 of a.txt holds what looks like")
    eq(asked[1].items, {
      "Withhold it",
      "Send it once",
      "Send it for this answer",
      "Send it in this Neovim",
      "Stop the answer",
    })
    -- The key itself is not shown.
    eq(vim.inspect(asked):find(KEY, 1, true), nil)
    local text = table.concat({ child:text(), tools.messages()[3].content })
    eq({ decision, text:find(KEY, 1, true) ~= nil }, { decision, content })
    child:stop()
  end
end

T["a question waits for the end of insert mode's key, and of the command line"] = function()
  local child, call = start(nil, { screen = true, env = { NVIM_TEST = "1" } })
  tools.answer_with(child, "Allow it once")
  tools.script({ call }, "Done.")
  child:type(":ChatvimComplete<CR>:echo 1")
  case.standin:wait("ended=1")
  tools.wait_progress(child, "waiting for your decision")
  eq(consent.asked(child), {})
  child:type("<C-c>")
  eq(child:wait_end().outcome, "done")
  eq(#consent.asked(child), 1)
  eq(child:api("nvim_get_mode").mode, "n")
end

T["a question waits for the end of Insert mode, and what is typed stays"] = function()
  local child, call = start()
  tools.answer_with(child, "Allow it once")
  child:command("inoremap <F5> <Cmd>ChatvimComplete<CR>")
  tools.script({ call }, "Done.")
  child:type("A<F5>")
  case.standin:wait("ended=1")
  tools.wait_progress(child, "waiting for your decision")
  eq(consent.asked(child), {})
  eq(child:api("nvim_get_mode").mode, "i")
  child:type("<Esc>")
  eq(child:wait_end().outcome, "done")
  eq(#consent.asked(child), 1)
  eq(child:text(), case.answered(BEFORE, block(call, "result", "from elsewhere") .. "\n\nDone."))
end

--- Makes lists in the child wait: `_G.lists` has the function that answers each.
local HOLD = [[
  _G.lists = {}
  vim.ui.select = function(items, options, on_choice)
    table.insert(_G.lists, function(text)
      for _, item in ipairs(items) do
        if vim.startswith(options.format_item(item), text) then
          return on_choice(item)
        end
      end
      on_choice(nil)
    end)
  end
]]

---@param child tests.Child
---@param count integer
local function wait_lists(child, count)
  wait.until_true(count .. " questions", function()
    return child:lua("return #_G.lists") == count
  end)
end

---@param child tests.Child
---@param number integer
---@param text string
local function choose(child, number, text)
  child:lua("local number, text = ...; _G.lists[number](text)", number, text)
end

T["two chats ask one after the other, each is answered for itself"] = function()
  local child, call = start()
  child:lua(HOLD)
  local first = child:api("nvim_get_current_buf")
  tools.script({ call })
  child:command("ChatvimComplete")
  wait_lists(child, 1)
  local second = child:chat(tools.FILES .. "R\n", "other.md")
  tools.script({ call })
  child:command("ChatvimComplete")
  case.standin:wait("ended=2")
  tools.wait_progress(child, "waiting for your decision")
  case.standin:script({ replies.answer("First.") })
  choose(child, 1, "Allow it once")
  child:wait_end(1)
  case.expect_part(child:text(first), "from elsewhere\n```\n\n</details>\n\nFirst.")
  eq(child:text(second), tools.FILES .. "R")
  wait_lists(child, 2)
  case.standin:script({ replies.answer("Second.") })
  choose(child, 2, "Allow it once")
  child:wait_end(2)
  case.expect_part(child:text(second), "Second.")
  eq(#child:api("nvim_list_wins"), 1)
end

T["an edit of the chat while a question is open is kept"] = function()
  local child, call = start()
  child:lua(HOLD)
  tools.script({ call }, "Done.")
  child:command("ChatvimComplete")
  wait_lists(child, 1)
  child:lua("vim.api.nvim_buf_set_lines(0, -1, -1, true, { '', 'below' })")
  child:lua("vim.api.nvim_buf_set_text(0, 4, 0, 4, 0, { 'above ' })")
  choose(child, 1, "Allow it once")
  eq(child:wait_end().outcome, "done")
  local text = child:text()
  case.expect_part(text, "above Q")
  case.expect_part(text, "below")
  case.expect_part(text, block(call, "result", "from elsewhere") .. "\n\nDone.")
end

T["a decision after the answer was stopped, or the chat is gone, does nothing"] = function()
  for _, command in ipairs({ "ChatvimStop", "bwipeout!" }) do
    local child, call = start()
    case.standin:reset()
    child:lua(HOLD)
    tools.script({ call }, "Done.")
    child:command("ChatvimComplete")
    wait_lists(child, 1)
    child:command(command)
    eq(child:wait_end().outcome, "stopped")
    local text = child:text()
    choose(child, 1, "Allow it once")
    choose(child, 1, "Allow it once")
    case.expect_calm(child)
    eq({ child:text(), #case.standin:requests() }, { text, 1 })
    eq(#child:api("nvim_list_wins"), 1)
    child:stop()
  end
end

return T
