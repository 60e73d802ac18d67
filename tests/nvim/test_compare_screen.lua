-- SPDX-License-Identifier: Apache-2.0
-- What the user sees while several models answer side by side.
local case = require("helpers.case")
local compare = require("helpers.compare")
local files = require("helpers.system")
local screens = require("helpers.screens")
local wait = require("helpers.wait")

local T = case.set()

local CHAT = "# === USER ===\n\nName a colour, and say why.\n"

--- Starts a child with a screen, whose chat is asked of two models.
local function start()
  -- Without NVIM_TEST, Neovim 0.12 warns about a terminal that does not report its background.
  local child = case.child({ screen = true, env = { NVIM_TEST = "1" }, options = { folds = true } })
  -- The label of a tab page has the path of the chat, which is another in each run.
  child:command("set showtabline=0 noruler")
  files.write(child.folder .. "/chat.md", CHAT)
  child:command("edit chat.md | normal! G$")
  local buf = child:api("nvim_get_current_buf")
  compare.ask(child, {
    m1 = "Blue.\n\nIt is the colour of the sky, which everybody sees.",
    m2 = "Green, because most plants are green.",
  })
  return child, buf
end

local function wait_shown(child, buf, part)
  wait.until_true(part .. " beside the text", function()
    return child:virtual_text(buf):find(part, 1, true)
  end)
end

T["two models side by side"] = function()
  local child = start()
  compare.release("m2")
  child:wait_end()
  wait_shown(child, compare.buffer(child, "m1"), "writing")
  screens.expect(child, "side-by-side")
end

T["the answer of one model, with the other's folded"] = function()
  local child, buf = start()
  child:command("tabnext | normal! G")
  compare.release("m1", "m2")
  compare.wait_folded(child, buf, "m2")
  child:command("messages clear | tabonly")
  screens.expect(child, "other-folded")
end

return T
