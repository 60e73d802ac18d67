-- SPDX-License-Identifier: Apache-2.0
-- Characters stay whole however the bytes are cut (B26).
local case = require("helpers.case")
local files = require("helpers.child")
local replies = require("helpers.replies")
local eq = MiniTest.expect.equality

local T = case.set()

local TEXT =
  "αβγ — 日本語 🎉👩‍👩‍👧 é\nnaïve … “quotes” 🏳️‍🌈"

for name, env in pairs({
  ["in the person's locale"] = {},
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
    -- A body that is not UTF-8 would be in body_b64.
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

T["bytes of a file that are not UTF-8 do not get into the request"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  files.write(child.folder .. "/bytes.md", "before \255\254 after \237\160\128 end\n")
  child:command("edit ++enc=utf-8 ++bad=keep bytes.md")
  local before = child:text()
  local data = child:complete()
  local requests = case.standin:requests()
  if data.outcome == "done" then
    local content = requests[1].json.messages[1].content
    eq(vim.fn.strtrans(content):find("<%x%x>"), nil)
    eq(content:match("^before"), "before")
    eq(content:match("end$"), "end")
    eq(child:text(), case.answered(before, "A"))
  else
    -- Refused: then with the place, and nothing was sent or changed.
    eq(#requests, 0)
    eq(child:text(), before)
    case.expect_part(data.message, "UTF-8")
  end
end

T["bytes of a stream that are not UTF-8 are replaced, and all else is kept"] = function()
  local child = case.child()
  local event = 'data: {"choices":[{"index":0,"delta":{"content":"a\255b 日本"}}]}\n\n'
  case.standin:script({
    { steps = { { send_b64 = vim.base64.encode(event) }, { finish = "stop" } } },
  })
  child:chat("Q\n")
  child:complete()
  eq(child:text(), case.answered("Q", "a\239\191\189b 日本"))
end

T["a NUL in a line is sent as the file has it"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  files.write(child.folder .. "/nul.md", "a\0b\n")
  child:command("silent edit nul.md")
  child:complete()
  local request = case.standin:requests()[1]
  -- The raw body: decoded, the text could not be handed to Vim's functions.
  case.expect_part(request.body, [["content":"a\u0000b"]])
  child:command("silent write")
  eq(files.read(child.folder .. "/nul.md"):sub(1, 4), "a\0b\n")
end

return T
