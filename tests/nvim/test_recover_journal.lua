-- SPDX-License-Identifier: Apache-2.0
-- How long a journal stays, and journals that cannot be used (B3).
local case = require("helpers.case")
local files = require("helpers.system")
local journals = require("helpers.journals")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

for name, leave in pairs({
  [":q!"] = "quit!",
  [":qa!"] = "qall!",
  ["a wiped buffer"] = "enew | silent! bwipeout! chat.md",
  ["an unloaded buffer"] = "enew | silent! bunload! chat.md",
}) do
  T["the journal stays after " .. name] = function()
    local child = case.child()
    child:chat("Q")
    journals.start(child)
    vim.rpcnotify(child.channel, "nvim_command", leave)
    if leave:find("quit") or leave:find("qall") then
      vim.fn.jobwait({ child.job }, 5000)
    else
      child:wait_end()
    end
    local second = child:another()
    second:command("edit chat.md")
    -- The program of the first Neovim may still run for a moment.
    wait.until_true("the offer", function()
      if second:messages():find("an answer of 7 characters was cut off", 1, true) then
        return true
      end
      second:command("silent edit")
    end)
    second:command("ChatvimRecover")
    second:wait_text("one two")
    eq(second:text(), case.answered("Q", "one two"))
  end
end

T["the journal stays until the answer is in the file, however it ended"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  for _, gate in ipairs({ "g1", "g2", "end" }) do
    case.standin:release(gate)
  end
  eq(child:wait_end().outcome, "done")
  eq(#journals.all(child), 1)
  child:command("silent write")
  journals.wait_none(child)

  child:feed("GiR<Esc>")
  journals.start(child, "three")
  child:command("ChatvimStop")
  eq(child:wait_end(2).outcome, "stopped")
  eq(#journals.all(child), 1)
  -- Written to another file, the answer is still not in the chat's own.
  child:command("silent write elsewhere.md")
  child:sync()
  eq(#journals.all(child), 1)
  child:command("silent write")
  journals.wait_none(child)

  child:feed("GiS<Esc>")
  case.standin:script({
    {
      steps = {
        { deltas = { text = { "four" }, count = 1 } },
        { wait = "break" },
        { reset = true },
      },
    },
  })
  child:command("ChatvimComplete")
  child:wait_text("four")
  journals.wait(child, "four")
  case.standin:release("break")
  eq(child:wait_end(3).outcome, "error")
  eq(#journals.all(child), 1)
  child:command("silent write")
  journals.wait_none(child)
  child:command("messages clear | ChatvimRecover")
  child:wait_message("nothing to recover")
end

T["autosave and :wq leave no journal"] = function()
  local child = case.child({ options = { autosave = true } })
  child:chat("Q")
  case.standin:script({ replies.answer("one two") })
  child:complete()
  journals.wait_none(child)
  child:stop()
  local second = case.child()
  second:chat("Q")
  case.standin:script({ replies.answer("one two") })
  second:complete()
  eq(#journals.all(second), 1)
  vim.rpcnotify(second.channel, "nvim_command", "silent wq")
  vim.fn.jobwait({ second.job }, 5000)
  eq(#journals.all(second), 0)
end

T["the journal is removed after undo, and stays after a reload of the buffer"] = function()
  local child = case.child()
  child:chat("Q")
  case.standin:script({ replies.gated({ "one", " two", "" }) })
  child:command("ChatvimComplete")
  child:wait_text("one")
  journals.wait(child, "one")
  child:command("silent undo")
  case.standin:release("g1")
  eq(child:wait_end().outcome, "stopped")
  journals.wait_none(child)

  journals.start(child)
  child:command("silent edit!")
  eq(child:wait_end(2).outcome, "stopped")
  child:wait_message(":ChatvimRecover puts back what had come")
  eq(child:text(), "Q")
  child:command("ChatvimRecover")
  child:wait_text("one two")
  eq(child:text(), case.answered("Q", "one two"))
end

T["an undone recovery that is written leaves the journal"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  child:kill()
  local second = child:another()
  second:command("edit chat.md | ChatvimRecover")
  second:wait_text("one two")
  second:command("silent undo")
  second:command("call setline(1, 'Q!') | silent undo | silent write!")
  second:command("silent edit!")
  second:command("messages clear | ChatvimRecover")
  second:wait_text("one two")
end

T["a request that fails leaves the journal of an answer from before"] = function()
  local child = case.child()
  child:chat("Q")
  journals.start(child)
  child:kill()
  local second = child:another()
  second:command("edit chat.md")
  case.standin:script({ replies.silent() })
  second:command("ChatvimComplete")
  case.standin:wait("wait=1")
  second:command("ChatvimStop")
  second:wait_end()
  second:command("ChatvimRecover")
  second:wait_text("one two")
end

T["a symbolic link is the same chat; a journal that is a link is refused"] = function()
  local child = case.child()
  child:chat("Q", "real.md")
  assert(vim.uv.fs_symlink(child.folder .. "/real.md", child.folder .. "/link.md"))
  child:command("edit link.md")
  local path = journals.start(child)
  child:kill()
  local second = child:another()
  second:command("edit real.md")
  second:wait_message("was cut off")
  second:stop()

  local secret = child.folder .. "/secret"
  assert(vim.uv.fs_rename(path, secret))
  assert(vim.uv.fs_symlink(secret, path))
  local third = child:another()
  third:command("edit link.md | ChatvimRecover")
  third:wait_message("it is a symbolic link")
  case.standin:script({ replies.answer("yes") })
  eq(third:complete().outcome, "done")
  eq(files.read(secret):find("one two", 1, true) ~= nil, true)
end

T["a journal that cannot be written is reported once, without harm"] = function()
  local child = case.child()
  vim.fn.mkdir(child.home .. "/state/nvim", "p")
  files.write(child.home .. "/state/nvim/chatvim", "a file in the folder's place")
  child:chat("Q")
  for index = 1, 2 do
    case.standin:script({ replies.gated({ "one", "" }) })
    child:command("ChatvimComplete")
    child:wait_text("one")
    child:wait_message("cannot be written")
    case.standin:release("g1")
    case.standin:release("end")
    eq(child:wait_end(index).outcome, "done")
    child:feed("GiNext<Esc>")
  end
  local _, count = child:messages():gsub("cannot be written", "")
  eq(count, 1)
  child:command("messages clear | ChatvimRecover")
  child:wait_message("nothing to recover")
end

T["a broken journal is reported in one sentence"] = function()
  local child = case.child()
  child:chat("Q")
  local path = child:lua("return require('chatvim.chat.recover').path(0)")
  vim.fn.mkdir(vim.fs.dirname(path), "p")
  for _, bytes in ipairs({ "", "garbage", '{"chatvim":"journal","version":1,"offered":0}\n' }) do
    files.write(path, bytes)
    child:command("messages clear | ChatvimRecover")
    child:wait_message("cannot be read")
    child:command("silent edit")
    journals.expect_no_offer(child)
  end
  eq(child:text(), "Q")
end

return T
