-- SPDX-License-Identifier: Apache-2.0
-- Answers of :ChatvimRewrite that repeat lines from above or below the lines to rewrite.
local case = require("helpers.case")
local replies = require("helpers.replies")
local reviews = require("helpers.reviews")
local wait = require("helpers.wait")

local T = case.set()
local equal = MiniTest.expect.equality

local CODE = [[
local M = {}

  function M.sum(list)
    local sum = 0
    sum = sum + list[1]
    return sum
  end

return M
]]

--- Rewrites lines of a file and returns the child.
---@param first integer from 1
---@param last integer
---@param script table[]
---@param text? string
---@return tests.Child
local function rewrite(first, last, script, text)
  local child = reviews.edit(text or CODE)
  case.standin:script(script)
  child:command(("%d,%dChatvimRewrite Do it."):format(first, last))
  return child
end

--- Expects that an answer rewrites lines to others.
---@param first integer
---@param last integer
---@param block string[]
---@param lines string[]
---@param text? string
local function expect(first, last, block, lines, text)
  local answer = "```lua\n" .. table.concat(block, "\n") .. "\n```"
  local child = rewrite(first, last, { replies.answer(answer) }, text)
  reviews.wait_complete(child)
  local count = #child:lines()
  child:command("ChatvimAccept!")
  local now = child:lines()
  local rest = count - last
  equal(vim.list_slice(now, first, #now - rest), lines)
  child:stop()
end

local NEW = { "    local sum = 1", "    return sum" }

T["the head of a function and its end are left out"] = function()
  expect(4, 6, { "  function M.sum(list)", NEW[1], NEW[2], "  end" }, NEW)
  expect(4, 6, { "", "  function M.sum(list)", NEW[1], NEW[2], "  end", "" }, NEW)
  expect(4, 6, { "  function M.sum(list)", NEW[1], NEW[2] }, NEW)
  expect(4, 6, { "local M = {}", "", "  function M.sum(list)", NEW[1], NEW[2], "  end" }, NEW)
end

T["the indentation of what is left out is that of the rest"] = function()
  local block = { "function M.sum(list)", "  local sum = 1", "  return sum", "end", "", "return M" }
  expect(4, 6, vim.list_slice(block, 1, 4), NEW)
  -- In the file the last line has less indentation, so it cannot be that one, and all is new.
  expect(4, 6, block, {
    "    function M.sum(list)",
    "      local sum = 1",
    "      return sum",
    "    end",
    "",
    "    return M",
  })
end

T["a block that ends its head itself keeps it if the lines below do not end the block"] = function()
  local code = "a();\ntry {\n  b();\n} catch (e) {\n}\n"
  local block = { "try {", "  b();", "} catch (e) {", "  log(e);", "}" }
  local new = { "  try {", "    b();", "  } catch (e) {", "    log(e);", "  }" }
  expect(3, 3, block, new, code)
  expect(3, 3, vim.list_extend({ "a();" }, block), new, code)
  local more = vim.list_extend({ unpack(new) }, { "", "  c();" })
  expect(3, 3, vim.list_extend({ unpack(block) }, { "", "c();" }), more, code)
  -- Without an end of its own it goes on below the head that the file has.
  local open = { "try {", "  c();", "} catch (e) {", "  log(e);" }
  expect(3, 3, open, { "  c();", "} catch (e) {", "  log(e);" }, code)
  local cases = { "  when 1", "    b()", "  when 2", "    c()" }
  expect(3, 3, cases, vim.list_slice(cases, 2), "case x\n  when 1\n    a()\n  when 3\nend\n")
end

T["four different lines above are left out, fewer only if one encloses the lines"] = function()
  local code = "a()\nb()\nc()\nd()\nf()\n"
  expect(5, 5, { "a()", "b()", "c()", "d()", "g()" }, { "g()" }, code)
  local again = { "b()", "c()", "d()", "f()" }
  expect(5, 5, again, again, code)
  expect(6, 6, { "    sum = sum + list[1]", "    return 1" }, {
    "    sum = sum + list[1]",
    "    return 1",
  })
  local items = { "<li>item</li>", "<li>item</li>", "<li>item</li>", "<li>item</li>" }
  expect(5, 5, items, items, ("<li>item</li>\n"):rep(4) .. "\n")
end

T["lines that the lines to rewrite have too are kept"] = function()
  local code = "if a then\n  if a then\n    x()\n  end\nend\n"
  expect(2, 4, { "if a then", "  y()", "end" }, { "  if a then", "    y()", "  end" }, code)
end

T["lines below alone are kept"] = function()
  expect(4, 6, { "    if a then", "      b()", "    end" }, {
    "    if a then",
    "      b()",
    "    end",
  })
  expect(4, 6, { "if a then", "  b()", "end" }, { "    if a then", "      b()", "    end" })
end

T["lines that are not next to the lines to rewrite, or all of the answer, are kept"] = function()
  expect(4, 6, { "local M = {}", "", "x()" }, { "    local M = {}", "", "    x()" })
  expect(4, 6, { "  function M.sum(list)" }, { "    function M.sum(list)" })
end

T["as many lines above as were sent may be repeated"] = function()
  local code = { "local function long()" }
  for index = 1, 150 do
    table.insert(code, ("  step(%d)"):format(index))
  end
  vim.list_extend(code, { "  return 1", "end" })
  local block = vim.list_slice(code)
  block[152] = "  return 2"
  expect(152, 152, block, { "  return 2" }, table.concat(code, "\n") .. "\n")
end

T["a blank line does not hide that the next lines are repeated"] = function()
  local code = "def a():\n    return 1\n\n\ndef b():\n    return 2\n"
  local block = vim.split(code:gsub("def b", "def c():\n    return 3\n\n\ndef b"), "\n")
  table.remove(block)
  local new = { "", "", "def c():", "    return 3", "" }
  expect(3, 3, block, new, code)
  table.remove(new, 1)
  expect(4, 4, block, vim.list_extend(new, { "" }), code)
end

T["lines that wrap the others, which stay as they are, are kept"] = function()
  local code = "<div>\n  <section>\n    <p>x</p>\n  </section>\n</div>\n"
  local block = vim.split(code, "\n", { trimempty = true })
  local wrapped = { "  <div>", "    <section>", "      <p>x</p>", "    </section>", "  </div>" }
  expect(2, 4, block, wrapped, code)
  expect(2, 4, { block[1], "<section>", "  <p>x</p>", "</section>", block[5] }, {
    "  <div>",
    "  <section>",
    "    <p>x</p>",
    "  </section>",
    "  </div>",
  }, code)
  block[3] = "    <p>y</p>"
  expect(2, 4, block, vim.list_slice(block, 2, 4), code)
end

T["a comment or decorator above the lines is left out if their first line follows"] = function()
  for _, note in ipairs({ '@app.route("/")', "// Says hello.", "-- Says hello.", "#[test]" }) do
    local code = note .. "\ndef index():\n    return 1\n"
    local new = { "def index(name):", "    return 2" }
    expect(2, 3, { note, unpack(new) }, new, code)
    local other = { note, "@cached", unpack(new) }
    expect(2, 3, other, other, code)
  end
end

T["a head may lack indentation alone"] = function()
  local code = "func f() {\n    for {\n        a()\n        c()\n    }\n}\n"
  local new = { "        b()", "        d()" }
  expect(3, 4, { "for {", new[1], new[2], "    }" }, new, code)
  expect(3, 4, { "for {", "    b()", "    d()", "}" }, new, code)
  expect(3, 4, { "func f() {", "    for {", new[1], new[2], "    }", "}" }, new, code)
end

T["hundreds of equal lines above take no time"] = function()
  local code = ("}\n"):rep(400) .. "x\n"
  local block = vim.split(("}\n"):rep(300) .. "y", "\n")
  expect(401, 401, block, block, code)
end

T["what may still be left out is not shown"] = function()
  local child = rewrite(4, 6, {
    replies.gated({
      "```lua\n  func",
      "tion M.sum(list)\n    local",
      " sum = 1\n  en",
      "d\n    more()\n  end\n",
      "```",
    }),
  })
  local function wait_for_lines(lines)
    wait.until_true(vim.inspect(lines), function()
      local drawn = reviews.drawn(child)
      return drawn.new[1] and vim.deep_equal(drawn.new[1].lines, lines)
    end)
  end
  case.standin:release("g1", true)
  case.standin:release("g2", true)
  wait_for_lines({ "    local sum = 1" })
  case.standin:release("g3", true)
  wait_for_lines({ "    local sum = 1", "  end", "    more()" })
  case.standin:release("g4", true)
  case.standin:release("end", true)
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(
    vim.list_slice(child:lines(), 4, 7),
    { "    local sum = 1", "  end", "    more()", "  end" }
  )
end

T["the end is left out too if the user deletes the head in the chat"] = function()
  local child = rewrite(4, 6, {
    replies.gated({ "```lua\n  function M.sum(list)\n    return 1\n    --", " x\n  end\n```" }),
  })
  wait.until_true("the first line", function()
    return #(reviews.changes(child) or {}) > 0
  end)
  child:command("ChatvimToggle")
  child:command("$ | ?function M.sum?delete")
  case.standin:release("g1", true)
  case.standin:release("end", true)
  child:wait_end()
  child:command("wincmd p")
  reviews.wait_complete(child)
  child:command("ChatvimAccept!")
  equal(vim.list_slice(child:lines(), 3, 7), {
    "  function M.sum(list)",
    "    return 1",
    "    -- x",
    "  end",
    "",
  })
end

return T
