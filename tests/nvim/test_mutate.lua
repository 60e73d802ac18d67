-- SPDX-License-Identifier: Apache-2.0
-- The whole text of a chat is edited at random moments of its answers (B3, B4). The answer's text
-- must be in its place, or the user must be informed and the journal must have all of it. About 60
-- edits here; CHATVIM_EDITS in `make soak`.
local case = require("helpers.case")
local editing = require("helpers.editing")
local faults = require("helpers.faults")
local files = require("helpers.system")
local journals = require("helpers.journals")
local mutations = require("helpers.mutations")
local replies = require("helpers.replies")
local wait = require("helpers.wait")

local T = case.set()

local EDITS = tonumber(vim.env.CHATVIM_EDITS) or 60
local LONG = vim.env.CHATVIM_EDITS ~= nil
local PIECES = 10

--- One answer with edits between its pieces.
---@class tests.Round
---@field child tests.Child
---@field random fun(low: integer, high: integer): integer
---@field number integer
---@field question string
---@field pieces string[]
---@field edits string[] what was done
---@field rough boolean words may be missing or in another order
---@field undone boolean
---@field excused table<string, true> words that the user has deleted
local Round = {}
Round.__index = Round

--- Returns the words of a text, without white space and punctuation.
local function words(text)
  local list = {}
  for word in text:gmatch("%w+") do
    list[#list + 1] = word
  end
  return list
end

local function set_of(list)
  local set = {}
  for _, item in ipairs(list) do
    set[item] = true
  end
  return set
end

--- Writes an answer of prose, lists and code in which each word is unique, and cuts it into pieces
--- at random.
function Round:_write()
  local text, count = {}, 0
  for _ = 1, PIECES * 3 do
    count = count + 1
    local before = ({ " ", " ", " ", "\n", "\n\n", "\n* ", ", ", "  \n", "(" })[self.random(1, 9)]
    text[count] = before .. ("r%dw%d"):format(self.number, count)
  end
  text = vim.trim(table.concat(text))
  local cuts, pieces, from = {}, {}, 1
  for index = 1, PIECES - 1 do
    cuts[index] = self.random(2, #text - 1)
  end
  table.sort(cuts)
  for _, cut in ipairs(cuts) do
    if cut >= from then
      table.insert(pieces, text:sub(from, cut))
      from = cut + 1
    end
  end
  table.insert(pieces, text:sub(from))
  self.pieces = pieces
  self.text = text
end

function Round:start()
  self:_write()
  local earlier = self.random(0, 1) == 1
      and case.answered("# === USER ===\n\nBefore " .. self.number, "* an old\n* answer")
    or "---\nmodel: m1\n---\n\n# === USER ===\n\n"
  self.question = earlier .. ("Question %d\n\n* and its end"):format(self.number)
  self.child:chat(self.question, ("chat%d.md"):format(self.number))
  self.buf = self.child:api("nvim_get_current_buf")
  local reply = replies.gated(self.pieces)
  table.insert(reply.steps, 1, { wait = "start" })
  case.standin:script({ reply })
  self.child:command("ChatvimComplete")
  case.standin:wait("waiting=start")
end

function Round:ended()
  for _, data in ipairs(self.child:events("ChatvimEnd")) do
    if data.buf == self.buf then
      return data
    end
  end
end

--- Makes one random edit, and notes the words that it removes.
function Round:edit(number)
  local list = self.random(1, 6) == 1 and mutations.rough or mutations.gentle
  local mutation = list[self.random(1, #list)]
  table.insert(self.edits, mutation.name)
  local before = words(self.child:text())
  mutation.run(self.child, number)
  if list == mutations.rough then
    self.rough = true
    self.undone = self.undone or mutation.undoes or false
    local now = set_of(words(self.child:text()))
    for _, word in ipairs(before) do
      if not now[word] then
        self.excused[word] = true
      end
    end
  end
end

--- Lets the answer arrive, with edits in between.
---@param most integer
---@return integer count
function Round:run(most)
  local count, seen = 0, ""
  for index = 0, #self.pieces do
    while count < most and self.random(1, 3) == 1 do
      count = count + 1
      self:edit(count)
      self.edits[#self.edits] = index .. " " .. self.edits[#self.edits]
    end
    self.child:sync()
    if self:ended() then
      break
    end
    case.standin:release(index == 0 and "start" or index < #self.pieces and "g" .. index or "end")
    if index < #self.pieces then
      local piece = self.pieces[index + 1]
      seen = seen .. piece
      -- White space is held back until more text follows.
      local last = piece:find("%w") and words(seen)[#words(seen)]
      wait.until_true(("%s, or the end"):format(last), function()
        return not last or self:ended() or set_of(words(self.child:text()))[last]
      end)
    end
  end
  self.data = wait.until_true("the end of the answer", function()
    return self:ended()
  end)
  self.seen = seen
  -- After this answer the program has handled all earlier messages.
  self.child:lua("return require('chatvim').messages()")
  return count
end

--- Expects all text in its place, or all of it somewhere and a message to the user.
function Round:check()
  local text = self.child:text()
  if not self.rough then
    local expected = case.answered(self.question, self.text)
    local now = table.concat(words((text:gsub("<%d+>\n?", ""))), " ")
    MiniTest.expect.equality(self.data.outcome, "done")
    MiniTest.expect.equality(now, table.concat(words(expected), " "))
    return
  end
  if self.data.outcome == "stopped" then
    case.expect_part(self.data.message or self.child:messages(), "the answer was stopped")
    if self.undone then
      return
    end
  end
  local there = set_of(words(text))
  for _, path in ipairs(journals.all(self.child)) do
    for _, word in ipairs(words(files.read(path))) do
      there[word] = true
    end
  end
  local complete = self.data.outcome == "done" and self.text or self.seen
  local all = words(complete)
  for index, word in ipairs(all) do
    -- The last word may be incomplete.
    if not there[word] and not self.excused[word] and index < #all then
      local kept = table.concat(vim.tbl_map(files.read, journals.all(self.child)), "\n")
      error(("lost: %s of %q\n%s\n%s"):format(word, complete, vim.inspect(self.data), kept))
    end
  end
end

T["formatters, filters, sorts, undo, sessions and others at random moments"] = function()
  local seed = faults.seed("mutate", LONG)
  local random = editing.random(seed)
  local child = case.child()
  local edits, rounds, stopped = 0, 0, 0
  while edits < EDITS do
    rounds = rounds + 1
    local round = setmetatable(
      { child = child, random = random, number = rounds, edits = {}, rough = false, excused = {} },
      Round
    )
    local ok, err = pcall(function()
      round:start()
      edits = edits + round:run(8)
      round:check()
    end)
    if not ok then
      local done = table.concat(round.edits, ", ")
        .. ("\n%s\n%s\n"):format(vim.inspect(round.pieces), child:text())
      error(("SOAK_SEED=%d, answer %d after %s: %s"):format(seed, rounds, done, tostring(err)), 0)
    end
    stopped = stopped + (round.data.outcome == "stopped" and 1 or 0)
    child:command("silent! %bwipeout! | messages clear")
    child:lua("_G.seen.ChatvimEnd, _G.seen.ChatvimStart = {}, {}")
    for _, path in ipairs(journals.all(child)) do
      vim.fn.delete(path)
    end
    case.standin:reset()
  end
  local told = "mutate: %d edits in %d answers, %d of them stopped, nothing lost\n"
  io.stdout:write(told:format(edits, rounds, stopped))
end

return T
