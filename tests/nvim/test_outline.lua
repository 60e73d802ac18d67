-- SPDX-License-Identifier: Apache-2.0
-- The outline of messages stays right after every edit, at a cost independent of the chat's length
-- (B16).
local case = require("helpers.case")
local editing = require("helpers.editing")
local files = require("helpers.system")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local BUILT_IN = {
  user = "# === USER ===",
  assistant = "# === ASSISTANT ===",
  system = "# === SYSTEM ===",
}
local OPEN, CLOSE = "<details><summary>Reasoning</summary>", "</details>"

local function bare(line)
  return (line:gsub("[ \t]+$", ""))
end

--- Returns the number of lines of the front matter.
local function front_of(lines)
  local marker = bare(lines[1])
  for index = 2, (marker == "+++" or marker == "---") and #lines or 0 do
    if bare(lines[index]) == marker then
      return index
    end
  end
  return 0
end

--- Returns the first and last row, from 0, of an assistant message's reasoning.
local function reasoning_of(lines, message)
  local open
  for row = message.first, message.role == "assistant" and message.last or -1 do
    local line = bare(lines[row + 1])
    if not open and line ~= "" then
      if line ~= OPEN then
        return
      end
      open = row
    elseif open and line == CLOSE then
      return { first = open, last = row }
    end
  end
end

--- Returns the expected outline of lines, read from the start in the simple way.
local function expected(lines, delimiters)
  local roles = {}
  for role, delimiter in pairs(delimiters) do
    roles[delimiter] = role
  end
  local front = front_of(lines)
  local messages = { { role = "user", first = front } }
  for index = front + 1, #lines do
    local role = roles[bare(lines[index])]
    if role then
      messages[#messages].last = index - 2
      table.insert(messages, { role = role, delimiter = index - 1, first = index })
    end
  end
  messages[#messages].last = #lines - 1
  if messages[1].last < messages[1].first then
    table.remove(messages, 1)
  end
  local rows = {}
  for index, message in ipairs(messages) do
    message.reasoning = reasoning_of(lines, message)
    for row = message.delimiter or message.first, message.last do
      rows[tostring(row)] = index
    end
  end
  return { front = front, messages = messages, rows = rows }
end

--- Reads the outline row by row, forwards or backwards.
local OUTLINE = [[
  local outline = require("chatvim.chat.outline")
  local count, step = vim.api.nvim_buf_line_count(0), ...
  local result = { front = outline.front(0), messages = outline.messages(0), rows = {} }
  for index, message in ipairs(result.messages) do
    message.reasoning = outline.reasoning(0, message.delimiter or message.first)
  end
  for number = 0, count - 1 do
    local row = step > 0 and number or count - 1 - number
    local message, index = outline.at(0, row)
    result.rows[tostring(row)] = index
    if message then
      local other = vim.deepcopy(result.messages[index])
      other.reasoning = nil
      assert(vim.deep_equal(message, other), vim.inspect({ row, message, other }))
    end
  end
  if not next(result.rows) then
    result.rows = vim.empty_dict()
  end
  return result
]]

local function expect_outline(child, where, delimiters)
  local lines = child:lines()
  local wanted = expected(lines, delimiters or BUILT_IN)
  local found = child:lua(OUTLINE, #lines % 2 == 0 and 1 or -1)
  if not vim.deep_equal(found, wanted) then
    eq({ where, lines, found }, { where, lines, wanted })
  end
end

local PARTS = {
  "# === USER ===",
  "# === ASSISTANT ===",
  "# === SYSTEM ===  ",
  OPEN,
  OPEN .. "\t",
  CLOSE,
  CLOSE .. " ",
  "+++",
  "--- ",
  "",
  " ",
  "prose",
  "prose ",
  "\\# === USER ===",
  " # === USER ===",
}

--- Makes a random edit with keys, commands or the API.
local function edit(child, random)
  local count = #child:lines()
  local row = random(1, count)
  local part = PARTS[random(1, #PARTS)]
  local kinds = {
    function()
      local lines = {}
      for index = 1, random(0, 4) do
        lines[index] = PARTS[random(1, #PARTS)]
      end
      child:api(
        "nvim_buf_set_lines",
        0,
        row - 1,
        math.min(row - 1 + random(0, 4), count),
        true,
        lines
      )
    end,
    function()
      child:feed(("%dGo%s<Esc>"):format(row, part:gsub("<", "<lt>")))
    end,
    function()
      child:feed(("%dG%ddd"):format(row, random(1, 3)))
    end,
    function()
      child:feed(("%dG%dyy%dGp"):format(row, random(1, 5), random(1, count)))
    end,
    function()
      child:feed(("%dGJ"):format(row))
    end,
    function()
      child:feed(("%dGA x<Esc>"):format(row))
    end,
    function()
      child:feed(("%dG$x"):format(row))
    end,
    function()
      child:command(("silent! %dmove %d"):format(row, random(0, count)))
    end,
    function()
      child:command(("silent! %dcopy %d"):format(row, random(0, count)))
    end,
    function()
      child:command([[silent! %s/^prose$/one\rtwo/e]])
    end,
    function()
      child:command("silent! g/^one/delete _")
    end,
    function()
      child:command(("silent! %d,%dsort"):format(row, math.min(row + 3, count)))
    end,
    function()
      child:feed(random(1, 2) == 1 and "u" or "2u")
    end,
    function()
      child:feed("<C-r>")
    end,
    function()
      child:feed("1GO" .. (random(1, 2) == 1 and "+++" or "---") .. "<Esc>")
    end,
    function()
      child:feed("1Gdd")
    end,
    function()
      local column = random(0, #child:lines()[row])
      child:api("nvim_buf_set_text", 0, row - 1, column, row - 1, column, { "", part, "" })
    end,
  }
  local kind = random(1, #kinds)
  kinds[kind]()
  return kind
end

T["after any edits it equals a fresh reading"] = function()
  for seed = 1, 4 do
    local random = editing.random(seed * 7919)
    local child = case.child()
    local text = {}
    for index = 1, 30 do
      text[index] = PARTS[random(1, #PARTS)]
    end
    child:chat(table.concat(text, "\n"))
    expect_outline(child, "at first")
    for number = 1, 150 do
      local kind = edit(child, random)
      expect_outline(child, ("seed %d, edit %d, kind %d"):format(seed, number, kind))
    end
    eq(child:api("nvim_get_vvar", "errmsg"), "")
    child:stop()
  end
end

T["the front matter begins and ends where the program finds it"] = function()
  local child = case.child()
  for text, front in pairs({
    ["+++\n# === USER ===\n+++\nQ"] = 3,
    ["--- \na: 1\n---\t\n\nQ"] = 3,
    ["---\n\nA thematic break, and nothing that closes it\n# === USER ===\nQ"] = 0,
    ["\n+++\n+++\nQ"] = 0,
    ["+++\n---\nQ\n+++"] = 4,
  }) do
    child:chat(text, "front.md")
    eq({ text, child:lua("return require('chatvim.chat.outline').front(0)") }, { text, front })
    child:command("bwipeout!")
  end
end

T["after a reload, :edit and an unload it is read again"] = function()
  local child = case.child()
  child:chat("# === USER ===\n\none\n\n# === ASSISTANT ===\n\ntwo")
  expect_outline(child, "at first")
  files.write(child.folder .. "/chat.md", "other\n\n# === SYSTEM ===\n\n" .. OPEN .. "\n" .. CLOSE)
  child:command("edit!")
  expect_outline(child, ":edit!")
  child:feed("Gonew<Esc>")
  expect_outline(child, "an edit after it")
  child:command("set autoread hidden | silent write | set noautoread autoread")
  files.write(
    child.folder .. "/chat.md",
    "# === USER ===\na\n# === USER ===\nbbbb\n# === USER ===\nc"
  )
  child:command("checktime")
  wait.until_true("the reload", function()
    return child:text():find("bbbb")
  end)
  expect_outline(child, "'autoread'")
  child:feed("ggdd")
  expect_outline(child, "an edit after that")
  child:command("enew | bunload! chat.md | buffer chat.md")
  expect_outline(child, "unloaded and loaded")
end

local OWN =
  '+++\nmodel = "m1"\nuserDelimiter = "## me"\nassistantDelimiter = "## it"\n+++\n## me\n\nQ'

local function wait_delimiters(child, user)
  wait.until_true("the delimiter " .. user, function()
    return child:lua("return require('chatvim.chat.outline').delimiters(0).user") == user
  end)
end

T["a document's own delimiters and its model are known once it is open"] = function()
  local child = case.child()
  child:chat(OWN)
  wait_delimiters(child, "## me")
  eq(child:lua("return require('chatvim.chat.outline').model(0)"), "standin/m1")
  local own = { user = "## me", assistant = "## it", system = "# === SYSTEM ===" }
  expect_outline(child, "as opened", own)
  -- When the file is written, they are requested again.
  child:command([[%s/## me/## I/ | %s/"m1"/"m2"/ | silent write]])
  wait_delimiters(child, "## I")
  own.user = "## I"
  expect_outline(child, "as written", own)
  eq(child:lua("return require('chatvim.chat.outline').model(0)"), "standin/m2")
end

T["they are requested again after an answer and after :ChatvimModel"] = function()
  local child = case.child()
  case.standin:script({ replies.answer("A") })
  child:chat(OWN)
  wait_delimiters(child, "## me")
  child:command([[silent %s/## me/## I/]])
  child:complete()
  wait_delimiters(child, "## I")
  child:command("ChatvimModel m3")
  wait.until_true("the model", function()
    return child:lua("return require('chatvim.chat.outline').model(0)") == "standin/m3"
  end)
  case.expect_part(child:text(), 'model = "m3"')
end

T["without the program, the built-in delimiters and those of the option count"] = function()
  local child = case.child({
    options = { program = "/nowhere/chatvim", settings = { userDelimiter = "## opt" } },
  })
  child:chat("## opt\n\nQ\n\n# === ASSISTANT ===\n\nA")
  child:sync()
  local own = vim.tbl_extend("force", BUILT_IN, { user = "## opt" })
  expect_outline(child, "no program", own)
  eq(child:lua("return require('chatvim.chat.outline').model(0)"), vim.NIL)
  child:command("silent write")
  child:sync()
  expect_outline(child, "written", own)
end

T["text is escaped so that the program reads it back"] = function()
  local child = case.child()
  local lines =
    { "# === USER === ", "\\\\# === SYSTEM ===", "# === USER", " # === USER ===", "---" }
  local function escaped()
    return child:lua("return require('chatvim.chat.escape').lines(0, ...)", lines)
  end
  child:chat("# === USER ===\n\nQ")
  local plain =
    { "\\# === USER === ", "\\\\\\# === SYSTEM ===", "# === USER", " # === USER ===", "---" }
  eq(escaped(), plain)
  -- Unescaped, it would close the first line and turn the text into front matter.
  child:chat("---\n\nQ", "marker.md")
  plain[5] = "\\---"
  eq(escaped(), plain)
end

T["a changed line is read to its end if white space follows a delimiter"] = function()
  local child = case.child()
  child:chat("# === USER ===\n\nQ")
  eq(child:lua("return #require('chatvim.chat.outline').messages(0)"), 1)
  local delimiter = "# === USER ===" .. (" "):rep(10000)
  child:api("nvim_buf_set_lines", 0, 2, 3, true, { delimiter })
  expect_outline(child, "a delimiter")
  child:api("nvim_buf_set_lines", 0, 2, 3, true, { delimiter .. "x" })
  expect_outline(child, "none")
end

--- Counts the lines that are read from now on.
local COUNT = [[
  _G.read = 0
  local get_lines = vim.api.nvim_buf_get_lines
  vim.api.nvim_buf_get_lines = function(...)
    local lines = get_lines(...)
    _G.read = _G.read + #lines
    return lines
  end
  local get_text = vim.api.nvim_buf_get_text
  vim.api.nvim_buf_get_text = function(...)
    local lines = get_text(...)
    _G.read = _G.read + #lines
    return lines
  end
]]

T["an edit of a long chat reads the lines that it changed, and no others"] = function()
  local child = case.child()
  child:lua(COUNT)
  local turn = "# === USER ===\n\nQ\n\n# === ASSISTANT ===\n\nA\n\n"
  child:chat(turn:rep(2500))
  eq(child:lua("return #require('chatvim.chat.outline').messages(0)"), 5000)
  child:sync()
  for keys, most in pairs({ ["Gox<Esc>"] = 8, ["10Gox<Esc>"] = 8, ["9000GA x<Esc>"] = 8, u = 8 }) do
    child:lua("_G.read = 0")
    child:feed(keys)
    child:lua("return require('chatvim.chat.outline').at(0, 15000)")
    local read = child:lua("return _G.read")
    eq({ keys, read, read <= most }, { keys, read, true })
  end
  eq(child:lua("return #require('chatvim.chat.outline').messages(0)"), 5000)
end

return T
