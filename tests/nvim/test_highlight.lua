-- SPDX-License-Identifier: Apache-2.0
-- Delimiters in the colours of their roles or as rules, and reasoning; only on visible lines.
local case = require("helpers.case")
local replies = require("helpers.replies")
local views = require("helpers.views")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local OPEN, CLOSE = "<details><summary>Reasoning</summary>", "</details>"

--- Opens a window at the bottom with one line in each group of `colours`, for comparison.
local SAMPLES = [[
  local groups = { "ChatvimUser", "ChatvimAssistant", "ChatvimSystem", "ChatvimReasoning" }
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buf, 0, -1, true, groups)
  local namespace = vim.api.nvim_create_namespace("samples")
  for index, group in ipairs(groups) do
    vim.api.nvim_set_hl(0, group, { fg = ("#%02d0000"):format(index), ctermfg = index })
    local mark = { end_row = index, hl_group = group }
    vim.api.nvim_buf_set_extmark(buf, namespace, index - 1, 0, mark)
  end
  local win = vim.api.nvim_open_win(buf, false, { split = "below", win = 0, height = 4 })
  vim.wo[win].winfixheight = true
]]

--- Starts a child with a screen, with a distinct colour for each group and without those of
--- markdown.
local function start(options)
  local child = case.child(vim.tbl_extend("force", { screen = true }, options or {}))
  child:command("syntax off | set laststatus=0")
  child:command("autocmd FileType markdown lua vim.schedule(vim.treesitter.stop)")
  child:lua(SAMPLES)
  return child
end

--- Returns the colour of each screen line in a column: 1 user, 2 assistant, 3 system, 4 reasoning,
--- 0 none of these.
local function colours(child, rows, column)
  child:sync()
  views.screen(child)
  return child:lua(
    [[
    local rows, column = ...
    local samples, found = {}, {}
    for index = 1, 4 do
      samples[vim.fn.screenattr(vim.o.lines - vim.o.cmdheight - 4 + index, 1)] = index
    end
    for row = 1, rows do
      found[row] = samples[vim.fn.screenattr(row, column)] or 0
    end
    return found
  ]],
    rows,
    column or 1
  )
end

T["delimiters have the colours of their roles, on the whole line"] = function()
  local child = start()
  local no_delimiters = "\n\\# === USER ===\n # === USER ==="
  child:chat("# === SYSTEM ===\nS\n# === USER === \nU\n# === ASSISTANT ===\nA" .. no_delimiters)
  eq(colours(child, 8), { 3, 0, 1, 0, 2, 0, 0, 0 })
  eq(colours(child, 8, 10), { 3, 0, 1, 0, 2, 0, 0, 0 })
  -- Also while they are typed and deleted.
  child:feed("2GO# === USER ===<Esc>1Gdd")
  eq(colours(child, 8), { 1, 0, 1, 0, 2, 0, 0, 0 })
end

T["a document's own delimiters have them too, its front matter does not"] = function()
  local child = start()
  child:chat(
    '+++\nmodel = "m1"\nuserDelimiter = "## me"\n# === ASSISTANT ===\n+++\n## me\n# === USER ==='
  )
  wait.until_true("the colours", function()
    return vim.deep_equal(colours(child, 7), { 0, 0, 0, 0, 0, 1, 0 })
  end)
  child:command([[silent %s/## me/## I/ | silent write]])
  wait.until_true("the new colours", function()
    return vim.deep_equal(colours(child, 7), { 0, 0, 0, 0, 0, 1, 0 })
  end)
end

T["a markdown file that is not a chat has none"] = function()
  local child = start()
  child:chat("# === USER\nU", "notes.md")
  eq(child:lua("return package.loaded['chatvim.view.highlight'] == nil"), true)
  child:feed("1GS# === USER ===<Esc>")
  eq(colours(child, 2), { 0, 0 })
  child:command("silent write")
  eq(colours(child, 2), { 1, 0 })
end

T["reasoning has its group, even if it begins above the screen"] = function()
  local child = start()
  local block = OPEN .. "\n" .. ("a thought\n"):rep(50) .. CLOSE
  child:chat("Q\n# === ASSISTANT ===\n\n" .. block .. "\n\nA\n" .. OPEN .. "\n" .. CLOSE)
  child:feed("gg")
  eq(colours(child, 6), { 0, 2, 0, 4, 4, 4 })
  child:feed("40Gzt")
  eq(colours(child, 3), { 4, 4, 4 })
  child:feed("54Gzt")
  -- Its last lines, then the answer. A block in another place is text.
  eq(colours(child, 6), { 4, 4, 0, 0, 0, 0 })
  -- A block that is not closed is text.
  child:feed("55GS.<Esc>57Gdd40Gzt")
  eq(colours(child, 3), { 4, 4, 4 })
  child:feed("Gdd40Gzt")
  eq(colours(child, 3), { 0, 0, 0 })
end

T["in two windows, and after :colorscheme and :edit"] = function()
  local child = start()
  child:chat("# === USER ===\nU\n# === ASSISTANT ===\nA")
  child:command("split")
  local lower = child:lua("return vim.fn.win_screenpos(vim.fn.winnr() + 1)[1]")
  local both = colours(child, lower + 2)
  eq({ both[1], both[3] }, { 1, 2 })
  eq({ both[lower], both[lower + 2] }, { 1, 2 })
  child:command("close | edit!")
  eq(colours(child, 4), { 1, 0, 2, 0 })
  child:command("highlight clear | colorscheme default")
  local link = "return vim.api.nvim_get_hl(0, { name = ... }).link"
  eq(child:lua(link, "ChatvimAssistant"), "Identifier")
  eq(child:lua(link, "ChatvimReasoning"), "Comment")
end

--- Returns a rule as it is drawn.
local function rule(name, width)
  local text = "── " .. name .. " "
  return text .. ("─"):rep(width - vim.fn.strdisplaywidth(text))
end

local RULES = { options = { rules = true } }

T["rules: role and model, across the window; the text is unchanged"] = function()
  local child = start(RULES)
  local text = '+++\nmodel = "m1"\n+++\n# === USER ===\nU\n# === ASSISTANT === \nA'
  child:chat(text)
  wait.until_true("the model", function()
    return views.screen(child)[6] == rule("assistant · standin/m1", 80)
  end)
  local screen = views.screen(child)
  eq({ screen[4], vim.trim(screen[5]) }, { rule("user", 80), "U" })
  eq(colours(child, 7, 40), { 0, 0, 0, 1, 0, 2, 0 })
  eq(child:text(), text)
  eq(child:lua("return vim.bo.modified"), false)
  -- With numbers and signs it is as wide as the rest of the window.
  child:command("setlocal number signcolumn=yes")
  eq(views.screen(child)[4], "    4 " .. rule("user", 74))
  child:command("vsplit | vertical resize 30")
  eq(vim.fn.strcharpart(views.screen(child)[4], 0, 30), "    4 " .. rule("user", 24))
  -- Horizontal scrolling does not move it.
  child:command("close | setlocal nonumber signcolumn=no nowrap")
  child:feed("5G200AX<Esc>zH")
  views.screen(child)
  eq(child:lua("return vim.fn.winsaveview().leftcol") > 0, true)
  eq(views.screen(child)[4], rule("user", 80))
end

T["rules: a window too narrow for the model or the delimiter"] = function()
  local child = start(RULES)
  child:chat('+++\nmodel = "m1"\n+++\n# === ASSISTANT ===\nA\n')
  child:command("vsplit | vertical resize 24")
  wait.until_true("the role alone", function()
    return vim.fn.strcharpart(views.screen(child)[4], 0, 24) == rule("assistant", 24)
  end)
  child:command("vertical resize 12 | setlocal nolinebreak")
  local screen = views.screen(child)
  eq(vim.fn.strcharpart(screen[4], 0, 12), "# === ASSIST")
  eq(vim.fn.strcharpart(screen[5], 0, 8), "ANT === ")
  eq(colours(child, 5)[4], 2)
end

T["rules: a closed fold shows its own text, in each window separately"] = function()
  local child = start({ options = { rules = true, folds = true } })
  child:chat("# === USER ===\nU\n# === ASSISTANT ===\nA\n# === USER ===\nV")
  child:command("split")
  child:feed("3Gzc")
  local lower = child:lua("return vim.fn.win_screenpos(vim.fn.winnr() + 1)[1]")
  local with_model = rule("assistant · standin/m1", 80)
  wait.until_true("the model that the program names", function()
    return views.screen(child)[lower + 2] == with_model
  end)
  local before = views.all(child)
  local screen = views.screen(child)
  eq({ screen[1], screen[4] }, { rule("user", 80), rule("user", 80) })
  case.expect_part(screen[3], "assistant · A … 2 lines")
  child:command("wincmd j")
  screen = views.screen(child)
  case.expect_part(screen[3], "assistant · A … 2 lines")
  eq(screen[lower + 2], with_model)
  eq(views.all(child), before)
end

T["rules: turned on when the chat is already open, and off again"] = function()
  local child = start()
  child:chat("# === USER ===\nU\n")
  child:sync()
  eq(vim.trim(views.screen(child)[1]), "# === USER ===")
  child:lua("require('chatvim').setup({ rules = true, folds = true })")
  eq(views.screen(child)[1], rule("user", 80))
  eq(child:lua("return vim.wo.foldmethod"), "expr")
  child:type("ggA")
  wait.until_true("the text while it is typed on", function()
    return vim.startswith(views.screen_as_it_is(child)[1], "# === USER === ")
  end)
  child:type("<Esc>")
  child:lua("require('chatvim').setup({})")
  eq(vim.trim(views.screen(child)[1]), "# === USER ===")
end

T["rules: text typed on the line is visible"] = function()
  local child = start(RULES)
  child:chat("# === USER ===\nU\n")
  eq(views.screen(child)[1], rule("user", 80))
  child:type("ggA")
  wait.until_true("the text while it is typed on", function()
    return vim.startswith(views.screen_as_it_is(child)[1], "# === USER === ")
  end)
  child:type("x")
  wait.until_true("the text that is no delimiter", function()
    return vim.startswith(views.screen_as_it_is(child)[1], "# === USER ===x ")
  end)
  child:type("<BS><Esc>")
  wait.until_true("the rule again", function()
    return views.screen_as_it_is(child)[1] == rule("user", 80)
  end)
end

T["delimiters are coloured as they arrive with an answer"] = function()
  local child = start()
  case.standin:script({ replies.gated({ "one", "\ntwo" }) })
  child:chat("Q")
  child:command("ChatvimComplete")
  child:wait_text("one")
  eq(colours(child, 5), { 0, 0, 2, 0, 0 })
  case.standin:release("g1")
  case.standin:release("end")
  child:wait_end()
  -- The usage is shown below the last line.
  eq(colours(child, 9), { 0, 0, 2, 0, 0, 0, 0, 0, 1 })
end

return T
