-- SPDX-License-Identifier: Apache-2.0
-- A long, real chat, answered by its model's provider.
local case = require("helpers.case")
local environment = require("helpers.environment")
local children = require("helpers.child")
local files = require("helpers.system")
local replies = require("helpers.replies")
local standins = require("helpers.standin")
local eq = MiniTest.expect.equality

local T = case.set()

local ANSWER = "1 + 1 is **2**.\n\n```lua\nprint(1 + 1)\n```\n"

--- Returns the messages of the file, found by its delimiters alone.
local function messages_of(text)
  local body = text:match("^%+%+%+\n.-\n%+%+%+\n(.*)$")
  local first, second, third = body:match("^(.-)\n# === ASSISTANT ===\n(.-)\n# === USER ===\n(.*)$")
  local messages = {}
  for index, part in ipairs({ first, second, third }) do
    local content = part:gsub("^[ \t\n]*\n", ""):gsub("%s*$", "")
    messages[index] = { role = index == 2 and "assistant" or "user", content = content }
  end
  return messages
end

T["three messages to grok-3, the answer below, one undo restores the file"] = function()
  local original = files.read(environment.data .. "/seed-chat.md")
  local child = children.start({
    env = { XAI_API_KEY = "sentinel-1" },
    config = ('+++\n[providers.xai]\nbase_url = "http://127.0.0.1:%d/v1"\n+++\n'):format(
      case.standin.port
    ),
  })
  case.standin:script({ replies.answer(ANSWER) })
  child:chat(original, "seed-chat.md")
  local data = child:complete()
  eq({ data.outcome, data.provider, data.model }, { "done", "xai", "grok-3" })

  local request = case.standin:requests()[1]
  eq(request.json.model, "grok-3")
  eq(request.json.stream, true)
  eq(standins.header(request, "authorization"), "Bearer sentinel-1")
  eq(#request.json.messages, 3)
  eq(request.json.messages, messages_of(original))
  eq(#case.standin:requests(), 1)

  child:command("silent write")
  local answered = files.read(child.folder .. "/seed-chat.md")
  -- White space at the end of an answer is not part of it.
  eq(answered, case.answered(original:gsub("\n$", ""), (ANSWER:gsub("\n$", ""))) .. "\n")

  child:command("silent undo | silent write")
  eq(files.read(child.folder .. "/seed-chat.md"), original)
  child:command("silent redo | silent write")
  eq(files.read(child.folder .. "/seed-chat.md"), answered)
  case.expect_calm(child)
end

return T
