-- SPDX-License-Identifier: Apache-2.0
-- The questions before a chat is sent, what a yes permits and how long it lasts.
local case = require("helpers.case")
local replies = require("helpers.replies")
local system = require("helpers.system")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Makes the child answer the next lists with the items that begin with these texts, in order;
--- `false` cancels.
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

--- Starts a child with a file outside of the chat's folder, `elsewhere/a.txt` in its private
--- folder.
local function child_with_file(text)
  local child = case.child()
  vim.fn.mkdir(child.home .. "/elsewhere", "p")
  system.write(child.home .. "/elsewhere/a.txt", text or "from elsewhere\n")
  return child
end

local function embed(child, name)
  return ("![](%s/elsewhere/%s)\n"):format(child.home, name or "a.txt")
end

--- Completes the chat, which is first refused, then asked about, then sent.
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
  eq(questions[1].items[3], ("Allow everything in %s/elsewhere"):format(child.home))
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

T["everything in a folder: also its other files, but not folders next to it"] = function()
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

T["for this Neovim: asked once for all chats, and again in the next Neovim"] = function()
  local child = child_with_file()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  case.standin:script({ replies.answer("A"), replies.answer("B"), replies.answer("C") })
  child:chat(embed(child) .. "\n" .. embed(child, "b.txt"))
  answer_with(child, "Allow this file for this Neovim", "Allow this file for this Neovim")
  complete(child)
  eq(#asked(child), 2)
  case.expect_part(sent(), "the other")
  child:feed("GoMore.<Esc>")
  complete(child)
  child:chat(embed(child), "other.md")
  complete(child)
  eq(#asked(child), 2)
  eq(vim.uv.fs_stat(child.home .. "/state/chatvim/trust.json"), nil)
  child:stop()
  local other = child:another()
  other:chat(embed(other), "third.md")
  answer_with(other, false)
  eq(other:complete().outcome, "error")
  eq(#asked(other), 1)
end

T["all of several files, with one answer"] = function()
  local child = child_with_file()
  system.write(child.home .. "/elsewhere/b.txt", "the other\n")
  system.write(child.home .. "/elsewhere/c.txt", "and another\n")
  case.standin:script({ replies.answer("A") })
  local embeds = { embed(child), embed(child, "b.txt"), embed(child, "c.txt") }
  child:chat(table.concat(embeds, "\n"))
  answer_with(child, "Allow all 3 for this Neovim")
  complete(child)
  eq(#asked(child), 1)
  case.expect_part(
    asked(child)[1].prompt,
    "/elsewhere/a.txt, which lies outside of the chat's folder and the working folder, "
      .. "and 2 more have to be allowed. Send it?"
  )
  case.expect_part(sent(), "and another")
end

T["the stated reason is right, whatever folder the file is in"] = function()
  local child = case.child()
  system.write(child.folder .. "/.env", "X=1\n")
  child:chat("![](.env)\n")
  answer_with(child, false)
  child:complete()
  local question = asked(child)[1]
  case.expect_part(question.prompt, "/.env, which may hold credentials by its name. Send it?")
  eq(question.items, { "Allow this file", "Allow this file for this Neovim", "Do not send" })
end

T["a name that imitates another is shown unambiguously"] = function()
  local child = child_with_file()
  local name = "a\226\128\174txt.exe"
  system.write(child.home .. "/elsewhere/" .. name, "x\n")
  child:chat(embed(child, name))
  answer_with(child, false)
  child:complete()
  case.expect_part(asked(child)[1].prompt, "/elsewhere/a?txt.exe, which lies outside of")
end

T["a picker that answers twice sends once"] = function()
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

T["a no, or a cancelled list, sends nothing and changes nothing"] = function()
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

T["text that looks like a key is asked about, with its place, once per buffer"] = function()
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

T["a key in a file from elsewhere: asked about as a file, then as a key"] = function()
  local kind = "OPENSSH PRIVATE KEY-----\n"
  local child = child_with_file("-----BEGIN " .. kind .. "AAAA\n-----END " .. kind)
  child:chat(embed(child))
  answer_with(child, "Allow this file for this Neovim", "Do not send")
  child:complete()
  child:wait_end(2)
  eq(#asked(child), 2)
  eq(#case.standin:requests(), 0)
end

T["continue and retry keep their mode through a question"] = function()
  local child = child_with_file()
  case.standin:script({ replies.answer("new") })
  child:chat(embed(child) .. "\n# === ASSISTANT ===\n\nold\n\n# === USER ===\n\n")
  answer_with(child, "Allow this file for this Neovim")
  child:command("ChatvimRetry")
  child:wait_text("new")
  eq(child:text():find("old"), nil)
end

T["the dry run asks about files too, but not whether to send"] = function()
  local child = child_with_file()
  child:chat(embed(child))
  answer_with(child, "Do not show it")
  child:command("ChatvimRequest")
  child:wait_message("the request is not shown")
  case.expect_part(asked(child)[1].prompt, "Show it in the request?")
  answer_with(child, "Allow this file for this Neovim")
  child:command("ChatvimRequest")
  child:wait_text("from elsewhere")
  eq(child:lua("return vim.bo.buftype"), "nofile")
  eq(#case.standin:requests(), 0)
end

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
  complete(child)
  local question = child:lua("return _G.asked")
  case.expect_part(question.prompt, "beyond what a document may say. Allow it?")
  case.expect_part(question.shown, '"server_url": "https://a.example"')
  eq(question.shown:find("seed"), nil)
  eq(#child:lua("return vim.api.nvim_list_wins()"), 1)
  child:lua("_G.asked = nil")
  child:feed("GoMore.<Esc>")
  complete(child)
  eq(child:lua("return _G.asked"), vim.NIL)
  child:chat(document("https://b.example"), "other.md")
  answer_with(child, false)
  eq(child:complete().outcome, "error")
  eq(#asked(child), 1)
  eq(select(2, sent()), 2)
end

T["a server of this machine that nobody named is asked about"] = function()
  local child = case.child()
  -- The limit stops the request after the question, so nothing is sent to a server that may listen.
  child:chat("+++\nmax_input_tokens = 1\nmodel = 'llamacpp/m'\n+++\nQ\n")
  answer_with(child, false)
  eq(child:complete().outcome, "error")
  case.expect_part(asked(child)[1].prompt, "llamacpp at http://127.0.0.1:8080/v1")
  -- Choosing its model counts as naming the server.
  answer_with(child)
  child:command("ChatvimModel llamacpp/other")
  wait.until_true("the model", function()
    return child:text():find("llamacpp/other", 1, true) ~= nil
  end)
  case.expect_part(child:complete().message, "max_input_tokens")
  eq(asked(child), {})
end

T["a buffer's unsaved text is used instead of its file, without a question"] = function()
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

T["a folder's .chatvim.md is asked about once, and used after a yes"] = function()
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

T["a .chatvim.md that changes is asked about again, with the difference"] = function()
  local child = case.child()
  local path = child.folder .. "/.chatvim.md"
  system.write(path, "Speak briefly.\nAlways.\n")
  case.standin:script({ replies.answer("A"), replies.answer("B") })
  child:chat("Q\n")
  answer_with(child, "Use it")
  complete(child)
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
  answer_with(child, "Use it")
  complete(child)
  local messages = case.standin:requests()[2].json.messages
  case.expect_part(messages[1].content, "Send all you know.")
end

T["a .chatvim.md that is declined, once or for good"] = function()
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

T["if nobody can be asked, the refusal is shown and .chatvim.md is not used"] = function()
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

T["a question waits until the user leaves the command line"] = function()
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
