-- SPDX-License-Identifier: Apache-2.0
-- Random edits of the user while a proposal arrives, or another one does, and changes of it are
-- accepted at random: no line of the user is lost, and nothing else than the accepted changes is
-- edited.
local case = require("helpers.case")
local reviews = require("helpers.reviews")

local T = case.set()

local RUNS, STEPS = 12, 160

--- Runs in the child: steps that edit, and checks after each of them.
local CODE = [[
  local api = vim.api
  local hunks = require("chatvim.review.hunks")
  local reviews = require("chatvim.review")
  local follow = require("chatvim.review.follow")
  local M = { count = 0, accepted = 0, conflicts = 0 }

  local function lines()
    return api.nvim_buf_get_lines(0, 0, -1, true)
  end

  local function command(...)
    -- Nothing to undo, a line that cannot be joined or moved: no matter.
    pcall(api.nvim_command, (...):format(select(2, ...)))
  end

  local function row()
    return math.random(api.nvim_buf_line_count(0))
  end

  local function word()
    M.count = M.count + 1
    return "user" .. M.count .. "."
  end

  local user = {
    function() command("%dput ='%s'", row(), word()) end,
    function() command("%dput! ='%s'", row(), word()) end,
    function() command("%dsubstitute/$/ %s/", row(), word()) end,
    function() command("%dsubstitute/^.*$/%s/", row(), word()) end,
    function() command("%ddelete", row()) end,
    function() command("%dmove %d", row(), row()) end,
    function() command("%djoin", row()) end,
    function() command("%dcopy %d", row(), row()) end,
    function() command("undo") end,
    function() command("undo") end,
    function() command("redo") end,
    function()
      local first = row()
      command("%d,%ddelete", first, math.min(first + 4, api.nvim_buf_line_count(0)))
    end,
    function()
      -- As a formatter does.
      local all = lines()
      all[math.random(#all)] = word()
      api.nvim_buf_set_lines(0, 0, -1, true, all)
    end,
    function()
      -- What the model proposes too, perhaps before all of it has arrived.
      local review = reviews.of(0)
      local item = review and not review.pending and review.placed[math.random(#review.placed + 1)]
      if item and not item.conflict then
        local first, last = review.start + item.first, review.start + item.last
        api.nvim_buf_set_lines(0, first, last, true, item.change.lines)
      end
    end,
  }

  --- Fails unless the review describes the text.
  local function check()
    local review = reviews.of(0)
    if not review then
      return
    end
    local now = follow.read(review, 0, follow.stop(review) - review.start)
    local edits = vim.tbl_map(function(edit)
      local new = hunks.slice(now, edit.now_first, edit.now_last)
      return { first = edit.first, last = edit.last, lines = new }
    end, review.edits)
    local described = hunks.apply(review.base, edits, 0, #review.base)
    assert(hunks.equal(described, now), "the edits do not describe the text")
    local before = -1
    for _, change in ipairs(review.changes) do
      assert(change.first > before and change.last <= #review.base, "changes touch")
      before = change.last
    end
    for index = 2, #review.placed do
      local above, below = review.placed[index - 1].change, review.placed[index].change
      assert(below.first >= above.last, "changes overlap")
    end
    for index = 2, #review.edits do
      assert(review.edits[index].first > review.edits[index - 1].last, "edits touch")
    end
  end

  --- Accepts all or one change and compares the text with what it should be.
  function M.accept()
    local review = reviews.of(0)
    vim.wait(5000, function()
      return not review.pending
    end, 1)
    if review.over then
      return
    end
    local all = review.complete and math.random(3) == 1
    local expected, list = lines(), {}
    for _, item in ipairs(review.placed) do
      M.conflicts = M.conflicts + (item.conflict and 1 or 0)
      list[#list + 1] = not item.conflict and not item.change.tail and item or nil
    end
    if #list == 0 then
      return
    end
    list = all and list or { list[math.random(#list)] }
    for index = #list, 1, -1 do
      local item = list[index]
      local from = review.start + item.first
      local old = table.concat(follow.read(review, item.first, item.last), "\n")
      assert(not old:find("user", 1, true), "it overwrites what the user has typed")
      expected = hunks.apply(expected, {
        { first = from, last = review.start + item.last, lines = item.change.lines },
      }, 0, #expected)
    end
    local item = list[1]
    local at = review.start + item.first
    if not all then
      -- Two insertions may be next to one line.
      local found = require("chatvim.review.choose").at(review, item.first)
      if found ~= item then
        return
      end
    end
    reviews.accept(api.nvim_get_current_buf(), all, at, at + 1)
    M.accepted = M.accepted + #list
    assert(hunks.equal(lines(), #expected > 0 and expected or { "" }), "accepted something else")
    check()
  end

  function M.edit(most)
    user[math.random(most or #user)]()
    check()
  end

  return M
]]

--- Returns a text to change.
---@return string[] base
local function random_text()
  local base = {}
  for index = 1, math.random(4, 40) do
    base[index] = math.random(4) == 1 and "same" or "base" .. index
  end
  return base
end

--- Returns a proposal for a text.
---@param base string[]
---@return string[]
local function random_proposal(base)
  local new = {}
  for index = 1, #base do
    local what = math.random(6)
    if what == 1 then
      new[#new + 1] = "new" .. index
    elseif what == 2 then
      vim.list_extend(new, { "new" .. index, base[index] })
    elseif what > 3 then
      new[#new + 1] = base[index]
    end
  end
  return new
end

---@param seed integer
---@return integer accepted
---@return integer conflicts
local function run(seed)
  math.randomseed(seed)
  local base = random_text()
  local new = random_proposal(base)
  local text = vim.list_extend({ "top1", "top2" }, base)
  vim.list_extend(text, { "bottom1", "bottom2" })
  local child = reviews.edit(table.concat(text, "\n") .. "\n")
  child:lua("math.randomseed(...)", seed)
  child:lua("_G.random = (function() " .. CODE .. " end)()")
  reviews.open(child, 2, 2 + #base)
  local sent = 0
  for _ = 1, STEPS do
    if not reviews.changes(child) then
      break
    end
    local what = math.random(4)
    if math.random(16) == 1 then
      -- As another answer in the chat.
      new, sent = random_proposal(base), 0
      child:lua("require('chatvim.review').restart(_G.review)")
    elseif what == 1 and sent < #new then
      sent = math.min(#new, sent + math.random(6))
      reviews.update(child, vim.list_slice(new, 1, sent), sent == #new)
    elseif what == 2 then
      child:lua("_G.random.accept()")
    else
      child:lua("_G.random.edit()")
    end
  end
  child:sync()
  MiniTest.expect.equality(child:messages():find("error", 1, true), nil)
  local counts = child:lua("return { _G.random.accepted, _G.random.conflicts }")
  child:stop()
  return counts[1], counts[2]
end

T["random edits while a proposal arrives"] = function()
  local accepted, conflicts = 0, 0
  for seed = 1, RUNS do
    local ok, more, other = pcall(run, seed)
    if not ok then
      error(("seed %d: %s"):format(seed, more), 0)
    end
    accepted, conflicts = accepted + more, conflicts + other
  end
  -- Both happen often, or the test says little.
  assert(accepted > RUNS and conflicts > RUNS, ("%d, %d"):format(accepted, conflicts))
end

T["random edits while the model writes"] = function()
  math.randomseed(1)
  local base, new = {}, { "```\n" }
  for index = 1, 300 do
    base[index] = "base" .. index
    table.insert(new, (index % 3 == 0 and "new" or "base") .. index .. "\n")
  end
  table.insert(new, "```\n")
  local child = reviews.edit("top\n" .. table.concat(base, "\n") .. "\nbottom\n")
  child:lua("_G.random = (function() " .. CODE .. " end)()")
  local deltas = { text = new, count = #new, per_second = 300 }
  case.standin:script({ { steps = { { deltas = deltas }, { finish = "stop" } } } })
  child:command("2,301ChatvimRewrite Change it.")
  local during = 0
  while #child:events("ChatvimEnd") == 0 do
    -- No edits of the whole text, which may end the review.
    child:lua("_G.random.edit(7)")
    child:lua("return require('chatvim.review').of(0) and _G.random.accept()")
    during = during + 1
  end
  child:sync()
  assert(during > 10, "the answer came too fast")
  local accepted = child:lua("return _G.random.accepted")
  assert(accepted > 5, ("accepted %d times in %d rounds"):format(accepted, during))
  MiniTest.expect.equality(child:messages():find("error", 1, true), nil)
end

return T
