-- SPDX-License-Identifier: Apache-2.0
-- Characters stay whole however the bytes are cut (B26).
local case = require("helpers.case")
local files = require("helpers.system")
local eq = MiniTest.expect.equality

local T = case.set()

local TEXT =
  "αβγ — 日本語 🎉👩‍👩‍👧 é\nnaïve … “quotes” 🏳️‍🌈"

for name, env in pairs({
  ["in the user's locale"] = {},
  ["with LANG=C"] = { LANG = "C", LC_ALL = "C", LC_CTYPE = "C" },
}) do
  T["cut inside every character, byte by byte, " .. name] = function()
    local child = case.child({ env = env })
    case.standin:script({
      {
        steps = {
          { event = { choices = { { index = 0, delta = { content = TEXT } } } }, piece = 1 },
          { finish = "stop" },
        },
      },
    })
    child:chat("Frage: äöü 日本 🎉\n")
    child:complete()
    eq(child:text(), case.answered("Frage: äöü 日本 🎉", TEXT))
    local request = case.standin:requests()[1]
    -- If the body were not UTF-8, it would be in body_b64.
    eq(request.json.messages, { { role = "user", content = "Frage: äöü 日本 🎉" } })
    child:command("silent write")
    eq(
      files.read(child.folder .. "/chat.md"),
      case.answered("Frage: äöü 日本 🎉", TEXT) .. "\n"
    )
  end
end

T["escapes, and the halves of a surrogate pair in two deltas"] = function()
  local child = case.child()
  local function delta(json_text)
    return {
      send = ('data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n'):format(json_text),
    }
  end
  case.standin:script({
    {
      steps = {
        delta([[a\u00e9\ud83c\udf89]]),
        delta([[b\ud83c]]),
        delta([[\udf89c]]),
        { finish = "stop" },
      },
    },
  })
  child:chat("Q\n")
  child:complete()
  eq(child:text(), case.answered("Q", "aé🎉b🎉c"))
end

T["bytes of a stream that are not UTF-8 are replaced, everything else is kept"] = function()
  local child = case.child()
  local event = 'data: {"choices":[{"index":0,"delta":{"content":"a\255b 日本"}}]}\n\n'
  case.standin:script({
    { steps = { { send_b64 = vim.base64.encode(event) }, { finish = "stop" } } },
  })
  child:chat("Q\n")
  child:complete()
  eq(child:text(), case.answered("Q", "a\239\191\189b 日本"))
end

return T
