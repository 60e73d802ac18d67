-- SPDX-License-Identifier: Apache-2.0
-- What the user sees before, during and after an answer.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local screens = require("helpers.screens")
local tools = require("helpers.tools")
local wait = require("helpers.wait")

local T = case.set()

local CHAT = [[
# === USER ===

Write a function in Python that greets someone.
]]

local ANSWER = {
  "Here it is:\n\n```python\ndef greet(name):\n",
  '    return f"Hello, {name}!"\n```\n\nCall it as `greet("World")`.',
}

local CALLS = {
  "# === USER ===",
  "",
  "Is there a main?",
  "",
  "# === ASSISTANT ===",
  "",
  "<!-- chatvim:state anthropic/claude",
  "ZXlK",
  "-->",
  "",
  "<details><summary>Step 1: files.read</summary>",
  "",
  "```json id1",
  '{"path": "src/main.c"}',
  "```",
  "",
  "```text error",
  "src/main.c: no such file",
  "```",
  "",
  "</details>",
  "",
  "<details><summary>Step 2: files.list</summary>",
  "",
  "```json id2",
  '{"path": "src"}',
  "```",
  "",
  "</details>",
  "",
}

--- Starts a child and sends a question.
---@param script table
---@param options? tests.ChildOptions
---@param text? string
---@return tests.Child
local function ask(script, options, text)
  -- Without NVIM_TEST, Neovim 0.12 warns about a terminal that does not report its background.
  local own = { screen = true, env = { NVIM_TEST = "1" } }
  local child = case.child(vim.tbl_extend("force", own, options or {}))
  case.standin:script(script)
  files.write(child.folder .. "/chat.md", text or CHAT)
  child:command("edit chat.md | normal! G$")
  child:command("ChatvimComplete")
  return child
end

---@param child tests.Child
---@param part string
local function wait_shown(child, part)
  wait.until_true(part .. " beside the text", function()
    return child:virtual_text():find(part, 1, true)
  end)
end

T["connecting"] = function()
  -- The server never answers the TLS handshake.
  local config = case.config():gsub("http://", "https://")
  local child = ask({ greeting = "hang", replies = {} }, { config = config })
  wait_shown(child, "m1 · connecting")
  screens.expect(child, "connecting")
end

T["waiting"] = function()
  local child = ask({ replies.silent() })
  wait_shown(child, "waiting")
  screens.expect(child, "waiting")
end

T["waiting, with the last line at the bottom of the window"] = function()
  local text = ("A line of a long chat.\n"):rep(40) .. CHAT
  local child = ask({ replies.silent() }, {}, text)
  wait_shown(child, "waiting")
  screens.expect(child, "waiting-bottom")
end

T["thinking, with a count"] = function()
  local child = ask({
    {
      steps = {
        { deltas = { text = { ("thought "):rep(40) }, count = 1, field = "reasoning_content" } },
        { hang = true },
      },
    },
  })
  wait_shown(child, "thinking (320 characters)")
  screens.expect(child, "thinking")
end

T["writing"] = function()
  local child = ask({ replies.gated(ANSWER) })
  child:wait_text("def greet(name):")
  wait_shown(child, "writing")
  screens.expect(child, "writing")
end

T["writing, a paragraph that wraps at the bottom of the window"] = function()
  local text = ("A line of a long chat.\n"):rep(40) .. CHAT
  local child = ask({ replies.gated({ ("A word. "):rep(36) .. "Now.", "Then." }) }, {}, text)
  child:wait_text("Now.")
  wait_shown(child, "writing")
  screens.expect(child, "writing-bottom")
end

T["done: model, tokens and seconds"] = function()
  local reply = replies.answer(table.concat(ANSWER))
  reply.steps[2].usage = true
  local child = ask({ reply })
  child:wait_end()
  screens.expect(child, "done")
end

T["an error"] = function()
  local child = ask({ { status = 401, json = { error = { message = "Incorrect API key" } } } })
  child:wait_end()
  screens.expect(child, "error")
end

T["an error that is longer than the line for messages"] = function()
  local message = "The request is too large: " .. ("a very long reason, "):rep(20)
  local child = ask({ { status = 400, json = { error = { message = message } } } })
  child:wait_end()
  screens.expect(child, "error-long")
end

T["an error in the middle of an answer"] = function()
  local child = ask({
    {
      steps = {
        { deltas = { text = { ANSWER[1] }, count = 1 } },
        { event = { error = { message = "The server is out of memory" } } },
      },
    },
  })
  child:wait_end()
  screens.expect(child, "error-in-answer")
end

T["stopped"] = function()
  local child = ask({ replies.gated(ANSWER) })
  child:wait_text("def greet(name):")
  child:command("ChatvimStop")
  child:wait_end()
  screens.expect(child, "stopped")
end

T["cut, by the limit of tokens"] = function()
  local child = ask({
    { steps = { { deltas = { text = { ANSWER[1] }, count = 1 } }, { finish = "length" } } },
  })
  child:wait_end()
  screens.expect(child, "cut")
end

T["a request that is retried, with its countdown"] = function()
  local headers = { ["Retry-After"] = 30 }
  local json = { error = { message = "Slow down" } }
  local child = ask({ { status = 429, headers = headers, json = json } })
  wait_shown(child, "again in")
  screens.expect(child, "retrying")
end

T["a failure below the question, its advice first, until the next try"] = function()
  local why = "Incorrect API key provided: sk-12345. You can find your API key in the settings"
  local child = ask({ { status = 401, json = { error = { message = why } } } })
  child:wait_end()
  wait_shown(child, "Incorrect API key")
  screens.expect(child, "failure")
  child:command("messages clear | redraw | vsplit | normal! G$")
  wait_shown(child, "Incorrect API key")
  screens.expect(child, "failure-split")
  case.standin:script({ replies.answer("Now it works.") })
  child:complete()
  child:wait_text("Now it works.")
  if child:virtual_text():find("Incorrect", 1, true) then
    error("the failure is still there")
  end
end

T["a failure at the bottom of the window"] = function()
  local text = ("A line of a long chat.\n"):rep(40) .. CHAT
  local child = ask({ { status = 401, json = { error = { message = "No key" } } } }, {}, text)
  child:wait_end()
  wait_shown(child, "No key")
  screens.expect(child, "failure-bottom")
end

T["an embed whose target is concealed"] = function()
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" } })
  files.write(child.folder .. "/notes.txt", "one\ntwo\n")
  files.write(child.folder .. "/chat.md", "# === USER ===\n\nLook:\n\n![](notes.txt)\n\nand say.\n")
  child:command("set conceallevel=2 | edit chat.md")
  wait.until_true("what the embed holds", function()
    local marks = child:lua([[
      local namespace = vim.api.nvim_get_namespaces()["chatvim.embeds"]
      return namespace and vim.inspect(
        vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })
      ) or ""
    ]])
    return marks:find("notes.txt: 2 lines", 1, true)
  end)
  screens.expect(child, "conceal")
end

T["an answer with two calls, folded and open"] = function()
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" }, options = { folds = true } })
  files.write(child.folder .. "/chat.md", table.concat(CALLS, "\n"))
  child:command("set conceallevel=2 | edit chat.md")
  screens.expect(child, "calls-folded")
  child:command("set nofoldenable")
  screens.expect(child, "calls-open")
end

T["a question about a call of a tool"] = function()
  -- A command line and a folder that are the same on every machine.
  local server = require("helpers.environment").tool_server
  local config = tools.config():gsub(vim.pesc(server), vim.fs.basename(server))
  local env = { NVIM_TEST = "1", HOME = "/", PATH = vim.fs.dirname(server) }
  local child = case.child({ screen = true, env = env, config = config })
  child:lua([[
    vim.ui.select = function(items, options, on_choice)
      if vim.startswith(options.prompt, "Start") then
        return on_choice(items[1])
      end
      _G.prompt = options.prompt
    end
  ]])
  tools.script({ tools.demo("c1", "echo", { text = "Hello,\nworld", times = 2 }) })
  files.write(child.folder .. "/chat.md", tools.DEMO .. CHAT)
  child:command("edit chat.md | normal! G$")
  child:command("ChatvimComplete")
  wait.until_true("the question", function()
    return child:lua("return _G.prompt") == "Run demo.echo?"
  end)
  wait_shown(child, "waiting for your decision")
  screens.expect(child, "question")
end

T["retrying an answer that is longer than the window"] = function()
  local answer = ("A line of a long answer.\n"):rep(40)
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" } })
  case.standin:script({ replies.silent() })
  files.write(child.folder .. "/chat.md", case.answered(vim.trim(CHAT), vim.trim(answer)))
  child:command("edit chat.md | normal! G$")
  child:command("ChatvimRetry")
  case.standin:wait("wait=1")
  wait_shown(child, "waiting")
  screens.expect(child, "retry-long")
end

return T
