-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimComplete with models: what is checked before anything is sent, and what is sent.
local case = require("helpers.case")
local compare = require("helpers.compare")
local consent = require("helpers.consent")
local replies = require("helpers.replies")
local system = require("helpers.system")
local tools = require("helpers.tools")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["one model answers in the chat, whatever the front matter says"] = function()
  local child = case.child()
  child:chat('+++\nmodel = "m3"\n+++\nQ')
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  eq(child:complete("ChatvimComplete standin/m2").model, "m2")
  eq(child:text(), case.answered('+++\nmodel = "m3"\n+++\nQ', "A"))
  child:command("normal! Gomore")
  eq(child:complete().model, "m3")
  eq(case.standin:requests(2)[1].json.model, "m2")
end

T["an unknown model is named before any other is asked"] = function()
  local child = case.child()
  child:chat(compare.CHAT)
  for _, names in ipairs({ "m1 nobody/x", "nobody/x m1", "nobody/x" }) do
    child:command("messages clear")
    child:command("ChatvimComplete " .. names)
    child:wait_message("nobody")
    wait.until_true("a chat that is free", function()
      return child:lua("return require('chatvim').status(0)") == ""
    end)
  end
  eq({ #child:api("nvim_list_tabpages"), #case.standin:requests() }, { 1, 0 })
  eq(child:text() .. "\n", compare.CHAT)
end

T["what cannot be asked together is refused"] = function()
  local child = case.child()
  child:chat(compare.CHAT)
  case.expect_refusal(child, "ChatvimComplete! m1 m2", "leave out the `!` or the model")
  case.expect_refusal(child, "ChatvimComplete m1 m2 m3 m4 m5 m6 m7", "at most 6 models")
  child:command("ChatvimComplete m1 standin/m1")
  child:wait_message("standin/m1 is there twice")
  eq(#case.standin:requests(), 0)
end

T["a chat without a question is refused, once"] = function()
  local child = case.child()
  child:chat(case.EMPTY)
  child:command("ChatvimComplete m1 m2")
  wait.until_true("the message", function()
    return child:messages() ~= ""
  end)
  eq({ #child:api("nvim_list_tabpages"), child:text() .. "\n" }, { 1, case.EMPTY })
end

T["a file that needs permission is asked about once"] = function()
  local child = consent.start()
  child:chat(compare.CHAT .. "\n" .. consent.embed(child))
  consent.answer_with(child, "Allow this file for this Neovim")
  case.standin:script(compare.script({ m1 = "I am one.", m2 = "I am two." }))
  child:command("ChatvimComplete m1 m2")
  local requests = case.standin:requests(2)
  eq(#consent.asked(child), 1)
  for _, request in ipairs(requests) do
    case.expect_part(request.body, "from elsewhere")
  end
end

T["text that looks like a key is asked about once, and then each is sent"] = function()
  local kind = "RSA PRIVATE KEY-----\n"
  local child = case.child()
  system.write(child.folder .. "/id", "-----BEGIN " .. kind .. "AAAA\n-----END " .. kind)
  case.standin:script(compare.script({ m1 = "I am one.", m2 = "I am two." }))
  child:chat("![](id)\n")
  consent.answer_with(child, false)
  child:command("ChatvimComplete m1 m2")
  child:wait_message("nothing was sent")
  consent.answer_with(child, "Send it all the same")
  child:command("ChatvimComplete m1 m2")
  eq(#case.standin:requests(2), 2)
  eq(#consent.asked(child), 1)
end

T["no tools are offered, which is said"] = function()
  local child = case.child({ config = tools.config() })
  case.standin:script(compare.script({ m1 = "I am one.", m2 = "I am two." }))
  child:chat('+++\ntools = ["files"]\n+++\n' .. compare.CHAT)
  child:command("ChatvimComplete m1 m2")
  for _, request in ipairs(case.standin:requests(2)) do
    eq(request.json.tools, nil)
  end
  child:wait_message("no tools while models are asked side by side")
end

T["models are completed, without those that are named already"] = function()
  local child = case.child()
  child:chat(compare.CHAT)
  local function completed(text)
    return child:lua("return vim.fn.getcompletion(..., 'cmdline')", "ChatvimComplete " .. text)
  end
  eq(completed("standin/m2"), { "standin/m2" })
  local list = completed("standin/m2 standin/")
  eq(
    { vim.list_contains(list, "standin/m1"), vim.list_contains(list, "standin/m2") },
    { true, false }
  )
end

return T
