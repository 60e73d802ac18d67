-- SPDX-License-Identifier: Apache-2.0
-- When a question is shown, and what follows from its answer.
local case = require("helpers.case")
local consent = require("helpers.consent")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

T["a picker that answers twice sends once"] = function()
  local child = consent.start()
  case.standin:script({ replies.answer("A") })
  child:chat(consent.embed(child))
  child:lua([[
    vim.ui.select = function(items, _, on_choice)
      on_choice(items[1])
      on_choice(items[1])
      on_choice(nil)
    end
  ]])
  consent.complete(child)
  eq(#case.standin:requests(), 1)
  case.expect_calm(child)
end

T["a no, or a cancelled list, sends nothing and changes nothing"] = function()
  local child = consent.start()
  local text = consent.embed(child)
  child:chat(text)
  for _, choice in ipairs({ "Do not send", false }) do
    consent.answer_with(child, choice)
    eq(child:complete().outcome, "error")
    eq(#consent.asked(child), 1)
    eq(child:text() .. "\n", text)
  end
  child:wait_message("nothing was sent")
  eq(#case.standin:requests(), 0)
  eq(vim.uv.fs_stat(child.home .. "/state/chatvim/trust.json"), nil)
end

T["continue and retry keep their mode through a question"] = function()
  local child = consent.start()
  case.standin:script({ replies.answer("new") })
  child:chat(consent.embed(child) .. "\n# === ASSISTANT ===\n\nold\n\n# === USER ===\n\n")
  consent.answer_with(child, "Allow this file for this Neovim")
  child:command("ChatvimRetry")
  child:wait_text("new")
  eq(child:text():find("old"), nil)
end

T["the dry run asks about files too, but not whether to send"] = function()
  local child = consent.start()
  child:chat(consent.embed(child))
  consent.answer_with(child, "Do not show it")
  child:command("ChatvimRequest")
  child:wait_message("the request is not shown")
  case.expect_part(consent.asked(child)[1].prompt, "Show it in the request?")
  consent.answer_with(child, "Allow this file for this Neovim")
  child:command("ChatvimRequest")
  child:wait_text("from elsewhere")
  eq(child:lua("return vim.bo.buftype"), "nofile")
  eq(#case.standin:requests(), 0)
end

T["if nobody can be asked, the refusal is shown and .chatvim.md is not used"] = function()
  local child = consent.start()
  system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n')
  child:chat(consent.embed(child))
  eq(child:complete().outcome, "error")
  child:wait_message("has to be allowed")
  case.standin:script({ replies.answer("A") })
  child:chat("Q\n", "other.md")
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.model, "m1")
end

T["a question waits until the user leaves the command line"] = function()
  local child = consent.start(nil, { screen = true })
  child:chat(consent.embed(child))
  consent.answer_with(child, false)
  child:type(":ChatvimComplete<CR>:echo 1")
  child:wait_end()
  eq(consent.asked(child), {})
  child:type("<C-c>")
  wait.until_true("the question", function()
    return #child:lua("return _G.asked") == 1
  end)
end

T["a yes for a buffer that is gone does nothing"] = function()
  local child = consent.start()
  local buf = child:chat(consent.embed(child))
  child:lua([[
    vim.ui.select = function(items, _, on_choice)
      _G.choose = function()
        on_choice(items[1])
      end
    end
  ]])
  child:complete()
  wait.until_true("the question", function()
    return child:lua("return _G.choose ~= nil")
  end)
  child:command("bwipeout! " .. buf)
  child:lua("_G.choose()")
  case.expect_calm(child)
  eq(#case.standin:requests(), 0)
end

return T
