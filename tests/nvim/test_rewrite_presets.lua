-- SPDX-License-Identifier: Apache-2.0
-- Presets of :ChatvimRewrite.
local case = require("helpers.case")
local files = require("helpers.system")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = "one\ntwo\nthree\n"

--- Starts a child with a preset of the user.
---@param name? string
---@param text? string
---@return tests.Child
local function edit(name, text)
  local child = reviews.edit(CODE)
  if name then
    local folder = child.home .. "/config/chatvim/presets"
    vim.fn.mkdir(folder, "p")
    files.write(("%s/%s.md"):format(folder, name), text or "")
  end
  return child
end

--- Runs a command and returns the messages that it sends.
---@param child tests.Child
---@param command string
---@return table[]
local function sent(child, command)
  case.standin:script({ replies.silent() })
  child:command(command)
  return case.standin:requests(1)[1].json.messages
end

T["a built-in prompt, with more words"] = function()
  local messages = sent(edit(), "2ChatvimRewrite @simplify Keep the names.")
  equal(#messages, 1)
  local text = "^Simplify this: .* must stay the same%. Keep the names%.\n\nThe lines to rewrite"
  assert(messages[1].content:find(text), messages[1].content)
end

T["the user's preset wins over the built-in prompt, and sets the model"] = function()
  local preset = '+++\nmodel = "m2"\n+++\n\n# === SYSTEM ===\n\nBe brief.\n'
  local child = edit("simplify", preset)
  local messages = sent(child, "2ChatvimRewrite @simplify Keep the names.")
  equal({ messages[1].role, messages[1].content }, { "system", "Be brief." })
  assert(messages[2].content:find("^Keep the names%.\n\nThe lines to rewrite"))
  equal(case.standin:requests(1)[1].json.model, "m2")
end

T["a preset alone needs no instruction"] = function()
  local child = edit("terse", "+++\ntemperature = 0\n+++\n")
  local messages = sent(child, "2ChatvimRewrite @terse")
  assert(messages[1].content:find("^The lines to rewrite"))
end

T["an unknown preset is refused with the names that exist"] = function()
  local child = edit("terse")
  child:command("2ChatvimRewrite @tidy")
  child:wait_message(
    "there is no preset @tidy; there are @complete, @document, @fix, @simplify, @terse"
  )
  equal(#case.standin:requests(), 0)
end

T["completion lists the presets"] = function()
  local child = edit("docs")
  equal(
    child:lua("return vim.fn.getcompletion('2,3ChatvimRewrite @d', 'cmdline')"),
    { "@docs", "@document" }
  )
  equal(child:lua("return vim.fn.getcompletion('ChatvimRewrite @fix @d', 'cmdline')"), {})
end

T["@fix sends the diagnostics of the lines"] = function()
  local child = edit()
  child:lua([[
    vim.diagnostic.set(vim.api.nvim_create_namespace("test"), 0, {
      { lnum = 2, col = 1, message = "third", severity = vim.diagnostic.severity.WARN },
      { lnum = 1, col = 1, message = "second,\nin two lines" },
      { lnum = 0, col = 0, message = "elsewhere" },
    })
  ]])
  local messages = sent(child, "2,3ChatvimRewrite @fix")
  case.expect_part(
    messages[1].content,
    table.concat({
      "What tools report about them:",
      "",
      "- line 2: error: second, in two lines",
      "- line 3: warn: third",
      "",
      "Above them",
    }, "\n")
  )
  child:command("ChatvimRefuse!")
end

return T
