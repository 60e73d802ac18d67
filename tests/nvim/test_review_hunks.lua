-- SPDX-License-Identifier: Apache-2.0
-- The pure part of reviews, with random texts: what is accepted, refused and edited gives the texts
-- that it should, and no line of the user is lost.
local environment = require("helpers.environment")
vim.opt.runtimepath:prepend(environment.root)

local accepted = require("chatvim.review.accepted")
local edits = require("chatvim.review.edits")
local hunks = require("chatvim.review.hunks")
local streams = require("chatvim.review.stream")

local T = MiniTest.new_set()
local equal = MiniTest.expect.equality

local CASES = 20000

--- Returns random lines from a small alphabet, so that equal lines abound.
---@param count integer
---@return string[]
local function random_lines(count)
  local lines = {}
  for index = 1, count do
    lines[index] = string.char(96 + math.random(6))
  end
  return lines
end

--- Returns a text with random replacements in it.
---@param lines string[]
---@param prefix? string of each new line
---@return string[]
local function mutate(lines, prefix)
  local copy = vim.deepcopy(lines)
  for _ = 1, math.random(0, 3) do
    local first = math.random(1, #copy + 1)
    local last = math.min(#copy, first - 1 + math.random(0, 3))
    local new = random_lines(math.random(0, 3))
    if prefix then
      new = vim.tbl_map(function(line)
        return prefix .. math.random(1000000) .. line
      end, new)
    end
    edits.splice(copy, first, last, new)
  end
  return copy
end

--- Accepts changes as a review does: in the text, from bottom to top.
---@param now string[]
---@param placed chatvim.Placed[]
---@return string[]
local function accept(now, placed)
  now = vim.deepcopy(now)
  for index = #placed, 1, -1 do
    local item = placed[index]
    if not item.conflict and not item.settled then
      edits.splice(now, item.first + 1, item.last, item.change.lines)
    end
  end
  return now
end

T["without edits, accepting all gives the proposal"] = function()
  math.randomseed(1)
  for _ = 1, CASES do
    local base = random_lines(math.random(0, 12))
    local new = mutate(base)
    equal(accept(base, hunks.compute(base, new, base)), new)
  end
end

T["a text that is the proposal already has no change and no conflict"] = function()
  math.randomseed(2)
  for _ = 1, CASES do
    local base = random_lines(math.random(0, 12))
    local new = mutate(base)
    for _, item in ipairs(hunks.compute(base, new, new)) do
      equal({ item.settled, item.conflict }, { true, nil })
    end
  end
end

T["accepting all keeps every line that the user has typed"] = function()
  math.randomseed(3)
  local conflicts, clean = 0, 0
  for _ = 1, CASES do
    local base = random_lines(math.random(0, 12))
    local new, now = mutate(base), mutate(base, "user")
    local placed = hunks.compute(base, new, now)
    local result = table.concat(accept(now, placed), "\n") .. "\n"
    for _, line in ipairs(now) do
      assert(#line == 1 or result:find(line .. "\n", 1, true), line)
    end
    for _, item in ipairs(placed) do
      conflicts = conflicts + (item.conflict and 1 or 0)
      clean = clean + (item.conflict and 0 or 1)
    end
  end
  -- Both happen often, or the test says little.
  assert(conflicts > CASES / 4 and clean > CASES / 4)
end

T["a change that touches no edit is placed on its lines"] = function()
  math.randomseed(4)
  for _ = 1, CASES do
    local base = random_lines(math.random(0, 12))
    local new, now = mutate(base), mutate(base, "user")
    for _, item in ipairs(hunks.compute(base, new, now)) do
      if not item.conflict and not item.settled then
        local old = hunks.slice(base, item.change.first, item.change.last)
        equal(hunks.slice(now, item.first, item.last), old)
      end
    end
  end
end

T["a line with NUL bytes is one line"] = function()
  local base, new = { "a\nb", "c" }, { "a\nb", "d\n" }
  equal(hunks.changes(base, new), { { first = 1, last = 2, lines = { "d\n" } } })
end

T["edits that are followed one by one describe the text"] = function()
  math.randomseed(5)
  for _ = 1, CASES / 10 do
    local base = random_lines(math.random(1, 12))
    local now, list = vim.deepcopy(base), {}
    for _ = 1, 10 do
      local first = math.random(0, #now)
      local last = math.random(first, math.min(#now, first + 3))
      local new = random_lines(math.random(0, 3))
      edits.splice(now, first + 1, last, new)
      edits.record(list, base, first, last, first + #new, function(from, to)
        return hunks.slice(now, from, to)
      end)
      local changes = vim.tbl_map(function(edit)
        local lines = hunks.slice(now, edit.now_first, edit.now_last)
        return { first = edit.first, last = edit.last, lines = lines }
      end, list)
      equal(hunks.apply(base, changes, 0, #base), now)
      equal(edits.count(list, base), #now)
    end
  end
end

T["a proposal that arrives line by line gives the same text as at once"] = function()
  math.randomseed(6)
  for _ = 1, CASES / 20 do
    local base = random_lines(math.random(0, 60))
    local new = mutate(mutate(base))
    local stream, changes = streams.new(), {}
    for count = 0, #new do
      local lines = vim.list_slice(new, 1, count)
      local settled, tail = streams.update(stream, base, lines, false)
      vim.list_extend(changes, settled or {})
      local last = 0
      for _, change in ipairs(vim.list_extend(vim.list_slice(changes), tail)) do
        assert(change.first >= last, "changes overlap")
        last = change.last
      end
    end
    local rest = streams.update(stream, base, new, true)
    vim.list_extend(changes, rest or {})
    equal(hunks.apply(base, changes, 0, #base), new)
    for index = 2, #changes do
      assert(changes[index].first > changes[index - 1].last, "changes touch")
    end
  end
end

T["lines that have not arrived yet are not deleted"] = function()
  local base, new = {}, {}
  for index = 1, 300 do
    base[index] = index % 3 == 0 and "end" or "line " .. index
    new[index] = index % 50 == 0 and "new " .. index or base[index]
  end
  local stream, deleted = streams.new(), 0
  for count = 0, #new do
    local settled, tail = streams.update(stream, base, vim.list_slice(new, 1, count), false)
    for _, change in ipairs(vim.list_extend(settled or {}, tail)) do
      deleted = math.max(deleted, change.last - change.first - #change.lines)
    end
  end
  equal(deleted, 0)
end

T["another text of thousands of lines"] = function()
  local base, new = {}, {}
  for index = 1, 5000 do
    base[index], new[index] = "base " .. index, "new " .. index
  end
  table.insert(new, base[5000])
  local stream, changes = streams.new(), {}
  for count = 0, #new, 50 do
    local settled, tail = streams.update(stream, base, vim.list_slice(new, 1, count), false)
    vim.list_extend(changes, settled or {})
    assert(#tail == 0 or tail[#tail].growing)
  end
  vim.list_extend(changes, (streams.update(stream, base, new, true)))
  equal(changes, { { first = 0, last = 4999, lines = vim.list_slice(new, 1, 5000) } })
end

--- A review without a buffer, as far as `accepted` needs one.
local function fake_review(base, changes)
  return {
    base = base,
    changes = changes,
    tail = {},
    edits = {},
    accepted = {},
    stream = streams.new(),
  }
end

T["accepting some changes and then the others gives the proposal"] = function()
  math.randomseed(7)
  for _ = 1, CASES / 10 do
    local base = random_lines(math.random(0, 20))
    local new = mutate(mutate(base))
    local review = fake_review(base, hunks.changes(base, new))
    while #review.changes > 0 do
      local placed = hunks.place(review.base, review.changes, {}, error)
      for _, item in ipairs(placed) do
        item.made_by = math.random(2) == 1 and {} or nil
      end
      accepted.absorb(review, placed)
    end
    equal(review.base, new)
  end
end

--- Returns a text with some of the changes, and with edits of the user.
local function made_by_hand(base, changes)
  local now = vim.deepcopy(base)
  for index = #changes, 1, -1 do
    local change = changes[index]
    if math.random(3) > 1 then
      edits.splice(now, change.first + 1, change.last, change.lines)
    end
  end
  return math.random(2) == 1 and mutate(now) or now
end

T["edits that equal changes are edits no more, and the others describe the text"] = function()
  math.randomseed(8)
  local absorbed, tails = 0, 0
  for _ = 1, CASES do
    local base = random_lines(math.random(0, 20))
    local review = fake_review(base, hunks.changes(base, mutate(mutate(base))))
    local now = made_by_hand(base, review.changes)
    review.edits = hunks.edits(base, now)
    -- The last changes still arrive.
    while #review.changes > 0 and math.random(2) == 1 do
      table.insert(review.tail, 1, table.remove(review.changes))
      review.tail[1].tail = true
    end
    tails = tails + #review.tail
    local all = vim.list_extend(vim.list_slice(review.changes), review.tail)
    local placed = hunks.place(base, all, review.edits, function(first, last)
      return hunks.slice(now, first, last)
    end)
    absorbed = absorbed + accepted.absorb(review, placed)
    local left = vim.tbl_map(function(edit)
      local lines = hunks.slice(now, edit.now_first, edit.now_last)
      return { first = edit.first, last = edit.last, lines = lines }
    end, review.edits)
    equal(hunks.apply(review.base, left, 0, #review.base), now)
  end
  -- Both happen often, or the test says little.
  assert(absorbed > CASES / 4 and tails > CASES / 4, ("%d, %d"):format(absorbed, tails))
end

return T
