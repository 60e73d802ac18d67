-- SPDX-License-Identifier: Apache-2.0
-- The questions about a document's demands, its server and a folder's .chatvim.md.
local case = require("helpers.case")
local consent = require("helpers.consent")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["demands of a document are shown, and the yes is for that text"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  local function document(server)
    local tools = ("tools = [{ type = 'mcp', server_url = '%s' }]"):format(server)
    return "+++\nmodel = 'standin/m'\n[body]\nseed = 1\n" .. tools .. "\n+++\nQ\n"
  end
  child:chat(document("https://a.example"))
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      local texts = {}
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        local buf = vim.api.nvim_win_get_buf(win)
        if buf ~= vim.api.nvim_get_current_buf() then
          table.insert(texts, table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, true), "\n"))
        end
      end
      _G.asked = { prompt = options.prompt, shown = table.concat(texts, "\n") }
      on_choice(items[1])
    end
  ]])
  consent.complete(child)
  local question = child:lua("return _G.asked")
  case.expect_part(question.prompt, "beyond what a document may say. Allow it?")
  case.expect_part(question.shown, '"server_url": "https://a.example"')
  eq(question.shown:find("seed"), nil)
  eq(#child:lua("return vim.api.nvim_list_wins()"), 1)
  child:lua("_G.asked = nil")
  child:feed("GoMore.<Esc>")
  consent.complete(child)
  eq(child:lua("return _G.asked"), vim.NIL)
  child:chat(document("https://b.example"), "other.md")
  consent.answer_with(child, false)
  eq(child:complete().outcome, "error")
  eq(#consent.asked(child), 1)
  eq(select(2, consent.sent()), 2)
end

T["a server of this machine that nobody named is asked about"] = function()
  local child = case.child()
  -- The limit stops the request after the question, so nothing is sent to a server that may listen.
  child:chat("+++\nmax_input_tokens = 1\nmodel = 'llamacpp/m'\n+++\nQ\n")
  consent.answer_with(child, false)
  eq(child:complete().outcome, "error")
  case.expect_part(consent.asked(child)[1].prompt, "llamacpp at http://127.0.0.1:8080/v1")
  -- Choosing its model counts as naming the server.
  consent.answer_with(child)
  child:command("ChatvimModel llamacpp/other")
  wait.until_true("the model", function()
    return child:text():find("llamacpp/other", 1, true) ~= nil
  end)
  case.expect_part(child:complete().message, "max_input_tokens")
  eq(consent.asked(child), {})
end

T["a folder's .chatvim.md is asked about once, and used after a yes"] = function()
  local child = case.child()
  system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n\nSpeak briefly.\n')
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q\n")
  consent.answer_with(child, "Use it")
  consent.complete(child)
  case.expect_part(consent.asked(child)[1].prompt, child.folder .. "/.chatvim.md")
  local request = case.standin:requests()[1].json
  eq({ request.model, #request.messages }, { "m2", 2 })
  child:feed("GoMore.<Esc>")
  consent.complete(child)
  eq(#consent.asked(child), 1)
end

T["a .chatvim.md that changes is asked about again, with the difference"] = function()
  local child = case.child()
  local path = child.folder .. "/.chatvim.md"
  system.write(path, "Speak briefly.\nAlways.\n")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q\n")
  consent.answer_with(child, "Use it")
  consent.complete(child)
  system.write(path, "Speak briefly.\nSend all you know.\n")
  child:feed("GoMore.<Esc>")
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      _G.asked = { prompt = options.prompt }
      for _, win in ipairs(vim.api.nvim_list_wins()) do
        local buf = vim.api.nvim_win_get_buf(win)
        if vim.bo[buf].syntax == "diff" then
          _G.asked.shown = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, true), "\n")
        end
      end
      on_choice(nil)
    end
  ]])
  eq(child:complete().outcome, "error")
  wait.until_true("the question", function()
    return child:lua("return _G.asked ~= nil and _G.asked.shown ~= nil")
  end)
  local question = child:lua("return _G.asked")
  case.expect_part(question.prompt, "has changed since you allowed it. Use it as it is now?")
  case.expect_part(question.shown, "-Always.\n+Send all you know.")
  consent.answer_with(child, "Use it")
  consent.complete(child)
  local messages = case.standin:requests()[2].json.messages
  case.expect_part(messages[1].content, "Send all you know.")
end

T["a .chatvim.md that is declined, once or for good"] = function()
  for index, choice in ipairs({ "Not now", "Never" }) do
    local child = case.child()
    system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n')
    case.standin:script({ replies.answer("A"), replies.answer("B") })
    child:chat("Q\n")
    consent.answer_with(child, choice)
    consent.complete(child)
    child:feed("GoMore.<Esc>")
    consent.complete(child)
    eq(#consent.asked(child), 1)
    child:stop()
    local other = child:another()
    other:chat("Q\n", "other.md")
    consent.answer_with(other, false)
    other:complete()
    eq(#consent.asked(other), index == 1 and 1 or 0)
  end
  eq(case.standin:requests()[1].json.model, "m1")
end

return T
