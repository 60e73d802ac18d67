-- SPDX-License-Identifier: Apache-2.0
-- Failures of the server and on the way to it: exactly one outcome, in plain words (B1).
local case = require("helpers.case")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

--- Expects one outcome and one message that contains `words`, and that the next send works.
local function expect_failed(child, words, outcome)
  child:sync()
  eq(#child:events("ChatvimEnd"), 1)
  local data = child:events("ChatvimEnd")[1]
  eq({ data.message, data.outcome }, { data.message, outcome or "error" })
  local messages = child:messages()
  for _, word in ipairs(words) do
    case.expect_part(messages, word)
  end
  local _, count = messages:gsub("chatvim: ", "")
  eq({ messages, count }, { messages, 1 })
  eq(messages:find("traceback", 1, true), nil)
  eq(child:virtual_text():find("stops", 1, true), nil)
  eq(child:lua("return require('chatvim').status()"), "")
end

local function expect_next_works(child, text)
  case.standin:script({ replies.answer("next") })
  local before = text or child:text()
  child:command("ChatvimComplete")
  eq(child:wait_end(2).outcome, "done")
  eq(child:text(), case.answered(before, "next"))
end

local BODIES = {
  json = function(status)
    return {
      status = status,
      json = { error = { message = "reason " .. status .. "\27[31m", type = "t", code = "c" } },
    }
  end,
  text = function(status)
    return {
      status = status,
      headers = { ["Content-Type"] = "text/plain" },
      body = "reason " .. status,
    }
  end,
  HTML = function(status)
    local page = "<html><head><title>reason %d</title></head><body><h1>reason %d</h1></body></html>"
    return {
      status = status,
      headers = { ["Content-Type"] = "text/html" },
      body = page:format(status, status),
    }
  end,
  empty = function(status)
    return { status = status, body = "" }
  end,
}

for _, status in ipairs({ 400, 401, 403, 404, 413, 422, 429, 500, 503, 529 }) do
  for kind, make in pairs(BODIES) do
    T[("status %d with a body that is %s"):format(status, kind)] = function()
      local child = case.child()
      local reply = make(status)
      -- If the program retries, it gets the same reply.
      reply["repeat"] = true
      reply.headers = reply.headers or {}
      reply.headers["retry-after-ms"] = 1
      case.standin:script({ reply })
      child:chat("Q\n")
      local before = child:lua("return vim.b.changedtick")
      child:complete()
      local words = { "standin", tostring(status) }
      if kind ~= "empty" then
        table.insert(words, "reason " .. status)
      end
      expect_failed(child, words)
      local message = child:events("ChatvimEnd")[1].message
      eq({ message, message:find("%c") }, { message, nil })
      eq({ child:text(), child:lua("return vim.b.changedtick") }, { "Q", before })
      expect_next_works(child)
    end
  end
end

T["a refused connection"] = function()
  -- A port that was free a moment ago, so nobody listens on it.
  local socket = assert(vim.uv.new_tcp())
  socket:bind("127.0.0.1", 0)
  local port = socket:getsockname().port
  local config = case.config():gsub(":" .. case.standin.port, ":" .. port)
  local child = case.child({ config = config })
  child:chat("Q\n")
  child:complete()
  socket:close()
  expect_failed(child, { "standin", "127.0.0.1" })
  eq(child:text(), "Q")
  child:write_config(case.config())
  expect_next_works(child)
end

T["a host that does not exist"] = function()
  local child = case.child({ config = case.config():gsub("127%.0%.0%.1", "no-such-host.invalid") })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "no-such-host.invalid" })
  eq(child:text(), "Q")
end

T["a TLS handshake with a server that has none"] = function()
  local child = case.child({ config = case.config():gsub("http:", "https:") })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin", "TLS" })
  eq(child:text(), "Q")
end

local function delta(text)
  return { deltas = { text = { text }, count = 1 } }
end

for name, step in pairs({
  ["a close"] = { close = true },
  ["a reset"] = { reset = true },
}) do
  T["a stream cut by " .. name .. " keeps its text and reports it"] = function()
    local child = case.child()
    case.standin:script({ { steps = { delta("some text"), { wait = "go" }, step } } })
    child:chat("Q\n")
    child:command("ChatvimComplete")
    child:wait_text("some text")
    case.standin:release("go")
    child:wait_end()
    expect_failed(child, { "standin", "kept" })
    eq(child:text(), case.answered("Q", "some text"))
    eq(#case.standin:requests(), 1)
    child:feed("GiNext<Esc>")
    expect_next_works(child)
  end
end

T["a stream that ends without a finish reason keeps its text and reports it"] = function()
  local child = case.child()
  case.standin:script({ { steps = { delta("some text") } } })
  child:chat("Q\n")
  child:complete()
  eq(#child:events("ChatvimEnd"), 1)
  eq(child:messages() ~= "", true)
  eq(child:text(), case.answered("Q", "some text"))
end

T["a connection closed before the first byte leaves the chat as it was"] = function()
  local child = case.child()
  case.standin:script({ { framing = "raw", steps = { { close = true } }, ["repeat"] = true } })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin" })
  eq(child:text(), "Q")
  expect_next_works(child)
end

T["an error in the stream before the text"] = function()
  local child = case.child()
  case.standin:script({ { steps = { { event = { error = { message = "overheated" } } } } } })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin", "overheated" })
  eq(child:text(), "Q")
  expect_next_works(child)
end

T["an error in the stream after some text"] = function()
  local child = case.child()
  case.standin:script({
    {
      steps = { delta("some"), { event = { error = { message = "overheated" } } }, delta(" more") },
    },
  })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin", "overheated" })
  eq(child:text(), case.answered("Q", "some"))
  child:feed("GiNext<Esc>")
  expect_next_works(child)
end

for name, steps in pairs({
  ["with a finish reason"] = { { finish = "length" } },
  ["with nothing at all"] = { { head = true } },
  ["with empty texts"] = { { deltas = { text = "", count = 3 } }, { finish = "stop" } },
}) do
  T["an empty answer " .. name .. " is reported as empty"] = function()
    local child = case.child()
    case.standin:script({ { steps = steps } })
    child:chat("Q\n")
    child:complete()
    expect_failed(child, { "standin" })
    if name ~= "with nothing at all" then
      case.expect_part(child:messages(), "empty answer")
    end
    eq(child:text(), "Q")
    expect_next_works(child)
  end
end

T["an answer cut at the token limit keeps its text, is done and reports it"] = function()
  local child = case.child()
  case.standin:script({ { steps = { delta("some"), { finish = "length" } } } })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin", "length", "max_tokens" }, "done")
  eq(child:events("ChatvimEnd")[1].finish_reason, "length")
  eq(child:text(), case.answered("Q", "some"))
end

T["an event that cannot be read is skipped and reported"] = function()
  local child = case.child()
  case.standin:script({
    {
      steps = { delta("some"), { send = "data: {oops}\n\n" }, delta(" more"), { finish = "stop" } },
    },
  })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin", "gap", "{oops}" }, "done")
  eq(child:text(), case.answered("Q", "some more"))
end

T["an answer is done although the server sends heartbeats after its end"] = function()
  local child = case.child()
  local heartbeats = { send = ": ping\n\n", times = 200, gap_ms = 100, piece = 16 }
  case.standin:script({
    { steps = { delta("all of it"), { finish = "stop", done = false }, heartbeats } },
  })
  child:chat("Q\n")
  child:complete()
  eq(child:events("ChatvimEnd")[1].outcome, "done")
  eq(child:text(), case.answered("Q", "all of it"))
end

T["a server that sends no text shows in the progress, and times out"] = function()
  local child = case.child({ config = (case.config():gsub("models =", "text_timeout = 4\n%0")) })
  child:lua("require('chatvim.view.phase').quiet_limit = 1")
  local heartbeats = { send = ": ping\n\n", times = 200, gap_ms = 100, piece = 16 }
  case.standin:script({ { steps = { delta("some"), heartbeats } } })
  child:chat("Q\n")
  child:command("ChatvimComplete")
  wait.until_true("the silence in the progress", function()
    return child:virtual_text():find("writing, nothing for 1 s", 1, true)
  end)
  child:wait_end()
  expect_failed(child, { "standin", "text_timeout", "What came is kept" })
  eq(child:text(), case.answered("Q", "some"))
end

T["a web page in place of a stream is an error and adds no text"] = function()
  local child = case.child()
  case.standin:script({
    { headers = { ["Content-Type"] = "text/html" }, body = "<html><body>Sign in</body></html>" },
  })
  child:chat("Q\n")
  child:complete()
  expect_failed(child, { "standin" })
  eq(child:text(), "Q")
end

T["a vim.notify that is a table, or fails, does not keep an answer from ending"] = function()
  for _, notifier in ipairs({
    "setmetatable({}, { __call = function(_, text) _G.told = text end })",
    "function(text) _G.told = text; error('no') end",
  }) do
    local child = case.child()
    child:lua("vim.notify = " .. notifier)
    case.standin:script({ { status = 401, json = { error = { message = "No key" } } } })
    child:chat("Q")
    eq(child:complete().outcome, "error")
    case.expect_part(child:lua("return _G.told"), "standin 401: No key.")
    case.expect_part(child:virtual_text(), "No key.")
    child:stop()
  end
end

return T
