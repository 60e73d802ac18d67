-- SPDX-License-Identifier: Apache-2.0
-- Answers that call tools: what stands in the buffer, and that nothing else of the user's changes.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local tools = require("helpers.tools")
local views = require("helpers.views")
local eq = MiniTest.expect.equality

local T = case.set()

local CHAT = tools.FILES .. "What is in it?\n"
local BEFORE = tools.FILES .. "What is in it?"

--- Starts a child with a file a.txt, and opens a chat.
---@param options? tests.ChildOptions
---@return tests.Child
local function start(options)
  local child = case.child(options)
  files.write(child.folder .. "/a.txt", "alpha\n")
  child:chat(CHAT)
  return child
end

--- Returns the chat after an answer that read a.txt, with a text before and after the call.
---@param result? string
---@return string
local function answered(result)
  local block = tools.block(1, "files.read", "c1", '{"path":"a.txt"}', "result", result or "alpha")
  return case.answered(BEFORE, ("I'll look.\n\n%s\n\nIt says alpha."):format(block))
end

--- Scripts that answer. The second reply begins at the gate "second", and the rest of its text
--- follows at the gate "rest".
local function script()
  case.standin:script({
    replies.calls({ tools.read("c1", "a.txt") }, "I'll look.", true),
    {
      steps = {
        { wait = "second" },
        { deltas = { split = "It says " } },
        { wait = "rest" },
        { deltas = { split = "alpha." } },
        { finish = "stop", usage = true },
      },
    },
  })
end

--- Completes the chat; `at` is called when the call stands in the buffer, and when the next text
--- does.
---@param child tests.Child
---@param at? fun(step: integer)
---@return table data of ChatvimEnd
local function run(child, at)
  local ends = #child:events("ChatvimEnd")
  local buf = child:api("nvim_get_current_buf")
  script()
  child:command("ChatvimComplete")
  case.standin:wait("waiting=second")
  child:wait_text("</details>", buf)
  local _ = at and at(1)
  case.standin:release("second")
  child:wait_text("It says", buf)
  _ = at and at(2)
  case.standin:release("rest")
  return child:wait_end(ends + 1)
end

T["a call, its result and the text around it are one answer"] = function()
  local child = start()
  local ended = run(child)
  eq(child:text(), answered())
  eq({ ended.outcome, ended.model, ended.finish_reason }, { "done", "m1", "stop" })
  eq({ #child:events("ChatvimStart"), #child:events("ChatvimEnd") }, { 1, 1 })
  local requests = case.standin:requests()
  eq(#requests, 2)
  -- The tokens of both requests: a delta counts as one.
  eq(ended.usage.output, 7)
  eq(requests[2].json.messages[2].content, "I'll look.")
  eq(requests[2].json.messages[3], { role = "tool", tool_call_id = "c1", content = "alpha" })
  case.expect_calm(child)
end

T["one u takes the whole answer back, one CTRL-R brings it again"] = function()
  local child = start()
  run(child)
  for _ = 1, 3 do
    child:feed("u")
    eq(child:text(), BEFORE)
    child:feed("<C-r>")
    eq(child:text(), answered())
  end
  child:feed("u")
  eq(child:lua("return vim.bo.modified"), false)
end

T["one undo too if the user types in another window meanwhile"] = function()
  local child = start()
  local chat = child:api("nvim_get_current_buf")
  script()
  child:command("ChatvimComplete")
  case.standin:wait("waiting=second")
  child:command("new")
  child:feed("imine<Esc>")
  case.standin:release("second", true)
  case.standin:release("rest", true)
  child:wait_end()
  eq({ child:text(), child:text(chat) }, { "mine", answered() })
  child:command("wincmd p")
  child:feed("u")
  eq(child:text(chat), BEFORE)
end

T["an undo between the requests stops the answer"] = function()
  local child = start()
  script()
  child:command("ChatvimComplete")
  case.standin:wait("waiting=second")
  child:wait_text("</details>")
  child:feed("u")
  case.standin:release("second", true)
  case.standin:release("rest", true)
  eq(child:wait_end().outcome, "stopped")
  child:sync()
  eq(child:text(), BEFORE)
end

T["view, registers, marks and mode stay as they are"] = function()
  local child = case.child()
  files.write(child.folder .. "/a.txt", "alpha\n")
  local lines = {}
  for number = 1, 100 do
    table.insert(lines, "line " .. number)
  end
  child:chat(tools.FILES .. table.concat(lines, "\n") .. "\n")
  child:feed("50Gzt3lyiwma2Gmb60G")
  local function state()
    return child:lua([[
      local function mark(name)
        return vim.api.nvim_buf_get_mark(0, name)
      end
      return {
        vim.fn.getreg('"'), vim.fn.getreg("0"), vim.fn.getreg("/"), vim.fn.getjumplist()[2],
        mark("a"), mark("b"), mark("."), mark("["), mark("]"), vim.api.nvim_get_mode().mode,
        vim.o.undolevels, vim.fn.bufnr("#"), vim.fn.winlayout(),
      }
    ]])
  end
  local before, view = state(), views.all(child)
  local seen = 0
  run(child, function()
    seen = seen + 1
    eq(state(), before)
    eq(views.all(child), view)
  end)
  eq({ seen, state(), views.all(child) }, { 2, before, view })
end

T["a window at the end follows calls too"] = function()
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" } })
  files.write(child.folder .. "/a.txt", ("line\n"):rep(60))
  child:chat(CHAT)
  run(child, function()
    eq(child:lua("return vim.fn.line('w$') == vim.fn.line('$')"), true)
  end)
  case.expect_part(table.concat(views.screen(child), "\n"), "It says alpha.")
end

T["autosave writes the file once, with the calls"] = function()
  local child = start({ options = { autosave = true } })
  child:lua([[
    _G.written = 0
    vim.api.nvim_create_autocmd("BufWritePost", {
      callback = function()
        _G.written = _G.written + 1
      end,
    })
  ]])
  run(child, function()
    eq(files.read(child.folder .. "/chat.md"), CHAT)
  end)
  child:sync()
  eq(files.read(child.folder .. "/chat.md"), answered() .. "\n")
  eq({ child:lua("return _G.written"), child:lua("return vim.bo.modified") }, { 1, false })
end

T["unsaved changes of another buffer are what a tool reads"] = function()
  local child = start()
  child:command("edit a.txt")
  child:feed("ggcwbeta <Esc>ogamma<Esc>")
  child:command("buffer chat.md")
  run(child)
  eq(tools.messages()[3].content, "beta \ngamma")
  eq(child:text(), answered("beta \ngamma"))
  eq(files.read(child.folder .. "/a.txt"), "alpha\n")
end

T["a tool reads what the buffer has by then, or the file once it is written"] = function()
  local child = start()
  for _, keys in ipairs({ "cclater<Esc>", "ccwritten<Esc>:write<CR>" }) do
    child:command("edit a.txt")
    child:feed("ggccearlier<Esc>")
    child:command("buffer chat.md | silent edit!")
    local call = replies.calls({ tools.read("c1", "a.txt") }).steps
    case.standin:reset()
    case.standin:script({ { steps = { { wait = "call" }, unpack(call) } }, replies.answer("A") })
    child:command("ChatvimComplete")
    case.standin:wait("waiting=call")
    child:command("buffer a.txt")
    child:feed(keys)
    case.standin:release("call")
    child:wait_end(#child:events("ChatvimStart"))
    eq(tools.messages()[3].content, keys:match("cc(%a+)"))
    child:command("silent write! | buffer chat.md | silent edit!")
  end
end

T["the calls of a step stand in their order, results of one and failures of another"] = function()
  local child = start()
  files.write(child.folder .. "/b.txt", "# === USER ===\n```\n</details>\n")
  local calls =
    { tools.read("c1", "none.txt"), tools.read("c2", "b.txt"), tools.read("c3", "a.txt") }
  tools.script(calls, "Done.")
  eq(child:complete().outcome, "done")
  local text = child:text()
  local second = "````text result\n\\# === USER ===\n```\n</details>\n````\n\n</details>"
  case.expect_part(text, second)
  case.expect_part(text, "```text error\n")
  local first = text:find("json c1", 1, true)
  eq(
    { first < text:find("json c2", 1, true), text:find("json c2", 1, true) < text:find("json c3") },
    { true, true }
  )
  eq(tools.messages()[4].content, "# === USER ===\n```\n</details>")
  local messages = child:lua("return require('chatvim').messages()")
  eq({ #messages, messages[2].role }, { 2, "assistant" })
end

T["limits: equal calls end the answer, which can go on"] = function()
  local child = start()
  local call = replies.calls({ tools.read("c1", "a.txt") })
  case.standin:script({ call, call, call })
  local ended = child:complete()
  eq(#case.standin:requests(), 3)
  case.expect_part(child:messages(), "Complete the chat again to go on")
  eq(ended.outcome, "error")
  case.standin:script({ replies.answer("Enough.") })
  eq(child:complete().outcome, "done")
  child:wait_text("Enough.")
end

return T
