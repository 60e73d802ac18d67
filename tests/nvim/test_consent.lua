-- SPDX-License-Identifier: Apache-2.0
-- What is asked about before a chat is sent, what a yes means and how long it lasts.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Lists are answered with the items that begin with these texts, one after the other; `false` is
--- nothing chosen.
local function answer_with(child, ...)
  child:lua(
    [[
    _G.asked, _G.answers = {}, { ... }
    vim.ui.select = function(items, options, on_choice)
      local texts = vim.tbl_map(options.format_item, items)
      table.insert(_G.asked, { prompt = options.prompt, items = texts })
      local wanted = table.remove(_G.answers, 1)
      for index, text in ipairs(texts) do
        if wanted and vim.startswith(text, wanted) then
          return on_choice(items[index])
        end
      end
      on_choice(nil)
    end
  ]],
    ...
  )
end

local function asked(child)
  child:sync()
  return child:lua("return _G.asked")
end

--- A child with a file elsewhere, `elsewhere/a.txt` in its private folder.
local function child_with_file(text)
  local child = case.child()
  vim.fn.mkdir(child.home .. "/elsewhere", "p")
  system.write(child.home .. "/elsewhere/a.txt", text or "from elsewhere\n")
  return child
end

local function embed(child, name)
  return ("![](%s/elsewhere/%s)\n"):format(child.home, name or "a.txt")
end

--- Completes the chat, which is refused and then asked about and sent.
local function complete(child)
  local before = #child:events("ChatvimEnd")
  child:command("ChatvimComplete")
  local outcome
  wait.until_true("the end of the answer that was allowed", function()
    local ends = child:events("ChatvimEnd")
    outcome = ends[#ends]
    return #ends > before and outcome.outcome == "done"
  end)
  child:sync()
end

local function sent()
  local requests = case.standin:requests()
  local messages = requests[#requests].json.messages
  return messages[#messages].content, #requests
end

T["a file from elsewhere is asked about once, and the yes is remembered"] = function()
  local child = child_with_file()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat(embed(child))
  answer_with(child, "Allow this file")
  complete(child)
  local questions = asked(child)
  eq(#questions, 1)
  case.expect_part(questions[1].prompt, "Line 1 embeds " .. child.home .. "/elsewhere/a.txt")
  eq(questions[1].items[2], ("Allow everything in %s/elsewhere"):format(child.home))
  case.expect_part(sent(), "from elsewhere")
  case.expect_calm(child)
  local state = system.read(child.home .. "/state/chatvim/trust.json")
  case.expect_part(state, child.home .. "/elsewhere/a.txt")
  child:stop()
  local other = child:another()
  other:chat(embed(other), "other.md")
  answer_with(other)
  complete(other)
  eq(asked(other), {})
end

T["everything in a folder, for other files too, and not for its neighbours"] = function()
  local child = child_with_file()
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat(embed(child))
  answer_with(child, "Allow everything in ")
  complete(child)
  system.write(child.home .. "/elsewhere/b.txt", "its neighbour\n")
  child:chat(embed(child, "b.txt"), "b.md")
  complete(child)
  eq(#asked(child), 1)
  case.expect_part(sent(), "its neighbour")
  vim.fn.mkdir(child.home .. "/elsewhere2", "p")
  system.write(child.home .. "/elsewhere2/a.txt", "no\n")
  child:chat(("![](%s/elsewhere2/a.txt)\n"):format(child.home), "c.md")
  child:complete()
  eq(#asked(child), 2)
  eq(select(2, sent()), 2)
end

T["only this time is forgotten after it; several files are asked about one by one"] = function()
  local child = child_with_file()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  case.standin:script({ replies.answer("A") })
  child:chat(embed(child) .. "\n" .. embed(child, "b.txt"))
  answer_with(child, "Only this time", "Only this time", false)
  complete(child)
  eq(#asked(child), 2)
  case.expect_part(sent(), "the other")
  child:chat(embed(child), "other.md")
  eq(child:complete().outcome, "error")
  eq(#asked(child), 3)
  eq(select(2, sent()), 1)
end

T["all of several files, with one answer"] = function()
  local child = child_with_file()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  system.write(child.home .. "/elsewhere/c.txt", "and another\n")
  case.standin:script({ replies.answer("A") })
  local embeds = { embed(child), embed(child, "b.txt"), embed(child, "c.txt") }
  child:chat(table.concat(embeds, "\n"))
  answer_with(child, "All 3 files, only this time")
  complete(child)
  eq(#asked(child), 1)
  case.expect_part(asked(child)[1].prompt, "/elsewhere/a.txt, and 2 more, from outside of")
  case.expect_part(sent(), "and another")
end

T["a name that would look like another is shown for what it is"] = function()
  local child = child_with_file()
  local name = "a\226\128\174txt.exe"
  system.write(child.home .. "/elsewhere/" .. name, "x\n")
  child:chat(embed(child, name))
  answer_with(child, false)
  child:complete()
  case.expect_part(asked(child)[1].prompt, "/elsewhere/a?txt.exe, from outside of")
end

T["a list that answers twice sends once"] = function()
  local child = child_with_file()
  case.standin:script({ replies.answer("A") })
  child:chat(embed(child))
  child:lua([[
    vim.ui.select = function(items, _, on_choice)
      on_choice(items[1])
      on_choice(items[1])
      on_choice(nil)
    end
  ]])
  complete(child)
  eq(#case.standin:requests(), 1)
  case.expect_calm(child)
end

T["a no, or a list that is left, sends nothing and changes nothing"] = function()
  local child = child_with_file()
  local text = embed(child)
  child:chat(text)
  for _, choice in ipairs({ "Do not send", false }) do
    answer_with(child, choice)
    eq(child:complete().outcome, "error")
    eq(#asked(child), 1)
    eq(child:text() .. "\n", text)
  end
  child:wait_message("nothing was sent")
  eq(#case.standin:requests(), 0)
  eq(vim.uv.fs_stat(child.home .. "/state/chatvim/trust.json"), nil)
end

T["what looks like a key is asked about with its place; a yes lasts for the buffer"] = function()
  local kind = "RSA PRIVATE KEY-----\n"
  local key = "one\n-----BEGIN " .. kind .. "AAAA\n-----END " .. kind
  local child = case.child()
  system.write(child.folder .. "/id", key)
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("![](id)\n")
  answer_with(child, "Send it all the same")
  complete(child)
  local questions = asked(child)
  case.expect_part(questions[1].prompt, "Line 2 of id holds what looks like a private key")
  eq(questions[1].items[1], "Do not send")
  child:feed("GoMore.<Esc>")
  complete(child)
  eq(#asked(child), 1)
  child:chat("![](id)\n", "other.md")
  eq(child:complete().outcome, "error")
  eq(#asked(child), 2)
  eq(select(2, sent()), 2)
end

T["a key from elsewhere: asked about as a file, then as a key"] = function()
  local kind = "OPENSSH PRIVATE KEY-----\n"
  local child = child_with_file("-----BEGIN " .. kind .. "AAAA\n-----END " .. kind)
  child:chat(embed(child))
  answer_with(child, "Only this time", "Do not send")
  child:complete()
  child:wait_end(2)
  eq(#asked(child), 2)
  eq(#case.standin:requests(), 0)
end

T["going on and asking again keep their mode through a question"] = function()
  local child = child_with_file()
  case.standin:script({ replies.answer("new") })
  child:chat(embed(child) .. "\n# === ASSISTANT ===\n\nold\n\n# === USER ===\n\n")
  answer_with(child, "Only this time")
  child:command("ChatvimRetry")
  child:wait_text("new")
  eq(child:text():find("old"), nil)
end

T["the dry run asks too"] = function()
  local child = child_with_file()
  child:chat(embed(child))
  answer_with(child, "Only this time")
  child:command("ChatvimRequest")
  child:wait_text("from elsewhere")
  eq(child:lua("return vim.bo.buftype"), "nofile")
end

T["the text of a buffer wins over its file, without a question"] = function()
  local child = case.child()
  system.write(child.folder .. "/a.txt", "old\n")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("![](a.txt)\n\n![](new.txt)\n")
  local chat = child:api("nvim_get_current_buf")
  child:command("edit " .. child.folder .. "/a.txt")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "edited", "not saved" })
  child:command("edit " .. child.folder .. "/new.txt")
  child:api("nvim_buf_set_lines", 0, 0, -1, true, { "never saved" })
  child:command("buffer " .. chat)
  answer_with(child)
  eq(child:complete().outcome, "done")
  eq(sent(), "a.txt\n```\nedited\nnot saved\n```\n\nnew.txt\n```\nnever saved\n```")
  eq(asked(child), {})
  eq(#child:events("ChatvimEnd"), 1)
  case.expect_calm(child)
end

T["a folder's .chatvim.md is offered once, and used after a yes"] = function()
  local child = case.child()
  system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n\nSpeak briefly.\n')
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q\n")
  answer_with(child, "Use it")
  complete(child)
  case.expect_part(asked(child)[1].prompt, child.folder .. "/.chatvim.md")
  local request = case.standin:requests()[1].json
  eq({ request.model, #request.messages }, { "m2", 2 })
  child:feed("GoMore.<Esc>")
  complete(child)
  eq(#asked(child), 1)
end

T["a .chatvim.md that is not wanted, now or ever"] = function()
  for index, choice in ipairs({ "Not now", "Never" }) do
    local child = case.child()
    system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n')
    case.standin:script({ replies.answer("A"), replies.answer("B") })
    child:chat("Q\n")
    answer_with(child, choice)
    complete(child)
    child:feed("GoMore.<Esc>")
    complete(child)
    eq(#asked(child), 1)
    child:stop()
    local other = child:another()
    other:chat("Q\n", "other.md")
    answer_with(other, false)
    other:complete()
    eq(#asked(other), index == 1 and 1 or 0)
  end
  eq(case.standin:requests()[1].json.model, "m1")
end

T["without anybody to be asked the refusal is shown, and .chatvim.md is not used"] = function()
  local child = child_with_file()
  system.write(child.folder .. "/.chatvim.md", '+++\nmodel = "m2"\n+++\n')
  child:chat(embed(child))
  eq(child:complete().outcome, "error")
  child:wait_message("has to be allowed")
  case.standin:script({ replies.answer("A") })
  child:chat("Q\n", "other.md")
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.model, "m1")
end

T["a question waits until the command line is left"] = function()
  local child = case.child({ screen = true })
  vim.fn.mkdir(child.home .. "/elsewhere", "p")
  system.write(child.home .. "/elsewhere/a.txt", "from elsewhere\n")
  child:chat(embed(child))
  answer_with(child, false)
  child:type(":ChatvimComplete<CR>:echo 1")
  child:wait_end()
  eq(asked(child), {})
  child:type("<C-c>")
  wait.until_true("the question", function()
    return #child:lua("return _G.asked") == 1
  end)
end

T["a yes for a buffer that is gone does nothing"] = function()
  local child = child_with_file()
  local buf = child:chat(embed(child))
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
